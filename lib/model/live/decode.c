/*
 * SPDX-License-Identifier: MIT
 * Ring slots to records. See decode.h.
 */
#include "decode.h"

#include <string.h>

#include "model/base/mem.h"
#include "model/base/shapes.h"

/* Room that any one event may need: the ends of what it unwinds come one record at a time. */
enum { TEXT_ROOM = 127 * 16 };

static const struct wick_event *slot(const struct wk_span *span, uint32_t at)
{
    return &span->slots[at & span->mask];
}

static union wk_event_more more_at(const struct wk_span *span, uint32_t at)
{
    union wk_event_more more;

    more.event = *slot(span, at);
    return more;
}

enum { TIMELINE_LINES = sizeof ((struct wk_timeline *)0)->lines / sizeof(struct wk_clock_line) };

int64_t wk_timeline_ns(const struct wk_timeline *timeline, uint64_t ticks)
{
    uint32_t at = timeline->newest;
    const struct wk_clock_line *line = &timeline->lines[at];

    for (uint32_t left = timeline->count; (int64_t)(ticks - line->ticks) < 0 && left > 1; left--) {
        at = (at + TIMELINE_LINES - 1) % TIMELINE_LINES;
        line = &timeline->lines[at];
    }
    return line->ns + (int64_t)((double)(int64_t)(ticks - line->ticks) * line->ns_per_tick);
}

void wk_timeline_add(struct wk_timeline *timeline, uint64_t ticks, int64_t ns, double ns_per_tick)
{
    timeline->newest = (timeline->newest + 1) % TIMELINE_LINES;
    timeline->lines[timeline->newest] = (struct wk_clock_line){ticks, ns, ns_per_tick};
    if (timeline->count < TIMELINE_LINES) {
        timeline->count++;
    }
}

void wk_batch_begin(struct wk_batch *batch, const struct wick_allocator *memory)
{
    for (uint32_t i = 0; i < batch->garbage_count; i++) {
        wk_mem_free(memory, batch->garbage[i].text, batch->garbage[i].bytes);
    }
    for (uint32_t i = 0; i < batch->long_count && batch->texts->release; i++) {
        batch->texts->release(batch->texts->user, batch->long_texts[i].reference, batch->long_texts[i].bytes);
    }
    batch->count = 0;
    batch->text_used = 0;
    batch->garbage_count = 0;
    batch->long_count = 0;
    batch->unresolved = false;
}

static struct wick_record *add(struct wk_batch *batch, const struct wk_decoder *decoder, uint8_t kind,
                               int64_t time_ns)
{
    struct wick_record *record = &batch->records[batch->count++];

    *record = (struct wick_record){.time_ns = time_ns, .track = decoder->track, .depth = decoder->depth, .kind = kind};
    return record;
}

/* The text in slots `at` up to `end`, copied behind the batch's others: a ring may wrap inside it. */
static void take_text(struct wick_record *record, const struct wk_span *span, uint32_t at, uint32_t end,
                      struct wk_batch *batch)
{
    char *text = batch->text + batch->text_used;
    uint32_t bytes = 0;

    for (; at != end; at++, bytes += 16) {
        memcpy(text + bytes, slot(span, at), 16);
    }
    while (bytes > 0 && text[bytes - 1] == 0) { /* the padding of the last slot */
        bytes--;
    }
    batch->text_used += bytes;
    record->text = text;
    record->text_bytes = bytes;
}

static void take_jumbo(struct wick_record *record, const struct wk_span *span, uint32_t at, struct wk_batch *batch)
{
    union wk_event_more more = more_at(span, at);
    const char *text = span->texts->at(span->texts->user, more.jumbo.reference, more.jumbo.bytes);

    if (!text || more.jumbo.bytes > UINT32_MAX) {
        return;
    }
    record->text = text;
    record->text_bytes = (uint32_t)more.jumbo.bytes;
    batch->texts = span->texts;
    batch->long_texts[batch->long_count].reference = more.jumbo.reference;
    batch->long_texts[batch->long_count++].bytes = more.jumbo.bytes;
}

/* One event as it is being decoded. */
struct cursor {
    const struct wick_event *event;
    uint32_t more; /* first continuation slot not yet used */
    uint32_t end;
    int64_t time_ns;
    int64_t cpu_ns;
};

static void text_of(struct wick_record *record, const struct wk_span *span, const struct cursor *cursor,
                    struct wk_batch *batch)
{
    if (cursor->event->info & WK_EVENT_JUMBO) {
        take_jumbo(record, span, cursor->more, batch);
    } else if (cursor->more != cursor->end) {
        take_text(record, span, cursor->more, cursor->end, batch);
    }
}

/* ---- the stack ------------------------------------------------------------------------------- */

static bool push(struct wk_decoder *decoder, uint32_t depth, const struct wick_allocator *memory)
{
    if (depth > decoder->capacity) {
        uint32_t capacity = decoder->capacity ? decoder->capacity * 2 : 32;
        struct wk_open_scope *open;

        while (capacity < depth) {
            capacity *= 2;
        }
        open = wk_mem_resize(memory, decoder->open, decoder->capacity * sizeof *open, capacity * sizeof *open);
        if (!open) {
            return false;
        }
        decoder->open = open;
        decoder->capacity = capacity;
    }
    while (decoder->depth < depth) {
        decoder->open[decoder->depth++] = (struct wk_open_scope){.cpu_ns = -1};
    }
    return true;
}

static const char thrown_text[] = "exception";

/* Take the innermost scope off, and report its end unless it began before this decoder did. */
static void pop(struct wk_decoder *decoder, const struct cursor *cursor, enum wick_unfinished reason,
                struct wk_batch *batch)
{
    struct wk_open_scope *scope = &decoder->open[decoder->depth - 1];

    if (scope->site) {
        bool bad = scope->failed || reason != WICK_FINISHED;
        int64_t time_ns = cursor->time_ns > scope->start_ns ? cursor->time_ns : scope->start_ns;
        struct wick_record *record = add(batch, decoder, bad ? WICK_RECORD_ENDER : WICK_RECORD_ENDOK, time_ns);

        record->site = scope->end_site ? scope->end_site : scope->site;
        record->unfinished = (uint8_t)reason;
        record->u.cpu_ns = cursor->cpu_ns >= 0 && scope->cpu_ns >= 0 ? cursor->cpu_ns - scope->cpu_ns : -1;
        if (bad == scope->failed) { /* otherwise it has not come to say it */
            record->text = scope->thrown ? thrown_text : scope->end_text;
            record->text_bytes = scope->thrown ? sizeof thrown_text - 1 : scope->end_bytes;
        }
        decoder->unwound += reason == WICK_UNFINISHED_UNWOUND;
    }
    if (scope->end_text) { /* the record borrows it */
        batch->garbage[batch->garbage_count].bytes = scope->end_bytes;
        batch->garbage[batch->garbage_count++].text = scope->end_text;
    }
    decoder->depth--;
}

/* Ends down to `depth`; false when the batch is full before. */
static bool unwind(struct wk_decoder *decoder, uint32_t depth, const struct cursor *cursor,
                   enum wick_unfinished reason, struct wk_batch *batch)
{
    while (decoder->depth > depth) {
        if (batch->count == WK_BATCH_RECORDS || batch->garbage_count >= WK_BATCH_RECORDS - 1) {
            return false;
        }
        pop(decoder, cursor, reason, batch);
    }
    return true;
}

static bool start(struct wk_decoder *decoder, const struct wk_span *span, const struct cursor *cursor,
                  struct wk_batch *batch, const struct wick_allocator *memory)
{
    uint32_t depth = wk_event_depth(cursor->event->info);

    if (!push(decoder, depth, memory)) {
        struct wick_record nobody = {0};

        decoder->refused++;
        text_of(&nobody, span, cursor, batch); /* a long one is released with the batch */
        return false;
    }
    decoder->open[depth - 1] = (struct wk_open_scope){.start_ns = cursor->time_ns,
                                                      .start_ticks = cursor->event->ticks,
                                                      .cpu_ns = cursor->cpu_ns,
                                                      .site = cursor->event->site};
    struct wick_record *record = add(batch, decoder, WICK_RECORD_START, cursor->time_ns);
    record->site = cursor->event->site;
    text_of(record, span, cursor, batch);
    decoder->scopes++;
    return true;
}

/* What the innermost scope has to say at its end: kept until then. The first failure wins, also over what was said before; of
 * what is said, the first. */
static void keep_text(struct wk_decoder *decoder, const struct wk_span *span, const struct cursor *cursor,
                      struct wk_batch *batch, const struct wick_allocator *memory)
{
    bool fails = wk_event_kind(cursor->event->info) == WK_EVENT_FAIL;
    struct wick_record text = {0};

    text_of(&text, span, cursor, batch);
    if (decoder->depth == 0 || decoder->depth != wk_event_depth(cursor->event->info)) {
        return;
    }
    struct wk_open_scope *scope = &decoder->open[decoder->depth - 1];
    if (scope->failed || (scope->special && !fails)) {
        return;
    }
    wk_mem_free(memory, scope->end_text, scope->end_bytes);
    scope->end_text = text.text_bytes ? wk_mem_resize(memory, NULL, 0, text.text_bytes) : NULL;
    scope->end_bytes = 0;
    scope->special = true;
    scope->failed = fails;
    scope->end_site = cursor->event->site;
    if (scope->end_text) {
        memcpy(scope->end_text, text.text, text.text_bytes);
        scope->end_bytes = text.text_bytes;
    }
}

/* ---- events that are neither start nor end ------------------------------------------------------ */

/* The row of the record that an event becomes: from the table of kinds. */
struct row {
    uint8_t record;
    uint8_t shape;
};

/* Rows without an event lie behind those with one. */
#define ROW(name, number, word, shape, site, event) \
    [WK_EVENT_##event ? (uint32_t)WK_EVENT_##event : WK_EVENT_KINDS + (number)] = {number, WK_SHAPE_##shape},
static const struct row rows[WK_EVENT_KINDS + WICK_RECORD_KINDS] = {WICK_I_RECORD_KINDS(ROW)};
#undef ROW

/* Is there a slot that is neither CPU time nor text? */
static bool has_more(uint32_t kind)
{
    switch (rows[kind].shape) {
    case WK_SHAPE_NUMBER:
    case WK_SHAPE_INTEGER:
    case WK_SHAPE_UNSIGNED:
    case WK_SHAPE_SITE_NUMBER:
    case WK_SHAPE_SITE_INTEGER:
    case WK_SHAPE_SITE_UNSIGNED:
    case WK_SHAPE_LOST:
    case WK_SHAPE_UNDER:
    case WK_SHAPE_BIND:
    case WK_SHAPE_STACK:
        return true;
    default:
        return kind == WK_EVENT_SWITCH;
    }
}

/* Addresses may end with zeros, which are no padding. */
static void take_stack(struct wick_record *record, const struct wk_span *span, const struct cursor *text, uint64_t bytes,
                       struct wk_batch *batch)
{
    text_of(record, span, text, batch);
    if (!(text->event->info & WK_EVENT_JUMBO) && bytes >= record->text_bytes && bytes <= (text->end - text->more) * (uint64_t)16) {
        batch->text_used += (uint32_t)bytes - record->text_bytes;
        record->text_bytes = (uint32_t)bytes;
    }
}

static void simple(struct wk_decoder *decoder, const struct wk_span *span, const struct cursor *cursor,
                   struct wk_batch *batch, const struct wk_timeline *line)
{
    uint32_t kind = wk_event_kind(cursor->event->info);
    struct wick_record *record = add(batch, decoder, rows[kind].record, cursor->time_ns);
    struct cursor text = *cursor;
    union wk_event_more more = {.count = {0, 0}};

    if (has_more(kind)) {
        more = more_at(span, text.more++);
    }
    record->site = cursor->event->site;
    switch (rows[kind].shape) {
    case WK_SHAPE_NUMBER:
    case WK_SHAPE_INTEGER:
    case WK_SHAPE_UNSIGNED: /* the bits of either */
        if (decoder->depth) { /* of the innermost open scope */
            record->site = decoder->open[decoder->depth - 1].site;
        }
        /* fall through */
    case WK_SHAPE_SITE_NUMBER:
    case WK_SHAPE_SITE_INTEGER:
    case WK_SHAPE_SITE_UNSIGNED:
        record->u.integer = more.integer.integer;
        break;
    case WK_SHAPE_LOST:
        batch->unresolved = true;
        record->first_ns = wk_timeline_ns(line, more.lost.first_ticks);
        record->u.count = more.lost.count;
        break;
    case WK_SHAPE_UNDER:
        batch->unresolved = true;
        record->first_ns = (int64_t)more.under.start_ticks; /* the caller knows the parent's decoder */
        record->parent_track = (uint32_t)more.under.serial;
        break;
    case WK_SHAPE_STACK:
        take_stack(record, span, &text, more.count.count, batch);
        break;
    case WK_SHAPE_BIND:
        record->u.count = more.count.count;
        text_of(record, span, &text, batch);
        break;
    case WK_SHAPE_TEXT: /* a thread's name: the caller has the table */
        batch->unresolved = true;
        /* fall through */
    default:
        text_of(record, span, &text, batch);
    }
}

/* One event; false when the batch is full before all its records were given out. */
static bool decode_one(struct wk_decoder *decoder, struct wk_span *span, const struct cursor *cursor,
                       const struct wk_timeline *line, struct wk_batch *batch, const struct wick_allocator *memory)
{
    uint32_t depth = wk_event_depth(cursor->event->info);

    switch (wk_event_kind(cursor->event->info)) {
    case WK_EVENT_START:
        if (!unwind(decoder, depth - 1, cursor, WICK_UNFINISHED_UNWOUND, batch) || batch->count == WK_BATCH_RECORDS) {
            return false;
        }
        if (!start(decoder, span, cursor, batch, memory)) {
            return true; /* refused, and counted */
        }
        break;
    case WK_EVENT_END:
        if (!unwind(decoder, depth, cursor, WICK_UNFINISHED_UNWOUND, batch) || batch->count == WK_BATCH_RECORDS) {
            return false;
        }
        if (decoder->depth == depth) {
            if (cursor->event->site && !decoder->open[depth - 1].failed) {
                decoder->open[depth - 1].thrown = decoder->open[depth - 1].failed = decoder->open[depth - 1].special = true;
            }
            pop(decoder, cursor, WICK_FINISHED, batch);
        }
        return true; /* its START was counted */
    case WK_EVENT_UNWIND:
        return unwind(decoder, depth, cursor, WICK_UNFINISHED_UNWOUND, batch);
    case WK_EVENT_CLEAR:
        if (!unwind(decoder, 0, cursor, WICK_UNFINISHED_CLEAR, batch) || batch->count == WK_BATCH_RECORDS) {
            return false;
        }
        simple(decoder, span, cursor, batch, line);
        break;
    case WK_EVENT_EXIT:
        return unwind(decoder, 0, cursor, WICK_UNFINISHED_THREAD, batch);
    case WK_EVENT_FAIL:
    case WK_EVENT_SAY:
        keep_text(decoder, span, cursor, batch, memory);
        break;
    case WK_EVENT_LOST:
        simple(decoder, span, cursor, batch, line);
        return true; /* not the program's */
    case WK_EVENT_SWITCH:
        return true;
    default:
        simple(decoder, span, cursor, batch, line);
    }
    decoder->recorded++;
    return true;
}

/* Starts without text and CPU time and their good ends, one inside the other, as many as follow: nearly all.
 * What is anything else is left to decode_one, and so is a time before the newest line. */
static void take_plain(struct wk_decoder *decoder, struct wk_span *span, const struct wk_timeline *timeline,
                       struct wk_batch *batch)
{
    const struct wk_clock_line line = timeline->lines[timeline->newest];
    const uint64_t until_ticks = span->until_ticks;
    struct wick_record *record = &batch->records[batch->count];
    struct wick_record *end = &batch->records[WK_BATCH_RECORDS];
    uint32_t depth = decoder->depth;
    uint32_t tail = span->tail;
    uint32_t starts = 0;

    for (; tail != span->head && record != end; tail++, record++) {
        const struct wick_event *event = slot(span, tail);
        uint32_t plain = event->info & ((1u << WICK_I_DEPTH_SHIFT) - 1); /* no flag, no continuation slot */
        uint32_t at = wk_event_depth(event->info);
        int64_t since = (int64_t)(event->ticks - line.ticks);
        int64_t time_ns = line.ns + (int64_t)((double)since * line.ns_per_tick);
        struct wk_open_scope *scope;

        if (since < 0 || (until_ticks && (int64_t)(event->ticks - until_ticks) > 0)) {
            break;
        }
        if (plain == WK_EVENT_START && at == depth + 1 && depth < decoder->capacity) {
            decoder->open[depth] = (struct wk_open_scope){
                .start_ns = time_ns, .start_ticks = event->ticks, .cpu_ns = -1, .site = event->site};
            *record = (struct wick_record){.time_ns = time_ns, .track = decoder->track, .site = event->site, .depth = at,
                                           .kind = WICK_RECORD_START};
            depth++;
            starts++;
        } else if (plain == WK_EVENT_END && !event->site && at == depth && depth > 0) { /* site: left by an exception */
            scope = &decoder->open[depth - 1];
            if (!scope->site || scope->special) {
                break;
            }
            *record = (struct wick_record){.time_ns = time_ns > scope->start_ns ? time_ns : scope->start_ns,
                                           .track = decoder->track, .site = scope->site, .depth = depth,
                                           .kind = WICK_RECORD_ENDOK, .u.cpu_ns = -1};
            depth--;
        } else {
            break;
        }
    }
    span->under_seen = span->under_seen && tail == span->tail;
    span->tail = tail;
    decoder->depth = depth;
    decoder->recorded += starts;
    decoder->scopes += starts;
    batch->count = (uint32_t)(record - batch->records);
}

/* Room for all that one event may add. */
static bool has_room(const struct wk_batch *batch)
{
    return batch->count < WK_BATCH_RECORDS && batch->garbage_count < WK_BATCH_RECORDS - 1 &&
           batch->long_count < WK_BATCH_RECORDS && WK_BATCH_TEXT_BYTES - batch->text_used >= TEXT_ROOM;
}

/* Could a recorder have written this? Slots of a process that was killed, or of a damaged file, may be anything. */
static bool is_whole(const struct wk_span *span, const struct cursor *cursor)
{
    uint32_t info = cursor->event->info;
    uint32_t kind = wk_event_kind(info);
    uint32_t flags = (info & WK_EVENT_CPU ? 1u : 0u) + (info & WK_EVENT_JUMBO ? 1u : 0u);

    return kind && kind < WK_EVENT_KINDS && wk_event_slots(info) >= flags + has_more(kind) &&
           (wk_event_depth(info) || (kind != WK_EVENT_START && kind != WK_EVENT_END)) &&
           (int32_t)(span->head - cursor->end) >= 0;
}

enum wk_decode_stop wk_decode(struct wk_decoder *decoder, struct wk_span *span, const struct wk_timeline *line,
                              struct wk_batch *batch, const struct wick_allocator *memory)
{
    for (take_plain(decoder, span, line, batch); span->tail != span->head; take_plain(decoder, span, line, batch)) {
        struct cursor cursor = {.event = slot(span, span->tail), .more = span->tail + 1, .cpu_ns = -1};
        uint32_t info = cursor.event->info;

        cursor.end = cursor.more + wk_event_slots(info);
        if (!has_room(batch)) {
            return WK_DECODE_BATCH;
        }
        if (!is_whole(span, &cursor)) {
            decoder->damaged++;
            span->tail = span->head;
            return WK_DECODE_EMPTY;
        }
        if (span->until_ticks && (int64_t)(cursor.event->ticks - span->until_ticks) > 0) {
            return WK_DECODE_EMPTY;
        }
        if (wk_event_kind(info) == WK_EVENT_UNDER && !span->under_seen) {
            union wk_event_more more = more_at(span, cursor.more);

            span->parent_serial = (uint32_t)more.under.serial;
            span->parent_ticks = more.under.start_ticks;
            return WK_DECODE_UNDER;
        }
        span->under_seen = false;
        cursor.time_ns = wk_timeline_ns(line, cursor.event->ticks);
        if (info & WK_EVENT_CPU) {
            cursor.cpu_ns = more_at(span, cursor.more++).cpu.cpu_ns;
        }
        if (!decode_one(decoder, span, &cursor, line, batch, memory)) {
            return WK_DECODE_BATCH;
        }
        span->tail = cursor.end;
        if (wk_event_kind(info) == WK_EVENT_SWITCH) {
            union wk_event_more more = more_at(span, cursor.more);

            span->next_ring = more.ring.reference;
            span->next_mask = (uint32_t)more.ring.mask;
            return WK_DECODE_SWITCH;
        }
        if (wk_event_kind(info) == WK_EVENT_EXIT) {
            return WK_DECODE_EXIT;
        }
    }
    return WK_DECODE_EMPTY;
}

bool wk_decode_close(struct wk_decoder *decoder, int64_t time_ns, enum wick_unfinished reason,
                     struct wk_batch *batch, const struct wick_allocator *memory)
{
    const struct cursor cursor = {.time_ns = time_ns, .cpu_ns = -1};

    (void)memory;
    return unwind(decoder, 0, &cursor, reason, batch);
}

void wk_decode_fini(struct wk_decoder *decoder, const struct wick_allocator *memory)
{
    while (decoder->depth > 0) {
        decoder->depth--;
        wk_mem_free(memory, decoder->open[decoder->depth].end_text, decoder->open[decoder->depth].end_bytes);
    }
    wk_mem_free(memory, decoder->open, decoder->capacity * sizeof *decoder->open);
    *decoder = (struct wk_decoder){0};
}

bool wk_decode_start_ns(const struct wk_decoder *decoder, uint64_t ticks, int64_t *start_ns)
{
    for (uint32_t i = decoder->depth; i-- > 0;) {
        if (decoder->open[i].start_ticks == ticks) {
            *start_ns = decoder->open[i].start_ns;
            return true;
        }
    }
    return false;
}
