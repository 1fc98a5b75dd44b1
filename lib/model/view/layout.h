/*
 * SPDX-License-Identifier: MIT
 * Layout of tracks: order, pools of threads whose names differ by a number, lanes shared by threads of a pool.
 * Invariant: tracks of one lane never overlap in time.
 */
#ifndef WICK_LIB_MODEL_VIEW_LAYOUT_H
#define WICK_LIB_MODEL_VIEW_LAYOUT_H

#include "index.h"

enum wk_layout_flags { WK_LAYOUT_PACK = 1, WK_LAYOUT_BUSY = 2, WK_LAYOUT_POOL = 4 };

struct wk_lane_item {
    uint32_t lane, track;
    uint32_t pool;
    uint32_t depth; /* of the lane */
    const char *pool_name;
    uint32_t pool_bytes;
    uint32_t pinned;
    int64_t first_ns, last_ns;
    int64_t lane_busy_ns;
};

/* One item per track with a record, in order of lanes; `items`: array of struct wk_lane_item, freed by the caller. 0 or
 * WICK_E_NOMEM. */
int wk_layout_tracks(const struct wk_index *index, const struct wick_names *names, uint32_t flags,
                     struct wk_array *items);

#endif
