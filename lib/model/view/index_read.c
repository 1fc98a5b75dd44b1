/*
 * SPDX-License-Identifier: MIT
 * Reads the columns that index_row.c fills: details of a scope, places by time, children, self time. Nothing here
 * changes a row.
 */
#include "index.h"

static uint32_t ones(uint64_t bits)
{
    uint32_t count = 0;
    for (; bits; bits &= bits - 1) {
        count++;
    }
    return count;
}

/* Extras stand in the order of scopes: its place is `before` plus the bits of earlier scopes of the block. */
uint32_t *wk_chunk_find_extra(const struct wk_chunk *chunk, uint32_t at)
{
    if (!chunk->extras) {
        return NULL;
    }
    const struct wk_extras *extras = &chunk->extras[at / WK_BLOCK_SCOPES];
    uint64_t bit = (uint64_t)1 << (at % WK_BLOCK_SCOPES);
    return extras->has & bit
               ? (uint32_t *)chunk->extra.items + extras->before + ones(extras->has & (bit - 1))
               : NULL;
}

uint32_t wk_chunk_extra(const struct wk_chunk *chunk, uint32_t at)
{
    const uint32_t *extra = wk_chunk_find_extra(chunk, at);
    return extra ? *extra : 0;
}

static int64_t time_of(const struct wk_chunk *chunk, uint32_t at, int by_end)
{
    return by_end ? wk_chunk_recorded_end(chunk, at) : chunk->start_ns[at];
}

/* The first scope of a row whose start or end is not below `time_ns`; an open end is WK_OPEN. Binary search over the
 * chunks, then in one: starts and ends are each monotone (index.h). */
static uint32_t first_at_least(const struct wk_row *row, int64_t time_ns, int by_end)
{
    uint32_t low = 0, high = row->chunk_count;
    while (low < high) { /* the first chunk whose last scope is not below */
        uint32_t middle = low + (high - low) / 2;
        const struct wk_chunk *chunk = &row->chunks[middle];
        if (chunk->count && time_of(chunk, chunk->count - 1, by_end) < time_ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == row->chunk_count) {
        return row->count;
    }
    const struct wk_chunk *chunk = &row->chunks[low];
    uint32_t from = 0, to = chunk->count;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (time_of(chunk, middle, by_end) < time_ns) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return row->base + low * WK_CHUNK_SCOPES + from;
}

uint32_t wk_row_first_ending(const struct wk_row *row, int64_t time_ns)
{
    return first_at_least(row, time_ns, 1);
}

uint32_t wk_row_first_starting(const struct wk_row *row, int64_t time_ns)
{
    return first_at_least(row, time_ns, 0);
}

/* The first scope whose parent is not below `parent`. Parents are monotone: each is the last scope of the row above
 * when its child starts. */
static uint32_t first_child(const struct wk_row *row, uint32_t parent)
{
    uint32_t low = row->base, high = row->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        struct wk_place place = wk_row_place(row, middle);
        if (place.chunk->parent[place.at] < parent) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

void wk_row_children(const struct wk_index *index, uint32_t row, uint32_t scope, uint32_t *first, uint32_t *past)
{
    uint32_t below = wk_index_below(index, row);
    *first = *past = 0;
    if (below != WICK_NONE) {
        const struct wk_row *r = &wk_index_rows(index)[below];
        *first = first_child(r, scope);
        *past = first_child(r, scope + 1);
    }
}

struct wk_detail wk_chunk_detail(const struct wk_chunk *chunk, uint32_t at)
{
    uint32_t extra = wk_chunk_extra(chunk, at);
    if (extra & WK_DETAIL) {
        return ((const struct wk_detail *)chunk->details.items)[extra & ~WK_DETAIL];
    }
    return (struct wk_detail){.cpu_ns = -1, .end_ns = WK_OPEN, .text = extra}; /* WK_LONG without a detail is open */
}

int64_t wk_chunk_long_end(const struct wk_chunk *chunk, uint32_t at)
{
    return wk_chunk_detail(chunk, at).end_ns;
}

const char *wk_chunk_text(const struct wk_chunk *chunk, uint32_t text, uint32_t *bytes)
{
    return wk_kept_read(&chunk->texts, text, bytes);
}

uint32_t wk_chunk_flags(const struct wk_chunk *chunk, uint32_t at)
{
    uint32_t flags = wk_chunk_recorded_end(chunk, at) == WK_OPEN ? WK_SCOPE_OPEN : 0;
    if (wk_chunk_extra(chunk, at)) {
        struct wk_detail detail = wk_chunk_detail(chunk, at);
        flags |= (detail.failed ? WK_SCOPE_FAILED : 0u) | (detail.unfinished ? WK_SCOPE_UNFINISHED : 0u);
        if (wk_kept_matched(&chunk->texts, detail.text) || wk_kept_matched(&chunk->texts, detail.message)) {
            flags |= WK_SCOPE_MATCHED;
        }
    }
    return flags;
}

int64_t wk_row_self(const struct wk_index *index, uint32_t row, uint32_t scope)
{
    struct wk_place place = wk_row_place(&wk_index_rows(index)[row], scope);
    int64_t self_ns = wk_chunk_end(index, place.chunk, place.at) - place.chunk->start_ns[place.at];
    uint32_t first, past, below = wk_index_below(index, row);
    wk_row_children(index, row, scope, &first, &past);
    for (uint32_t i = first; i < past; i++) {
        struct wk_place child = wk_row_place(&wk_index_rows(index)[below], i);
        self_ns -= wk_chunk_end(index, child.chunk, child.at) - child.chunk->start_ns[child.at];
    }
    return self_ns;
}

static uint32_t neighbour(const struct wk_index *index, uint32_t row, uint32_t step)
{
    const struct wk_row *r = &wk_index_rows(index)[row];
    const struct wk_array *rows = &wk_index_tracks(index)[r->track].rows;
    uint32_t depth = r->depth + step;
    return depth < rows->count ? ((const uint32_t *)rows->items)[depth] : WICK_NONE;
}

uint32_t wk_index_below(const struct wk_index *index, uint32_t row)
{
    return neighbour(index, row, 1);
}

uint32_t wk_index_above(const struct wk_index *index, uint32_t row)
{
    return neighbour(index, row, UINT32_MAX); /* depth - 1; below 0 it is past every depth */
}
