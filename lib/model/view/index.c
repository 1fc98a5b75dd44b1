/*
 * SPDX-License-Identifier: MIT
 * Records into rows: the stack of each track, counts, retention. A scope's row follows from the depth of its track.
 * Invariants: an END ends the innermost open scope of its track; time never goes backwards within a track.
 */
#include "index.h"

#include "model/base/exact.h"

/* Retention compares `bytes` with its limit, so everything that grows with the trace is allocated through here. */
static void *count_resize(void *user, void *block, size_t old_bytes, size_t new_bytes)
{
    struct wk_index *index = user;
    void *resized = index->outer->resize(index->outer->user, block, old_bytes, new_bytes);
    if (resized || !new_bytes) {
        index->bytes += new_bytes - (block ? old_bytes : 0);
    }
    return resized;
}

struct wk_index *wk_index_create(const struct wick_allocator *allocator)
{
    struct wk_index *index = wk_mem_zeroed(allocator, sizeof *index);
    if (!index) {
        return NULL;
    }
    index->outer = allocator;
    index->allocator = (struct wick_allocator){count_resize, index};
    index->now_ns = index->last_ns = index->retained_from_ns = INT64_MIN;
    index->first_ns = INT64_MAX;
    index->cache = wk_mem_zeroed(&index->allocator, WK_KEPT_CACHE * sizeof *index->cache);
    if (!index->cache) {
        wk_index_destroy(index);
        return NULL;
    }
    return index;
}

void wk_index_destroy(struct wk_index *index)
{
    if (!index) {
        return;
    }
    const struct wick_allocator *a = &index->allocator;
    for (uint32_t i = 0; i < index->rows.count; i++) {
        wk_row_free(index, &wk_index_rows(index)[i]);
    }
    for (uint32_t i = 0; i < index->tracks.count; i++) {
        wk_array_free(&wk_index_tracks(index)[i].rows, a, sizeof(uint32_t));
        wk_array_free(&wk_index_tracks(index)[i].locks, a, sizeof(struct wk_open_lock));
    }
    for (uint32_t i = 0; i < WK_INSTANT_KINDS; i++) {
        wk_array_free(&index->instants[i].items, a, sizeof(struct wk_instant));
    }
    wk_array_free(&index->lock_ends, a, sizeof(int64_t));
    wk_array_free(&index->counter_marks.values, a, sizeof(double));
    wk_array_free(&index->counter_marks.of_site, a, sizeof(uint32_t));
    wk_array_free(&index->rows, a, sizeof(struct wk_row));
    wk_array_free(&index->tracks, a, sizeof(struct wk_index_track));
    wk_array_free(&index->texts, a, 1);
    wk_mem_free(a, index->cache, WK_KEPT_CACHE * sizeof *index->cache);
    wk_mem_free(index->outer, index, sizeof *index);
}

static struct wk_index_track *track_of(struct wk_index *index, uint32_t track)
{
    while (WICK_I_UNLIKELY(track >= index->tracks.count)) {
        if (wk_array_reserve(&index->tracks, &index->allocator, index->tracks.count + 1,
                             sizeof(struct wk_index_track)) < 0) {
            return NULL;
        }
        wk_index_tracks(index)[index->tracks.count++] = (struct wk_index_track){0};
    }
    return &wk_index_tracks(index)[track];
}

/* The row of a depth, made when it is the track's first scope there; depth is at most the number of its rows. May move
 * the rows. WICK_NONE: no memory. */
static uint32_t row_of(struct wk_index *index, uint32_t track, uint32_t depth)
{
    struct wk_array *rows = &wk_index_tracks(index)[track].rows;
    if (WICK_I_LIKELY(depth < rows->count)) {
        return ((const uint32_t *)rows->items)[depth];
    }
    if (wk_array_reserve(rows, &index->allocator, depth + 1, sizeof(uint32_t)) < 0 ||
        wk_array_reserve(&index->rows, &index->allocator, index->rows.count + 1, sizeof(struct wk_row)) < 0) {
        return WICK_NONE;
    }
    wk_index_rows(index)[index->rows.count] = (struct wk_row){.track = track, .depth = depth};
    ((uint32_t *)rows->items)[rows->count++] = index->rows.count;
    index->depth_max = depth + 1 > index->depth_max ? depth + 1 : index->depth_max;
    return index->rows.count++;
}

static int start(struct wk_index *index, const struct wick_record *r)
{
    struct wk_index_track *track = &wk_index_tracks(index)[r->track];
    uint32_t parent = WICK_NONE;
    if (track->depth) { /* the open scope of the row above, which is its last one */
        parent = wk_index_rows(index)[((const uint32_t *)track->rows.items)[track->depth - 1]].count - 1;
    }
    uint32_t row = row_of(index, r->track, track->depth);
    if (row == WICK_NONE) {
        return WICK_E_NOMEM;
    }
    int rc = wk_row_start(index, row, r, parent);
    if (rc >= 0) {
        track->depth++;
        track->scopes++;
        index->scopes++;
        index->open++;
    }
    return rc;
}

static int end(struct wk_index *index, const struct wick_record *r)
{
    struct wk_index_track *track = &wk_index_tracks(index)[r->track];
    if (!track->depth) {
        index->stray_ends++;
        return 0;
    }
    track->depth--;
    index->open--;
    return wk_row_end(index, ((const uint32_t *)track->rows.items)[track->depth], r);
}

static int clear(struct wk_index *index, const struct wick_record *r)
{
    struct wick_record each = *r;
    each.kind = WICK_RECORD_ENDER;
    each.unfinished = WICK_UNFINISHED_CLEAR;
    each.text_bytes = 0;
    each.u.cpu_ns = -1;
    int rc = 0;
    while (rc >= 0 && wk_index_tracks(index)[r->track].depth) {
        rc = end(index, &each);
    }
    return rc;
}

static int rare(struct wk_index *index, const struct wick_record *r)
{
    const struct wk_index_track *track = &wk_index_tracks(index)[r->track];
    if (r->kind == WICK_RECORD_CLEAR) {
        return clear(index, r);
    }
    const int amount = r->kind == WICK_RECORD_AMOUNT;
    if (amount || wk_number_kind(r->kind) == WICK_RECORD_VALUE) {
        const struct wick_number value = wk_number_of(r);
        const uint32_t row = track->depth ? ((const uint32_t *)track->rows.items)[track->depth - 1] : 0;
        return !track->depth ? 0 : amount ? wk_row_amount(index, row, r->site, value.value) : wk_row_value(index, row, &value);
    }
    return wk_instants_feed(index, r, index->at_ns);
}

/* Set the record's time in the trace. Never earlier than the track's last one: together with the stack this keeps the
 * starts and ends of a row sorted, which every binary search over a row relies on. */
static void set_time(struct wk_index *index, struct wk_index_track *track, int64_t time_ns)
{
    if (WICK_I_UNLIKELY(!index->has_origin)) {
        index->has_origin = 1;
        index->origin_ns = time_ns;
    }
    time_ns = wk_index_time(index, time_ns);
    if (WICK_I_UNLIKELY(!track->seen)) {
        track->seen = 1;
        track->first_ns = track->last_ns = time_ns;
    }
    if (WICK_I_UNLIKELY(time_ns < track->last_ns)) {
        index->backwards++;
        time_ns = track->last_ns;
    }
    track->last_ns = time_ns;
    index->first_ns = time_ns < index->first_ns ? time_ns : index->first_ns;
    index->last_ns = time_ns > index->last_ns ? time_ns : index->last_ns;
    index->at_ns = time_ns;
}

int wk_index_feed(struct wk_index *index, const struct wick_record *records, size_t count)
{
    index->version++;
    for (size_t i = 0; i < count && !index->error; i++) {
        const struct wick_record *r = &records[i];
        struct wk_index_track *track = track_of(index, r->track);
        if (!track) {
            index->error = WICK_E_NOMEM;
            break;
        }
        set_time(index, track, r->time_ns);
        int rc = r->kind == WICK_RECORD_START   ? start(index, r)
                 : r->kind <= WICK_RECORD_ENDER ? end(index, r)
                                                : rare(index, r);
        if (rc < 0) {
            index->error = rc;
        }
    }
    index->records += count;
    return index->error;
}

/* The row whose oldest chunk ends first; WICK_NONE: none. A chunk with an open scope ends at WK_OPEN and is never
 * chosen, so that the stack of a track stays in the columns. */
static uint32_t oldest_row(const struct wk_index *index)
{
    uint32_t found = WICK_NONE;
    int64_t oldest_ns = WK_OPEN;
    for (uint32_t i = 0; i < index->rows.count; i++) {
        const struct wk_row *row = &wk_index_rows(index)[i];
        const struct wk_chunk *chunk = row->chunk_count ? &row->chunks[0] : NULL;
        if (chunk && chunk->count && wk_chunk_recorded_end(chunk, chunk->count - 1) < oldest_ns) {
            oldest_ns = wk_chunk_recorded_end(chunk, chunk->count - 1);
            found = i;
        }
    }
    return found;
}

int wk_index_trim(struct wk_index *index, size_t bytes)
{
    while (index->bytes > bytes) {
        uint32_t found = oldest_row(index);
        if (found == WICK_NONE) {
            break;
        }
        struct wk_row *row = &wk_index_rows(index)[found];
        int rc = wk_row_sum(index, row, 1); /* first: the pyramid replaces the columns that go */
        if (rc < 0) {
            return rc;
        }
        int64_t gone_ns = wk_chunk_recorded_end(&row->chunks[0], row->chunks[0].count - 1);
        row->base += row->chunks[0].count; /* indices of the scopes that stay do not change */
        index->dropped += row->chunks[0].count;
        wk_chunk_free(index, &row->chunks[0]);
        memmove(row->chunks, row->chunks + 1, --row->chunk_count * sizeof *row->chunks);
        if (gone_ns > index->retained_from_ns) {
            index->retained_from_ns = gone_ns;
        }
        index->version++;
    }
    if (index->retained_from_ns != INT64_MIN) {
        wk_instants_drop_before(index, index->retained_from_ns);
    }
    return 0;
}
