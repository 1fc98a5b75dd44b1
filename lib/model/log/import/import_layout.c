/*
 * SPDX-License-Identifier: MIT
 * The events of a Chrome trace in order: each end finds its begin by name, and scopes that overlap without nesting stand,
 * whole, in rows of their own: tracks `name`, `name (2)`.
 */
#include "import.h"

#include "model/base/exact.h"
#include "model/base/order.h"

#define ROWS_MAX 1024u /* of a track; what overlaps more others is cut, and counted */

struct import_layout {
    struct wick_reader *reader;
    struct wk_import_span *spans; /* of the file, from 1: as `below` names them */
    struct wk_array tracks;       /* uint32_t: entries by rank */
    struct wk_array rows;         /* struct import_row: of the current track */
    struct wk_array open;         /* uint32_t: begins without an end, while ends are looked for */
};

struct import_row {
    uint32_t track, top, depth; /* of the reader; the innermost open span, from 1; how many are open */
};

/* ---- ends find their begins ---- */

static int by_time(const void *user, const void *x, const void *y)
{
    const struct wk_import_span *p = x, *q = y;
    (void)user;
    return p->track != q->track ? p->track < q->track : p->start_ns < q->start_ns;
}

static void begins(struct import_layout *l, uint32_t span)
{
    struct wk_import_span *begin = &l->spans[span];
    if (wk_array_reserve(&l->open, l->reader->allocator, l->open.count + 1, sizeof span) < 0) {
        l->reader->error = WICK_E_NOMEM;
        return;
    }
    ((uint32_t *)l->open.items)[l->open.count++] = span;
    if (begin->name != WICK_NONE) {
        struct wk_import_entry *name = &wk_import_entries(l->reader)[begin->name];
        begin->below = name->name;
        name->name = span + 1;
    }
}

/* The begin that an end closes: the innermost of its name; without a name, the innermost. WICK_NONE: there is none. */
static uint32_t begin_of(struct import_layout *l, const struct wk_import_span *end)
{
    if (end->name != WICK_NONE) {
        uint32_t top = wk_import_entries(l->reader)[end->name].name;
        if (top || !l->open.count) {
            return top - 1;
        }
    }
    for (; l->open.count; l->open.count--) {
        uint32_t span = ((uint32_t *)l->open.items)[l->open.count - 1];
        if (l->spans[span].u.end_ns == WK_IMPORT_OPEN) {
            return end->name == WICK_NONE || l->spans[span].name == WICK_NONE ? span : WICK_NONE;
        }
    }
    return WICK_NONE;
}

static int ends(struct import_layout *l, const struct wk_import_span *end)
{
    uint32_t span = begin_of(l, end);
    if (span == WICK_NONE) {
        return 0;
    }
    struct wk_import_span *begin = &l->spans[span];
    begin->u.end_ns = end->start_ns;
    if (begin->name != WICK_NONE) {
        wk_import_entries(l->reader)[begin->name].name = begin->below;
    }
    begin->below = 0;
    return 1;
}

/* Pair the begins and ends of a track, whose spans are in order of (time, place in the file). An end that stands before
 * its begin of the same time waits for it. */
static void pair(struct import_layout *l, uint32_t from, uint32_t to)
{
    for (uint32_t at = from, wait = from; at < to && !l->reader->error; at = wait) {
        for (wait = at; wait < to && l->spans[wait].start_ns == l->spans[at].start_ns; wait++) {
            struct wk_import_span *span = &l->spans[wait];
            if (span->kind == WICK_RECORD_START && span->u.end_ns == WK_IMPORT_OPEN) {
                begins(l, wait);
            } else if (span->kind == WICK_RECORD_ENDOK) {
                span->how = (uint8_t)ends(l, span);
            }
        }
        for (uint32_t i = at; i < wait; i++) {
            struct wk_import_span *span = &l->spans[i];
            if (span->kind == WICK_RECORD_ENDOK && !span->how && !ends(l, span)) {
                wk_import_tally(l->reader, WK_IMPORT_NO_BEGIN, span->number);
            }
        }
    }
    for (uint32_t i = from; i < to; i++) { /* the names are free for the next track */
        if (l->spans[i].kind == WICK_RECORD_START && l->spans[i].u.end_ns == WK_IMPORT_OPEN && l->spans[i].name != WICK_NONE) {
            wk_import_entries(l->reader)[l->spans[i].name].name = 0;
            l->spans[i].below = 0;
        }
    }
    l->open.count = 0;
}

/* ---- rows ---- */

static int is_point(const struct wk_import_span *span)
{
    return span->kind == WICK_RECORD_START && span->u.end_ns == span->start_ns;
}

/* Of one time: scopes of no duration, then begins, the longer one first, then points; otherwise as in the file. */
static int by_nesting(const void *user, const void *x, const void *y)
{
    const struct wk_import_span *p = x, *q = y;
    (void)user;
    if (p->start_ns != q->start_ns) {
        return p->start_ns < q->start_ns;
    }
    if (p->kind != q->kind) {
        return p->kind < q->kind;
    }
    if (p->kind != WICK_RECORD_START || is_point(p) || is_point(q)) {
        return is_point(p) && !is_point(q);
    }
    return p->u.end_ns > q->u.end_ns;
}

static uint32_t process_made(struct import_layout *l, uint32_t process)
{
    struct wk_import *f = l->reader->import;
    struct wk_import_entry *e = &wk_import_entries(l->reader)[process];
    char key[3 * WK_IMPORT_NAME + 8];
    uint32_t bytes, labels_bytes;
    if (!e->made) {
        const char *name = wk_kept_read(&f->texts, e->name, &bytes), *labels = wk_kept_read(&f->texts, e->labels, &labels_bytes);
        uint32_t host = bytes ? bytes : 1;
        memcpy(key, bytes ? name : "-", host);
        if (labels_bytes) {
            memcpy(key + host, " (", 2);
            memcpy(key + host + 2, labels, labels_bytes);
            host += labels_bytes + 3;
            key[host - 1] = ')';
        }
        key[host] = ' ';
        memcpy(key + host + 1, (char *)f->keys.items + e->key, e->key_bytes);
        e->made = wk_reader_process_of(l->reader, key, host + 1 + e->key_bytes, host, 0) + 1;
    }
    return e->made - 1;
}

/* The reader's track of a row of a track. */
static uint32_t track_made(struct import_layout *l, uint32_t entry, uint32_t row)
{
    struct wk_import *f = l->reader->import;
    const struct wk_import_entry *e = &wk_import_entries(l->reader)[entry];
    uint32_t process = process_made(l, e->owner), name_bytes, at = e->key_bytes;
    const char *key = (char *)f->keys.items + e->key, *name = wk_kept_read(&f->texts, e->name, &name_bytes);
    char prefix[6 * WK_IMPORT_NAME], number[16] = " (", *end;
    if (process == WICK_NONE) {
        return WICK_NONE;
    }
    end = wk_number_put_unsigned(number + 2, row + 1);
    *end++ = ')';
    uint32_t number_bytes = row ? (uint32_t)(end - number) : 0, thread, bytes = 1 + wk_reader_processes(l->reader)[process].key_bytes;
    prefix[0] = ' ';
    memcpy(prefix + 1, wk_reader_processes(l->reader)[process].key, bytes - 1);
    prefix[bytes++] = ' ';
    while (at && key[at - 1]) { /* of the key, what stands behind the process */
        at--;
    }
    thread = e->key_bytes - at;
    memcpy(prefix + bytes, thread ? key + at : "-", thread ? thread : 1);
    bytes += thread ? thread : 1;
    memcpy(prefix + bytes, number, number_bytes);
    bytes += number_bytes;
    prefix[bytes++] = ' ';
    uint32_t track = wk_reader_process_track(l->reader, process, prefix, bytes);
    if (track != WICK_NONE && name_bytes) {
        name_bytes = name_bytes < 240 ? name_bytes : 240;
        memcpy(prefix, name, name_bytes);
        memcpy(prefix + name_bytes, number, number_bytes);
        wk_reader_label(l->reader, track, prefix, name_bytes + number_bytes);
    }
    return track;
}

static struct import_row *row_of(struct import_layout *l, uint32_t entry, uint32_t row)
{
    if (row == l->rows.count) {
        if (wk_array_reserve(&l->rows, l->reader->allocator, row + 1, sizeof(struct import_row)) < 0) {
            l->reader->error = WICK_E_NOMEM;
            return NULL;
        }
        ((struct import_row *)l->rows.items)[l->rows.count++] = (struct import_row){track_made(l, entry, row), 0, 0};
    }
    return (struct import_row *)l->rows.items + row;
}

/* End the scopes of a row that have ended by a time, down to a depth. */
static void end_until(struct import_layout *l, struct import_row *row, int64_t until_ns, uint32_t depth)
{
    struct wk_import *f = l->reader->import;
    while (row->top && l->spans[row->top - 1].u.end_ns <= until_ns && l->spans[row->top - 1].u.end_ns != WK_IMPORT_OPEN) {
        const struct wk_import_span *span = &l->spans[row->top - 1];
        if (row->depth < depth && span->u.end_ns == until_ns) {
            break; /* our own export says that it holds what comes */
        }
        uint8_t kind = span->how ? WICK_RECORD_ENDER : WICK_RECORD_ENDOK;
        wk_import_put(l->reader, kind, row->track, WICK_NONE, span->u.end_ns);
        struct wick_record *r = &l->reader->batch[l->reader->batch_count - 1];
        r->unfinished = span->how == WK_IMPORT_UNFINISHED ? WICK_UNFINISHED_KILLED : WICK_FINISHED;
        r->text = wk_kept_read(&f->texts, span->name, &r->text_bytes);
        row->top = span->below;
        row->depth--;
    }
}

/* The site of a series: `name`, `name id`; with the argument's name where a counter has several. */
static uint32_t series_site(struct wick_reader *reader, uint32_t series)
{
    const struct wk_import_entry *entries = wk_import_entries(reader), *s = &entries[series], *counter = &entries[s->owner];
    const char *keys = reader->import->keys.items;
    char name[2 * WK_IMPORT_NAME];
    uint32_t pid = entries[counter->owner].key_bytes, skip = pid + 1, bytes = counter->key_bytes - skip, own = (uint32_t)sizeof series;
    if (!s->made) {
        struct wk_import_name site = {.name = name, .file = "", .category = "", .kind = WICK_SITE_COUNTER, .colour = WICK_NONE};
        memcpy(name, keys + counter->key + skip, bytes);
        if (counter->made) {
            name[bytes++] = ' ';
            memcpy(name + bytes, keys + s->key + own, s->key_bytes - own);
            bytes += s->key_bytes - own;
        }
        site.name_bytes = bytes;
        site.category = wk_kept_read(&reader->import->texts, counter->name, &site.category_bytes); /* its unit */
        site.location = keys + counter->key; /* two processes have two counters */
        site.location_bytes = pid;
        wk_import_entries(reader)[series].made = wk_import_site(reader, &site) + 1;
    }
    return wk_import_entries(reader)[series].made - 1;
}

static void place(struct import_layout *l, uint32_t entry, uint32_t at)
{
    struct wk_import_span *span = &l->spans[at];
    struct import_row *row = NULL;
    bool counter = wk_number_kind(span->kind) == WICK_RECORD_GAUGE;
    uint32_t site = counter ? series_site(l->reader, span->site) : span->site;
    for (uint32_t i = 0;; i++) {
        row = row_of(l, entry, i);
        if (l->reader->error) {
            return;
        }
        end_until(l, row, span->start_ns, span->depth);
        int64_t holder_ns = row->top ? l->spans[row->top - 1].u.end_ns : WK_IMPORT_OPEN;
        if (span->kind != WICK_RECORD_START || span->u.end_ns <= holder_ns) {
            break;
        }
        if (span->u.end_ns == WK_IMPORT_OPEN || i + 1 == ROWS_MAX) {
            if (span->u.end_ns != WK_IMPORT_OPEN) {
                wk_import_tally(l->reader, WK_IMPORT_CUT, span->number);
            }
            span->how = span->u.end_ns == WK_IMPORT_OPEN ? WK_IMPORT_UNFINISHED : span->how;
            span->u.end_ns = holder_ns;
            break;
        }
    }
    wk_import_put(l->reader, span->kind, row->track, site, span->start_ns);
    struct wick_record *r = &l->reader->batch[l->reader->batch_count - 1];
    if (counter || wk_number_kind(span->kind) == WICK_RECORD_VALUE || span->kind == WICK_RECORD_LOST) {
        r->u.integer = span->u.integer; /* the bits of any of them */
        r->first_ns = span->start_ns;
        return;
    }
    r->text = wk_kept_read(&l->reader->import->texts, span->text, &r->text_bytes);
    if (span->kind == WICK_RECORD_START) {
        span->name = span->below; /* from now on: what its end says */
        span->below = row->top;
        row->top = at + 1;
        row->depth++;
    }
}

/* ---- all tracks ---- */

static int by_order(const void *user, const void *x, const void *y)
{
    const struct wk_import_entry *entries = user;
    uint32_t p = *(const uint32_t *)x, q = *(const uint32_t *)y, a = entries[p].owner, b = entries[q].owner;
    if (a != b) {
        return entries[a].order != entries[b].order ? entries[a].order < entries[b].order : a < b;
    }
    return entries[p].order != entries[q].order ? entries[p].order < entries[q].order : p < q;
}

static int rank(struct import_layout *l)
{
    struct wk_import *f = l->reader->import;
    struct wk_import_entry *entries = wk_import_entries(l->reader);
    if (wk_array_reserve(&l->tracks, l->reader->allocator, f->entries.count + 1, sizeof(uint32_t)) < 0) {
        return WICK_E_NOMEM;
    }
    uint32_t *tracks = l->tracks.items;
    for (uint32_t i = 0; i < f->entries.count; i++) {
        if (entries[i].kind == WK_IMPORT_THREAD || entries[i].kind == WK_IMPORT_ASYNC) {
            tracks[l->tracks.count++] = i;
        }
    }
    const struct wk_order by = {by_order, entries};
    int rc = wk_order_sort(l->reader->allocator, tracks, l->tracks.count, sizeof *tracks, &by);
    for (uint32_t i = 0; i < l->tracks.count; i++) {
        entries[tracks[i]].rank = i;
    }
    for (uint32_t i = 0; i < f->spans.count; i++) {
        l->spans[i].track = entries[l->spans[i].track].rank;
    }
    return rc;
}

/* One track: its spans [from, to). */
static void lay_out(struct import_layout *l, uint32_t from, uint32_t to)
{
    const struct wk_order nesting = {by_nesting, NULL};
    uint32_t entry = ((const uint32_t *)l->tracks.items)[l->spans[from].track], kept = from, begun = 0;
    pair(l, from, to);
    for (uint32_t i = from; i < to; i++) {
        begun |= l->spans[i].kind == WICK_RECORD_START;
    }
    for (uint32_t i = from; i < to; i++) {
        const struct wk_import_span *span = &l->spans[i];
        if (span->how == WK_IMPORT_STEP && !begun) {
            l->reader->import->phases[span->name & 127]++; /* a step of nothing */
        } else if (span->kind != WICK_RECORD_ENDOK) {
            l->spans[kept++] = *span;
        }
    }
    if (!l->reader->import->ours &&
        wk_order_sort(l->reader->allocator, l->spans + from, kept - from, sizeof *l->spans, &nesting) < 0) {
        l->reader->error = WICK_E_NOMEM;
    }
    l->rows.count = 0;
    for (uint32_t i = from; i < kept && !l->reader->error; i++) {
        place(l, entry, i);
    }
    for (uint32_t i = 0; i < l->rows.count; i++) {
        end_until(l, (struct import_row *)l->rows.items + i, WK_IMPORT_OPEN, 0);
    }
}

void wk_import_chrome_finish(struct wick_reader *reader)
{
    struct wk_import *f = reader->import;
    struct import_layout l = {.reader = reader, .spans = f->spans.items};
    const struct wk_order time = {by_time, NULL};
    if (rank(&l) < 0 || wk_order_sort(reader->allocator, l.spans, f->spans.count, sizeof *l.spans, &time) < 0) {
        reader->error = WICK_E_NOMEM;
    }
    for (uint32_t from = 0, to; from < f->spans.count && !reader->error; from = to) {
        for (to = from + 1; to < f->spans.count && l.spans[to].track == l.spans[from].track; to++) {
        }
        lay_out(&l, from, to);
    }
    wk_array_free(&l.tracks, reader->allocator, sizeof(uint32_t));
    wk_array_free(&l.rows, reader->allocator, sizeof(struct import_row));
    wk_array_free(&l.open, reader->allocator, sizeof(uint32_t));
}
