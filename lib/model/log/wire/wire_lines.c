/*
 * SPDX-License-Identifier: MIT
 * Events to lines. See wire_lines.h.
 */
#include "wire_lines.h"

#include "model/base/number.h"
#include "model/log/ctxt/ctxt_clean.h"

enum { UNREAD_MAX = 1 << 20 }; /* scopes whose STARTs were not read: more is nonsense */

/* ---- stacks ---------------------------------------------------------------------------------- */

static struct wk_array *stack_of(struct wk_lines *lines, uint32_t track)
{
    while (track >= lines->stacks.count) {
        if (wk_array_reserve(&lines->stacks, lines->allocator, lines->stacks.count + 1, sizeof(struct wk_array)) < 0) {
            lines->failed = true;
            return NULL;
        }
        ((struct wk_array *)lines->stacks.items)[lines->stacks.count++] = (struct wk_array){0};
    }
    return (struct wk_array *)lines->stacks.items + track;
}

static void push(struct wk_lines *lines, uint32_t track, struct wk_lines_scope scope)
{
    struct wk_array *stack = stack_of(lines, track);
    if (!stack || wk_array_reserve(stack, lines->allocator, stack->count + 1, sizeof scope) < 0) {
        lines->failed = true;
        return;
    }
    ((struct wk_lines_scope *)stack->items)[stack->count++] = scope;
}

/* The site of the innermost open scope, whose location stands in lines about it. */
static uint32_t innermost(struct wk_lines *lines, uint32_t track)
{
    const struct wk_array *stack = stack_of(lines, track);
    uint32_t site = stack && stack->count ? ((struct wk_lines_scope *)stack->items)[stack->count - 1].site : 0;
    return site == WICK_NONE ? 0 : site;
}

uint32_t wk_lines_find(const struct wk_lines *lines, uint32_t track, int64_t start_ns)
{
    const struct wk_array *stack = (const struct wk_array *)lines->stacks.items + track;
    for (uint32_t i = track < lines->stacks.count ? stack->count : 0; i-- > 0;) {
        const struct wk_lines_scope *scope = (const struct wk_lines_scope *)stack->items + i;
        if (scope->start_ns == start_ns && scope->site != WICK_NONE) {
            return scope->site;
        }
    }
    return 0;
}

bool wk_lines_ends_unread(struct wk_lines *lines, uint32_t track)
{
    const struct wk_array *stack = stack_of(lines, track);
    return stack && stack->count && ((struct wk_lines_scope *)stack->items)[stack->count - 1].start_ns == WK_LINES_UNREAD;
}

bool wk_lines_meet(struct wk_lines *lines, uint32_t track, uint32_t depth, int64_t time_ns, struct wk_array *to)
{
    static const char text[] = "killed";
    struct wk_wire_event end = {.record = {.kind = WICK_RECORD_ENDER, .unfinished = WICK_UNFINISHED_KILLED, .time_ns = time_ns,
                                           .track = track, .u.cpu_ns = -1, .text = text, .text_bytes = sizeof text - 1}};
    const struct wk_array *stack = stack_of(lines, track);
    if (!stack || depth > stack->count + UNREAD_MAX) {
        return false;
    }
    while (stack->count > depth) {
        if (!wk_lines_ends_unread(lines, track)) {
            wk_lines_render(lines, &end, to);
        }
        wk_lines_advance(lines, &end.record);
    }
    while (stack->count < depth && !lines->failed) {
        push(lines, track, (struct wk_lines_scope){WK_LINES_UNREAD, WICK_NONE});
    }
    return true;
}

void wk_lines_advance(struct wk_lines *lines, const struct wick_record *event)
{
    bool line = event->kind == WK_KIND_LINE;
    struct wk_array *stack;
    if (line ? event->unfinished == WK_WIRE_LINE_PUSH : event->kind == WICK_RECORD_START) {
        push(lines, event->track, (struct wk_lines_scope){event->time_ns, line ? WICK_NONE : event->site});
    } else if (line ? event->unfinished == WK_WIRE_LINE_POP : event->kind <= WICK_RECORD_ENDER) {
        stack = stack_of(lines, event->track);
        if (stack && stack->count) {
            stack->count--;
        }
    } else if (line ? event->unfinished == WK_WIRE_LINE_CLEAR : event->kind == WICK_RECORD_CLEAR) {
        stack = stack_of(lines, event->track);
        if (stack) {
            stack->count = 0;
        }
    }
}

void wk_lines_fini(struct wk_lines *lines)
{
    for (uint32_t i = 0; i < lines->stacks.count; i++) {
        wk_array_free((struct wk_array *)lines->stacks.items + i, lines->allocator, sizeof(struct wk_lines_scope));
    }
    wk_array_free(&lines->stacks, lines->allocator, sizeof(struct wk_array));
}

/* ---- pieces ---------------------------------------------------------------------------------- */

static void put(struct wk_lines *lines, struct wk_array *to, const char *text, size_t bytes)
{
    lines->failed = wk_array_append(to, lines->allocator, text, bytes) < 0 || lines->failed;
}

static void put_string(struct wk_lines *lines, struct wk_array *to, const char *text)
{
    put(lines, to, text, wk_mem_length(text));
}

static void put_unsigned(struct wk_lines *lines, struct wk_array *to, uint64_t value)
{
    char digits[20];
    put(lines, to, digits, (size_t)(wk_number_put_unsigned(digits, value) - digits));
}

static void put_time(struct wk_lines *lines, struct wk_array *to, int64_t time_ns)
{
    char text[10] = ".";
    int64_t fraction = time_ns % 1000000000;
    put_unsigned(lines, to, (uint64_t)(time_ns / 1000000000));
    for (int i = 9; i > 0; i--, fraction /= 10) {
        text[i] = (char)('0' + fraction % 10);
    }
    put(lines, to, text, lines->decimals ? 1 + lines->decimals : 0);
}

/* The text of an event: whatever it is, it ends with its line. */
static void put_text(struct wk_lines *lines, struct wk_array *to, const struct wick_record *r)
{
    uint32_t from = to->count;
    const char *reference = NULL;
    if (lines->jumbo && r->text_bytes > WK_LINES_TEXT_MAX) {
        reference = lines->jumbo(lines->jumbo_user, r->text, r->text_bytes);
        if (reference) {
            char short_text[2 * WK_CTXT_KEPT_BYTES + 1];
            put(lines, to, short_text, (uint32_t)(wk_ctxt_put_reference(short_text, r->text, r->text_bytes, reference) - short_text));
        } else {
            put(lines, to, r->text, WK_LINES_TEXT_MAX - 16);
            put_string(lines, to, " [cut]");
        }
    } else {
        put(lines, to, r->text, r->text_bytes);
    }
    for (char *c = (char *)to->items + from; from < to->count; from++, c++) {
        *c = *c == '\n' ? ' ' : *c;
    }
}

/* Time, prefix, word, location and the space behind it. */
static void put_head(struct wk_lines *lines, struct wk_array *to, const struct wick_record *r, uint8_t kind,
                     const char *location)
{
    uint32_t bytes;
    const char *prefix = lines->names.prefix(lines->names.user, r->track, &bytes);
    put_time(lines, to, r->time_ns);
    put(lines, to, prefix, bytes);
    put(lines, to, wk_kind_of(kind)->word, wk_kind_of(kind)->word_bytes);
    put(lines, to, " ", 1);
    put_string(lines, to, location);
    put(lines, to, " ", 1);
}

static const struct wick_site_info *site_of(struct wk_lines *lines, uint32_t site)
{
    return lines->names.site(lines->names.user, site);
}

static void put_colour(struct wk_lines *lines, struct wk_array *to, uint32_t colour)
{
    static const char hex[] = "0123456789abcdef";
    char text[6];
    for (int i = 0; i < 6; i++) {
        text[i] = hex[colour >> (20 - 4 * i) & 15];
    }
    put(lines, to, colour == WICK_NONE ? "-" : text, colour == WICK_NONE ? 1 : 6);
}

/* `kind line colour category file literal` */
static void put_site(struct wk_lines *lines, struct wk_array *to, const struct wick_site_info *s)
{
    put_string(lines, to, wk_site_words[s->kind]);
    put(lines, to, " ", 1);
    put_unsigned(lines, to, s->line);
    put(lines, to, " ", 1);
    put_colour(lines, to, s->colour);
    put(lines, to, " ", 1);
    put_string(lines, to, s->category[0] ? s->category : "-");
    put(lines, to, " ", 1);
    for (const char *c = s->file[0] ? s->file : "-"; *c; c++) {
        put(lines, to, *c == ' ' ? "%20" : c, *c == ' ' ? 3 : 1);
    }
    put(lines, to, " ", 1);
    put_string(lines, to, s->literal);
}

/* ---- events ---------------------------------------------------------------------------------- */

static void render_end(struct wk_lines *lines, const struct wick_record *r, struct wk_array *to)
{
    const char *location = site_of(lines, innermost(lines, r->track))->location;
    if (r->u.cpu_ns >= 0) {
        put_head(lines, to, r, WK_KIND_CPU, location);
        put_unsigned(lines, to, (uint64_t)r->u.cpu_ns);
        put(lines, to, "\n", 1);
    }
    if (r->unfinished) {
        put_head(lines, to, r, WK_KIND_UNFINISHED, location);
        put_string(lines, to, wk_reason_words[r->unfinished]);
        put(lines, to, "\n", 1);
    }
    put_head(lines, to, r, r->kind, location);
    put_text(lines, to, r);
}

/* `thread start` */
static void put_under(struct wk_lines *lines, struct wk_array *to, const struct wick_record *r)
{
    uint32_t bytes, at;
    const char *prefix = lines->names.prefix(lines->names.user, r->parent_track, &bytes);
    for (at = bytes - 1; at > 0 && prefix[at - 1] != ' '; at--) {
    }
    put(lines, to, prefix + at, bytes - 1 - at); /* its last field: the thread */
    put(lines, to, " ", 1);
    put_time(lines, to, r->first_ns);
}

static void put_dots(struct wk_lines *lines, struct wk_array *to, uint64_t left)
{
    static const char dots[] = "................................................................";
    for (left = left < 65536 ? left : 0; left;) {
        size_t part = left < sizeof dots - 1 ? (size_t)left : sizeof dots - 1;
        put(lines, to, dots, part);
        left -= part;
    }
}

static void put_addresses(struct wk_lines *lines, struct wk_array *to, const struct wick_record *r)
{
    for (uint32_t at = 0; at + sizeof(uint64_t) <= r->text_bytes; at += (uint32_t)sizeof(uint64_t)) {
        char digits[16];
        uint64_t address;
        memcpy(&address, r->text + at, sizeof address);
        put(lines, to, " ", at > 0);
        put(lines, to, digits, (size_t)(wk_number_put_hex(digits, address) - digits));
    }
}

static void put_number(struct wk_lines *lines, struct wk_array *to, const struct wick_record *r)
{
    char text[32];
    char *end;
    switch (wk_kind_shape(r->kind)) {
    case WK_SHAPE_INTEGER:
    case WK_SHAPE_SITE_INTEGER:
        end = wk_number_put_signed(text, r->u.integer);
        break;
    case WK_SHAPE_UNSIGNED:
    case WK_SHAPE_SITE_UNSIGNED:
        end = wk_number_put_unsigned(text, r->u.count);
        break;
    default:
        end = text + wk_number_put(text, r->u.number);
    }
    put(lines, to, text, (size_t)(end - text));
}

static void put_named(struct wk_lines *lines, struct wk_array *to, const struct wk_wire_event *event)
{
    const struct wick_site_info *s = site_of(lines, event->record.site);
    if (event->has_text) {
        put_text(lines, to, &event->record);
    } else if (!s->formatted) {
        put_string(lines, to, s->literal);
    }
}

/* What stands in the location of an event's line. */
static const char *location_of(struct wk_lines *lines, const struct wick_record *r)
{
    const uint8_t shape = wk_kind_shape(r->kind);
    if (wk_shape_names_site(shape)) {
        return site_of(lines, r->site)->location;
    }
    switch (shape) {
    case WK_SHAPE_NUMBER:
    case WK_SHAPE_INTEGER:
    case WK_SHAPE_UNSIGNED:
        return site_of(lines, innermost(lines, r->track))->location;
    default:
        return "-";
    }
}

static void put_shape(struct wk_lines *lines, struct wk_array *to, const struct wk_wire_event *event)
{
    const struct wick_record *r = &event->record;
    const struct wick_site_info *s;
    switch (wk_kind_shape(r->kind)) {
    case WK_SHAPE_START:
        s = site_of(lines, r->site);
        if (r->text_bytes) {
            put_text(lines, to, r);
        } else if (s->kind != WICK_SITE_FORMAT) {
            put_string(lines, to, s->literal);
        }
        break;
    case WK_SHAPE_NUMBER:
    case WK_SHAPE_INTEGER:
    case WK_SHAPE_UNSIGNED:
    case WK_SHAPE_SITE_NUMBER:
    case WK_SHAPE_SITE_INTEGER:
    case WK_SHAPE_SITE_UNSIGNED:
        put_number(lines, to, r);
        break;
    case WK_SHAPE_LOST:
        put_unsigned(lines, to, r->u.count);
        put(lines, to, " ", 1);
        put_time(lines, to, r->first_ns);
        break;
    case WK_SHAPE_UNDER:
        put_under(lines, to, r);
        break;
    case WK_SHAPE_BIND:
        put_text(lines, to, r);
        put(lines, to, " ", 1);
        put_unsigned(lines, to, r->u.count);
        break;
    case WK_SHAPE_STACK:
        put_addresses(lines, to, r);
        break;
    case WK_SHAPE_SITE:
        put_site(lines, to, site_of(lines, r->site));
        break;
    case WK_SHAPE_PAD:
        put_dots(lines, to, r->u.count);
        break;
    case WK_SHAPE_TEXT:
        put_text(lines, to, r);
        break;
    default:
        put_named(lines, to, event);
    }
}

void wk_lines_render(struct wk_lines *lines, const struct wk_wire_event *event, struct wk_array *to)
{
    const struct wick_record *r = &event->record;
    switch (wk_kind_shape(r->kind)) {
    case WK_SHAPE_UNKNOWN: /* of a later writer */
    case WK_SHAPE_SWITCH:
        return;
    case WK_SHAPE_LINE:
        put(lines, to, r->text, r->text_bytes);
        return;
    case WK_SHAPE_DECIMALS:
        lines->decimals = r->unfinished < 10 ? r->unfinished : 9;
        return;
    case WK_SHAPE_END:
        render_end(lines, r, to);
        break;
    default:
        put_head(lines, to, r, r->kind, location_of(lines, r));
        put_shape(lines, to, event);
    }
    put(lines, to, "\n", 1);
}
