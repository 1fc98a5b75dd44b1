/*
 * SPDX-License-Identifier: MIT
 * Moves the tracks of a log in time, so that logs lie beside each other.
 * Invariant: everything of a track moves by the same time, so that what is sorted in it stays sorted.
 */
#include "index.h"

static int64_t moved(int64_t time_ns, int64_t shift_ns)
{
    return time_ns == WK_OPEN || time_ns == INT64_MIN ? time_ns : time_ns + shift_ns;
}

/* The pyramid's buckets lie on a grid: it is made anew. */
static int shift_row(struct wk_index *index, struct wk_row *row, int64_t shift_ns)
{
    for (uint32_t c = 0; c < row->chunk_count; c++) {
        struct wk_chunk *chunk = &row->chunks[c];
        struct wk_detail *details = chunk->details.items;
        for (uint32_t i = 0; i < chunk->count; i++) {
            chunk->start_ns[i] += shift_ns;
        }
        for (uint32_t i = 0; i < chunk->details.count; i++) {
            details[i].end_ns = moved(details[i].end_ns, shift_ns);
        }
    }
    int had = row->pyramid != NULL;
    row->last_ns += shift_ns;
    wk_pyramid_free(index, row->pyramid);
    row->pyramid = NULL;
    row->summed = row->base;
    return wk_row_sum(index, row, had);
}

static void shift_instants(struct wk_index *index, uint32_t first_track, int64_t shift_ns)
{
    for (uint32_t kind = 0; kind < WK_INSTANT_KINDS; kind++) {
        struct wk_instant_list *list = &index->instants[kind];
        struct wk_instant *items = list->items.items;
        for (uint32_t i = 0; i < list->items.count; i++) {
            if (items[i].track >= first_track) {
                items[i].from_ns += shift_ns;
                items[i].to_ns = moved(items[i].to_ns, shift_ns);
            }
        }
        list->sorted = list->kept = 0;
    }
}

int wk_index_shift(struct wk_index *index, uint32_t first_track, int64_t shift_ns)
{
    struct wk_index_track *tracks = wk_index_tracks(index);
    int rc = index->dropped ? WICK_E_STATE : 0;
    for (uint32_t i = 0; rc >= 0 && i < index->rows.count; i++) {
        struct wk_row *row = &wk_index_rows(index)[i];
        rc = row->track >= first_track ? shift_row(index, row, shift_ns) : 0;
    }
    if (rc < 0) {
        return rc;
    }
    shift_instants(index, first_track, shift_ns);
    index->first_ns = INT64_MAX;
    index->last_ns = INT64_MIN;
    for (uint32_t i = 0; i < index->tracks.count; i++) {
        int64_t by_ns = i >= first_track ? shift_ns : 0;
        tracks[i].first_ns += by_ns;
        tracks[i].last_ns += by_ns;
        if (tracks[i].seen) {
            index->first_ns = tracks[i].first_ns < index->first_ns ? tracks[i].first_ns : index->first_ns;
            index->last_ns = tracks[i].last_ns > index->last_ns ? tracks[i].last_ns : index->last_ns;
        }
    }
    index->version++;
    return 0;
}
