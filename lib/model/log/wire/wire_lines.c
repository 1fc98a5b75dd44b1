/*
 * SPDX-License-Identifier: MIT
 * Events to lines. See wire_lines.h.
 */
#include "wire_lines.h"

#include "model/log/ctxt/ctxt_words.h"

static const char *const words[WK_CTXT_WORDS] = {
#define WORD_TEXT(name, word, text) [WK_CTXT_##name] = word,
    WK_CTXT_CONTEXT_WORDS(WORD_TEXT) WK_CTXT_EXTENSION_WORDS(WORD_TEXT)
#undef WORD_TEXT
};

static const char *const reasons[WICK_UNFINISHED_KINDS] = {
    "", "unwound", "thread", "exit", "fork", "clear", "killed"};

static const char *const kinds[WICK_SITE_KINDS] = {
    [WICK_SITE_SCOPE] = "scope",     [WICK_SITE_FORMAT] = "format", [WICK_SITE_DYNAMIC] = "dynamic", [WICK_SITE_MARK] = "mark",
    [WICK_SITE_COUNTER] = "counter", [WICK_SITE_LOCK] = "lock",     [WICK_SITE_FOREIGN] = "foreign"};

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
    bool line = event->kind == WK_WIRE_LINE;
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
    if (bytes > UINT32_MAX / 4 || wk_array_reserve(to, lines->allocator, to->count + (uint32_t)bytes, 1) < 0) {
        lines->failed = true;
        return;
    }
    if (bytes) {
        memcpy((char *)to->items + to->count, text, bytes);
    }
    to->count += (uint32_t)bytes;
}

static void put_string(struct wk_lines *lines, struct wk_array *to, const char *text)
{
    put(lines, to, text, wk_mem_length(text));
}

static void put_unsigned(struct wk_lines *lines, struct wk_array *to, uint64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10);
    } while (value /= 10);
    put(lines, to, digits + at, sizeof digits - at);
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
            put_string(lines, to, reference);
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
static void put_head(struct wk_lines *lines, struct wk_array *to, const struct wick_record *r, enum wk_ctxt_word word,
                     const char *location)
{
    uint32_t bytes;
    const char *prefix = lines->names.prefix(lines->names.user, r->track, &bytes);
    put_time(lines, to, r->time_ns);
    put(lines, to, prefix, bytes);
    put_string(lines, to, words[word]);
    put(lines, to, " ", 1);
    put_string(lines, to, location);
    put(lines, to, " ", 1);
}

static const struct wk_wire_known_site *site_of(struct wk_lines *lines, uint32_t site)
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
static void put_site(struct wk_lines *lines, struct wk_array *to, const struct wk_wire_known_site *s)
{
    put_string(lines, to, kinds[s->kind]);
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
        put_head(lines, to, r, WK_CTXT_CPU, location);
        put_unsigned(lines, to, (uint64_t)r->u.cpu_ns);
        put(lines, to, "\n", 1);
    }
    if (r->unfinished) {
        put_head(lines, to, r, WK_CTXT_UNFINISHED, location);
        put_string(lines, to, reasons[r->unfinished]);
        put(lines, to, "\n", 1);
    }
    put_head(lines, to, r, r->kind == WICK_RECORD_ENDER ? WK_CTXT_ENDER : WK_CTXT_ENDOK, location);
    put_text(lines, to, r);
}

static void render_number(struct wk_lines *lines, const struct wick_record *r, struct wk_array *to)
{
    static const enum wk_ctxt_word number_words[] = {WK_CTXT_VALUE, WK_CTXT_GAUGE, WK_CTXT_SUM};
    char text[32];
    uint32_t site = r->kind == WICK_RECORD_VALUE ? innermost(lines, r->track) : r->site;
    put_head(lines, to, r, number_words[r->kind - WICK_RECORD_VALUE], site_of(lines, site)->location);
    put(lines, to, text, lines->number(text, r->u.number));
}

static void render_under(struct wk_lines *lines, const struct wick_record *r, struct wk_array *to)
{
    uint32_t bytes, at;
    put_head(lines, to, r, WK_CTXT_UNDER, site_of(lines, r->site)->location);
    const char *prefix = lines->names.prefix(lines->names.user, r->parent_track, &bytes);
    for (at = bytes - 1; at > 0 && prefix[at - 1] != ' '; at--) {
    }
    put(lines, to, prefix + at, bytes - 1 - at); /* its last field: the thread */
    put(lines, to, " ", 1);
    put_time(lines, to, r->first_ns);
}

static void render_named(struct wk_lines *lines, const struct wk_wire_event *event, struct wk_array *to)
{
    static const uint8_t named[WK_WIRE_KINDS] = {
        [WICK_RECORD_MARK] = WK_CTXT_MARK,   [WICK_RECORD_CLEAR] = WK_CTXT_CLEAR, [WICK_RECORD_LOCKW] = WK_CTXT_LOCKW,
        [WICK_RECORD_LOCKA] = WK_CTXT_LOCKA, [WICK_RECORD_LOCKR] = WK_CTXT_LOCKR, [WK_WIRE_LOCKW2] = WK_CTXT_LOCKW2,
        [WK_WIRE_LOCKA2] = WK_CTXT_LOCKA2,   [WK_WIRE_LOCKR2] = WK_CTXT_LOCKR2};
    const struct wick_record *r = &event->record;
    const struct wk_wire_known_site *s = site_of(lines, r->site);
    put_head(lines, to, r, (enum wk_ctxt_word)named[r->kind], s->location);
    if (event->has_text) {
        put_text(lines, to, r);
    } else if (!s->texts) {
        put_string(lines, to, s->literal);
    }
}

static void render_line(struct wk_lines *lines, const struct wk_wire_event *event, struct wk_array *to)
{
    static const char dots[] = "................................................................";
    const struct wick_record *r = &event->record;
    const struct wk_wire_known_site *s;
    switch ((uint32_t)r->kind) {
    case WICK_RECORD_START:
        s = site_of(lines, r->site);
        put_head(lines, to, r, WK_CTXT_START, s->location);
        if (r->text_bytes) {
            put_text(lines, to, r);
        } else if (s->kind != WICK_SITE_FORMAT) {
            put_string(lines, to, s->literal);
        }
        break;
    case WICK_RECORD_ENDOK:
    case WICK_RECORD_ENDER:
        render_end(lines, r, to);
        break;
    case WICK_RECORD_VALUE:
    case WICK_RECORD_GAUGE:
    case WICK_RECORD_SUM:
        render_number(lines, r, to);
        break;
    case WICK_RECORD_LOST:
        put_head(lines, to, r, WK_CTXT_LOST, "-");
        put_unsigned(lines, to, r->u.count);
        put(lines, to, " ", 1);
        put_time(lines, to, r->first_ns);
        break;
    case WICK_RECORD_UNDER:
        render_under(lines, r, to);
        break;
    case WK_WIRE_SITE:
        s = site_of(lines, r->site);
        put_head(lines, to, r, WK_CTXT_SITE, s->location);
        put_site(lines, to, s);
        break;
    case WK_WIRE_PAD:
        put_head(lines, to, r, WK_CTXT_PAD, "-");
        for (uint64_t left = r->u.count < 65536 ? r->u.count : 0; left;) {
            size_t part = left < sizeof dots - 1 ? (size_t)left : sizeof dots - 1;
            put(lines, to, dots, part);
            left -= part;
        }
        break;
    case WICK_RECORD_THREAD_NAME:
    case WK_WIRE_RUN:
    case WK_WIRE_STAT:
    case WK_WIRE_BREAK:
        put_head(lines, to, r, r->kind == WICK_RECORD_THREAD_NAME ? WK_CTXT_THREAD_NAME
                               : r->kind == WK_WIRE_RUN           ? WK_CTXT_RUN
                               : r->kind == WK_WIRE_STAT          ? WK_CTXT_STAT
                                                                  : WK_CTXT_BREAK, "-");
        put_text(lines, to, r);
        break;
    default:
        render_named(lines, event, to);
    }
    put(lines, to, "\n", 1);
}

void wk_lines_render(struct wk_lines *lines, const struct wk_wire_event *event, struct wk_array *to)
{
    const struct wick_record *r = &event->record;
    if (r->kind == WK_WIRE_LINE) {
        put(lines, to, r->text, r->text_bytes);
    } else if (r->kind == WK_WIRE_DECIMALS) {
        lines->decimals = r->unfinished < 10 ? r->unfinished : 9;
    } else if (r->kind < WK_WIRE_SWITCH) {
        render_line(lines, event, to);
    }
}
