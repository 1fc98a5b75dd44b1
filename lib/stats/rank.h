/*
 * SPDX-License-Identifier: MIT
 * What needs no distribution: medians, the exact rank test of two groups, Holm's adjustment for many tests.
 * Must not allocate without telling. Invariant: nothing depends on the order of equal values.
 */
#ifndef WICK_LIB_STATS_RANK_H
#define WICK_LIB_STATS_RANK_H

#include <stdint.h>

/* The median; the values are put in order. NAN: there is none. */
double wk_stats_median(double *values, uint32_t count);

enum { WK_STATS_RANK_MAX = 50 }; /* values of a group */

/*
 * How likely is it that ranks of the second group are as high as these, or higher, if both are alike? Exact, ties included
 * (Mann and Whitney 1947; over all ways to choose which values are of the second group). The groups stand one behind the other.
 * 1: a group is empty or larger than WK_STATS_RANK_MAX.
 */
double wk_stats_rank_tail(const double *values, uint32_t first, uint32_t second);

/* Adjust p values for their number (Holm 1979), so that each can be held against the error of all. Must be in ascending order. */
void wk_stats_holm(double *sorted, uint32_t count);

#endif
