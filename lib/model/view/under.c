/*
 * SPDX-License-Identifier: MIT
 * Hangs a thread's tree under a scope of another (WICK_THREAD_UNDER), in the statistics of a selection. The scope is
 * found by its path of sites, so the order in which the two threads are walked does not matter.
 */
#include "selection.h"

#include "model/tree/tree_state.h"

#define UNDER_DEEP 64u /* most threads in a chain, each under a scope of the next */

static int push(struct wk_selection *s, uint32_t item)
{
    if (wk_array_reserve(&s->path, s->index->outer, s->path.count + 1, sizeof item) < 0) {
        return WICK_E_NOMEM;
    }
    ((uint32_t *)s->path.items)[s->path.count++] = item;
    return 0;
}

/* The row of the innermost scope of a track that starts at a time; WICK_NONE: none, or it was dropped. */
static uint32_t starting_at(const struct wk_index *index, uint32_t track, int64_t start_ns, uint32_t *scope)
{
    const struct wk_array *rows = &wk_index_tracks(index)[track].rows;
    for (uint32_t depth = rows->count; depth-- > 0;) {
        uint32_t row = ((const uint32_t *)rows->items)[depth];
        const struct wk_row *r = &wk_index_rows(index)[row];
        *scope = wk_row_first_starting(r, start_ns);
        struct wk_place place = wk_row_place(r, *scope);
        if (place.chunk && place.chunk->start_ns[place.at] == start_ns) {
            return row;
        }
    }
    return WICK_NONE;
}

/* Collect the sites from a scope outward; where its track hangs under another scope, WICK_NONE - 1 - track follows and
 * the path goes on from that scope. 0: a part is missing; else 1, or an error. *track becomes the outermost track. */
static int find_path(struct wk_selection *s, uint32_t *track, int64_t start_ns)
{
    const struct wk_index *index = s->index;
    s->path.count = 0;
    for (uint32_t level = 0; level < UNDER_DEEP; level++) {
        uint32_t scope, row = starting_at(index, *track, start_ns, &scope);
        if (row == WICK_NONE) {
            return 0;
        }
        for (; row != WICK_NONE; row = wk_index_above(index, row)) {
            struct wk_place place = wk_row_place(&wk_index_rows(index)[row], scope);
            if (!place.chunk || push(s, place.chunk->site[place.at]) < 0) {
                return place.chunk ? WICK_E_NOMEM : 0;
            }
            start_ns = place.chunk->start_ns[place.at];
            scope = place.chunk->parent[place.at];
        }
        const struct wk_instant *under = NULL, *next;
        for (uint32_t at = wk_index_tracks(index)[*track].under_first;
             (next = wk_instants_under(index, at)) && next->from_ns <= start_ns; at = next->text) {
            under = next;
        }
        if (!under) {
            return 1;
        }
        if (push(s, WICK_NONE - 1 - *track) < 0) {
            return WICK_E_NOMEM;
        }
        *track = under->kind;
        start_ns = under->to_ns;
    }
    return 0; /* too many threads: a circle */
}

int wk_under_hang(struct wk_selection *s, const struct wick_record *under)
{
    struct wick_tree *tree = s->tree;
    const uint32_t tracks = s->index->tracks.count;
    uint32_t track = under->parent_track;
    int rc = track < tracks ? find_path(s, &track, under->first_ns) : 0;
    if (rc <= 0) {
        return rc;
    }
    uint32_t node = wk_tree_root(tree, track, WICK_NONE);
    for (uint32_t i = s->path.count; i-- > 0 && node != WICK_NONE;) {
        uint32_t item = ((const uint32_t *)s->path.items)[i];
        node = item < WICK_NONE - 1 - tracks ? wk_tree_child(tree, node, item, WICK_NODE_SCOPE)
                                             : wk_tree_root(tree, WICK_NONE - 1 - item, node);
    }
    if (node != WICK_NONE && wk_tree_track(tree, under->track)) {
        wk_tree_under_node(tree, under->track, node);
    }
    return tree->error;
}
