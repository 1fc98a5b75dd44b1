/*
 * SPDX-License-Identifier: MIT
 * Feeds the selected scopes to a tree, a batch of records at a time; groups the tree's scopes by site.
 * Invariant: the records of a track come in the order of the log, so that the tree is the native tool's.
 */
#include "selection.h"

#include "model/tree/rows_state.h"

#define BATCH 256u

void wk_selection_init(struct wk_selection *s, struct wk_index *index)
{
    *s = (struct wk_selection){.index = index, .from_ns = INT64_MIN, .to_ns = INT64_MAX};
}

void wk_selection_restart(struct wk_selection *s)
{
    wick_rows_destroy(s->rows); /* before the tree, from which they borrow histograms */
    s->rows = NULL;
    wick_tree_destroy(s->tree);
    s->tree = NULL;
    s->track = s->depth = 0;
    s->cursors.count = 0;
    s->started = s->done = 0;
    s->walked = 0;
}

void wk_selection_fini(struct wk_selection *s)
{
    wk_selection_restart(s);
    wk_array_free(&s->cursors, s->index->outer, sizeof(struct wk_cursor));
    wk_array_free(&s->path, s->index->outer, sizeof(uint32_t));
    wk_array_free(&s->tracks, s->index->outer, 1);
    wk_array_free(&s->sites, s->index->outer, 1);
}

void wk_selection_range(const struct wk_selection *s, const struct wk_row *row, uint32_t *first, uint32_t *past)
{
    /* Two binary searches: ends and starts of a row are each monotone. */
    *first = wk_row_first_ending(row, s->from_ns);
    *past = wk_row_first_starting(row, s->to_ns);
    struct wk_place place = wk_row_place(row, *first);
    if (place.chunk && wk_chunk_recorded_end(place.chunk, place.at) == s->from_ns &&
        place.chunk->start_ns[place.at] < s->from_ns) {
        (*first)++; /* it only touches the selection; a scope of no length there stays (wk_selection_has_edge) */
    }
    *past = *past < *first ? *first : *past;
}

int wk_selection_has_edge(const struct wk_selection *s, uint32_t row, uint32_t scope)
{
    for (;;) {
        struct wk_place place = wk_row_place(&wk_index_rows(s->index)[row], scope);
        if (!place.chunk || place.chunk->start_ns[place.at] < s->from_ns) {
            return place.chunk && wk_chunk_recorded_end(place.chunk, place.at) > s->from_ns;
        }
        scope = place.chunk->parent[place.at];
        row = wk_index_above(s->index, row);
        if (row == WICK_NONE) {
            return 1;
        }
    }
}

int wk_selection_is_inside(const struct wk_selection *s, uint32_t row, uint32_t scope)
{
    while (s->sites.count && row != WICK_NONE) {
        struct wk_place place = wk_row_place(&wk_index_rows(s->index)[row], scope);
        if (!place.chunk) {
            return 0;
        }
        if (wk_selection_has_site(s, place.chunk->site[place.at])) {
            return 1;
        }
        scope = place.chunk->parent[place.at];
        row = wk_index_above(s->index, row);
    }
    return !s->sites.count;
}

/* ---- the walk ---- */

static void set_cursor(const struct wk_selection *s, struct wk_cursor *c, uint32_t row)
{
    const struct wk_row *r = &wk_index_rows(s->index)[row];
    *c = (struct wk_cursor){.row = row};
    wk_selection_range(s, r, &c->index, &c->past);
    struct wk_place place = wk_row_place(r, c->index);
    c->chunk = place.chunk;
    c->at = place.at;
}

static void advance(struct wk_cursor *c)
{
    c->index++;
    if (WICK_I_UNLIKELY(++c->at == c->chunk->count)) {
        c->chunk++; /* chunks are one array; after the last one `index` is `past`, and it is not read */
        c->at = 0;
    }
}

/* Cursors for all rows of the next selected track; 0: there is none. */
static int begin_track(struct wk_selection *s)
{
    const struct wk_index *index = s->index;
    while (s->track < index->tracks.count) {
        const struct wk_array *rows = &wk_index_tracks(index)[s->track].rows;
        if (rows->count && wk_selection_has_track(s, s->track)) {
            if (wk_array_reserve(&s->cursors, index->outer, rows->count, sizeof(struct wk_cursor)) < 0) {
                return WICK_E_NOMEM;
            }
            for (uint32_t i = 0; i < rows->count; i++) {
                set_cursor(s, (struct wk_cursor *)s->cursors.items + i, ((const uint32_t *)rows->items)[i]);
            }
            s->cursors.count = rows->count;
            s->depth = 0;
            s->under = wk_index_tracks(index)[s->track].under_first;
            return 1;
        }
        s->track++;
    }
    return 0;
}

struct batch {
    struct wick_record *records;
    uint32_t count;
};

static void put_text(const struct wk_chunk *chunk, uint32_t text, struct wick_record *r)
{
    r->text = wk_chunk_text(chunk, text, &r->text_bytes);
}

/* The newest scope that the track hangs under when this outermost scope starts. */
static void put_under(struct wk_selection *s, struct batch *batch, const struct wk_cursor *c)
{
    int64_t start_ns = c->chunk->start_ns[c->at];
    const struct wk_instant *found = NULL, *next;
    while ((next = wk_instants_under(s->index, s->under)) && next->from_ns <= start_ns) {
        found = next;
        s->under = next->text;
    }
    if (found) {
        batch->records[batch->count++] =
            (struct wick_record){.time_ns = start_ns > s->from_ns ? start_ns : s->from_ns,
                                 .first_ns = found->to_ns,
                                 .track = s->track,
                                 .site = WICK_NONE,
                                 .parent_track = found->kind,
                                 .kind = WICK_RECORD_UNDER};
    }
}

static void put_start(const struct wk_selection *s, struct batch *batch, const struct wk_cursor *c)
{
    int64_t start_ns = c->chunk->start_ns[c->at];
    struct wick_record *r = &batch->records[batch->count++];
    r->time_ns = start_ns > s->from_ns ? start_ns : s->from_ns;
    r->text_bytes = 0;
    r->track = s->track;
    r->site = c->chunk->site[c->at];
    r->kind = WICK_RECORD_START;
    r->unfinished = 0;
    if (s->texts) {
        put_text(c->chunk, wk_chunk_detail(c->chunk, c->at).text, r);
    }
}

/* An open scope stays open, unless the selection ends before its end so far. A value comes before the END. */
static void put_end(const struct wk_selection *s, struct batch *batch, const struct wk_cursor *c)
{
    int64_t end_ns = wk_chunk_end(s->index, c->chunk, c->at);
    if (c->chunk->duration_ns[c->at] == WK_LONG && end_ns <= s->to_ns &&
        wk_chunk_recorded_end(c->chunk, c->at) == WK_OPEN) {
        return;
    }
    struct wick_record r = {.time_ns = end_ns < s->to_ns ? end_ns : s->to_ns, .track = s->track,
                            .site = c->chunk->site[c->at], .kind = WICK_RECORD_ENDOK, .u.cpu_ns = -1};
    if (WICK_I_UNLIKELY(wk_chunk_extra(c->chunk, c->at))) {
        struct wk_detail detail = wk_chunk_detail(c->chunk, c->at);
        if (detail.has_value) {
            struct wick_record *value = &batch->records[batch->count++];
            *value = r;
            value->kind = detail.has_value == WK_VALUE_REAL ? WICK_RECORD_VALUE
                          : detail.has_value == WK_VALUE_WHOLE ? WICK_RECORD_VALUE_INT : WICK_RECORD_VALUE_UINT;
            value->u.integer = detail.value.whole; /* the bits of any of them */
        }
        r.u.cpu_ns = detail.cpu_ns;
        r.unfinished = detail.unfinished;
        r.kind = detail.failed || detail.unfinished ? WICK_RECORD_ENDER : WICK_RECORD_ENDOK;
        if (s->texts) {
            put_text(c->chunk, detail.message, &r);
        }
    }
    batch->records[batch->count++] = r;
}

/* The next named sum of a scope that is about to end, before its END; 0: there is no more. */
static int put_amount(struct wk_selection *s, struct batch *batch, const struct wk_cursor *c)
{
    const struct wk_amount *amounts = c->chunk->amounts.items;
    uint32_t at = amounts ? wk_chunk_detail(c->chunk, c->at).amount : 0;
    for (uint32_t i = 0; at && i < s->amounts; i++) {
        at = amounts[at - 1].next;
    }
    s->amounts = at ? s->amounts + 1 : 0;
    if (at) {
        const int64_t end_ns = wk_chunk_end(s->index, c->chunk, c->at);
        batch->records[batch->count++] = (struct wick_record){.time_ns = end_ns < s->to_ns ? end_ns : s->to_ns, .track = s->track, .site = amounts[at - 1].site,
                                                              .kind = WICK_RECORD_AMOUNT, .u.number = amounts[at - 1].sum};
    }
    return at != 0;
}

/* One step of the walk through a track: into a scope, out of one, or past one; 0: the track is done. Depth first, with
 * one cursor per row as the stack: parents are monotone, so the next child of the scope at `up`, if there is one, is
 * where its row's cursor stands. Makes at most two records. */
static int walk(struct wk_selection *s, struct batch *batch)
{
    struct wk_cursor *cursors = s->cursors.items, *c = &cursors[s->depth];
    const struct wk_cursor *up = c - 1;
    if (s->depth < s->cursors.count && c->index < c->past &&
        (!s->depth || c->chunk->parent[c->at] <= up->index)) {
        if (WICK_I_UNLIKELY(s->depth && c->chunk->parent[c->at] < up->index)) {
            advance(c); /* its parent lies outside of the selection, or was dropped */
            return 1;
        }
        if (!s->depth) {
            put_under(s, batch, c);
        }
        c->inside = !s->sites.count || (s->depth && up->inside) ||
                    wk_selection_has_site(s, c->chunk->site[c->at]);
        if (c->inside) {
            put_start(s, batch, c);
        }
        s->depth++;
        s->walked++;
        return 1;
    }
    if (!s->depth) {
        return 0;
    }
    c = &cursors[s->depth - 1];
    if (c->inside) {
        if (put_amount(s, batch, c)) {
            return 1;
        }
        put_end(s, batch, c);
    }
    s->depth--;
    advance(c);
    return 1;
}

/* After the index has changed: chunks move, so places are looked up again by their indices, which stay. 0: a scope that
 * the walk still needs was dropped. */
static int refresh(struct wk_selection *s)
{
    struct wk_cursor *cursors = s->cursors.items;
    int lost = 0;
    for (uint32_t i = 0; s->version != s->index->version && i < s->cursors.count; i++) {
        struct wk_place place = wk_row_place(&wk_index_rows(s->index)[cursors[i].row], cursors[i].index);
        cursors[i].chunk = place.chunk;
        cursors[i].at = place.at;
        lost |= !place.chunk && cursors[i].index < cursors[i].past;
    }
    s->version = s->index->version;
    return !lost;
}

static int begin(struct wk_selection *s)
{
    s->started = 1;
    s->version = s->index->version;
    return begin_track(s);
}

int wk_selection_records(struct wk_selection *s, struct wick_record *records, uint32_t capacity, uint32_t *count)
{
    struct batch batch = {records, 0};
    int more = s->started ? s->track < s->index->tracks.count : begin(s);
    while (more > 0 && batch.count + 2 <= capacity && (more = walk(s, &batch)) > 0) { /* a step makes up to two */
    }
    *count = batch.count;
    if (!more && s->track < s->index->tracks.count) {
        s->track++;
        more = begin_track(s);
    }
    return more;
}

/* An UNDER is handled here, by paths: in the tree its scope may be of a track that is walked later. */
static int feed(struct wk_selection *s, const struct wick_record *records, uint32_t count)
{
    uint32_t from = 0;
    int rc = 0;
    for (uint32_t i = 0; i < count && rc >= 0; i++) {
        if (records[i].kind == WICK_RECORD_UNDER) {
            rc = wick_tree_feed(s->tree, records + from, i - from);
            rc = rc < 0 ? rc : wk_under_hang(s, &records[i]);
            from = i + 1;
        }
    }
    return rc < 0 ? rc : wick_tree_feed(s->tree, records + from, count - from);
}

int wk_selection_step(struct wk_selection *s, uint32_t scopes)
{
    struct wick_record records[BATCH];
    if (s->done) {
        return 1;
    }
    if (s->started && !refresh(s)) {
        wk_selection_restart(s);
    }
    s->tree = s->tree ? s->tree : wick_tree_create(s->index->outer);
    memset(records, 0, sizeof records);
    int more = s->tree ? 1 : WICK_E_NOMEM, rc = 0;
    for (uint64_t limit = s->walked + scopes; more > 0 && rc >= 0 && s->walked < limit;) {
        uint32_t count;
        more = wk_selection_records(s, records, BATCH, &count);
        rc = feed(s, records, count);
    }
    if (more || rc < 0) {
        return more < 0 ? more : rc;
    }
    int64_t now_ns = wk_index_now(s->index);
    rc = wick_tree_settle(s->tree, now_ns < s->to_ns ? now_ns : s->to_ns);
    s->done = rc >= 0;
    return rc < 0 ? rc : 1;
}

const struct wick_rows *wk_selection_rows(struct wk_selection *s, uint32_t site_count)
{
    s->rows = s->rows ? s->rows : wk_rows_group(s->tree, NULL, site_count);
    return s->rows;
}
