/*
 * SPDX-License-Identifier: MIT
 * A histogram of durations: the raw values up to 16, then log-linear with 64 buckets per octave.
 * Invariant: the same values in any order, or merged from parts, give the same histogram and so the same quantiles.
 */
#ifndef WICK_LIB_MODEL_TREE_HIST_H
#define WICK_LIB_MODEL_TREE_HIST_H

#include "model/base/mem.h"

#define WK_HIST_RAW 16u     /* most values that are kept as they are */
#define WK_HIST_OCTAVES 58u /* 0: 0 .. 63, 1: 64 .. 127, 2: 128 .. 255 in steps of 2, ... */
#define WK_HIST_SUB 64u

struct wk_hist;

/* Durations of calls. A single one has no histogram: it is the total. */
struct wk_calls {
    struct wk_hist *hist;
    uint64_t count;
    int64_t total_ns;
};

/* Add a value (< 0 counts as 0). *hist may be NULL: it is created. 0 or WICK_E_NOMEM. */
int wk_hist_add(struct wk_hist **hist, const struct wick_allocator *a, int64_t value_ns);
int wk_hist_merge(struct wk_hist **hist, const struct wick_allocator *a, const struct wk_hist *from);
void wk_hist_free(struct wk_hist *hist, const struct wick_allocator *a);
/* Add calls to others; 0 or WICK_E_NOMEM. */
int wk_calls_add(struct wk_calls *calls, const struct wick_allocator *a, const struct wk_calls *more);

/* The value of rank (1 = smallest) among all; 0 when there is none. */
int64_t wk_hist_rank(const struct wk_hist *hist, uint64_t rank);

/* The value of a quantile's nearest rank (of a bar, its middle), but not beyond the least and the greatest value. */
int64_t wk_hist_quantile(const struct wk_hist *hist, uint32_t per_mille, int64_t least_ns, int64_t most_ns);

/* The next non-empty bar from *cursor on; 0 after the last. */
int wk_hist_next(const struct wk_hist *hist, uint32_t *cursor, struct wick_bucket_info *info);

#endif
