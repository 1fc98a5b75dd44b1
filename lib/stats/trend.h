/*
 * SPDX-License-Identifier: MIT
 * Runs of many builds, one after the other: where the cost of a place changed for good, and which build was the last without what
 * got worse. Must not print. Invariant: nothing is drawn: equal runs give equal changes.
 *
 * Sources: Matteson and James, "A nonparametric approach for multiple change point analysis of multivariate data" (2014), for where
 * to cut (the energy distance); their permutation test is replaced, as Fleming and others do in "Hunter: using change point
 * detection to hunt for performance regressions" (2023), by t tests that take cuts out again, the weakest first.
 */
#ifndef WICK_LIB_STATS_TREND_H
#define WICK_LIB_STATS_TREND_H

#include "stats/compare.h"

enum { WK_TREND_LEAST = 8 }; /* points */

/* From `point` on a place costs more, or less, than from the change before it (or the first point) on. */
struct wk_trend_change {
    uint32_t row;            /* WICK_NONE: all places together */
    uint32_t point;
    double from, to;         /* ns of an undisturbed call, without what all places have in common; of all places: a factor */
    double ratio, low, high; /* to / from and its 99 % interval */
    double p;                /* adjusted for all places and points */
    bool worse;
    bool stands;             /* worse, and what came after did not make up for it */
};

struct wk_trend {
    struct wk_matched matched; /* all runs, as those of one build */
    uint32_t points, places;   /* places: that were examined */
    struct wk_trend_change *changes; /* by point, then row; all places together before others */
    uint32_t count;
    uint32_t last_good;        /* the point before the first change that stands; the last one: none does */
};

/* At least WK_TREND_LEAST points, in order, each of at least one run. 0 or WICK_E_NOMEM; wk_trend_free in any case. */
int wk_trend_find(struct wk_trend *trend, const struct wk_runs *points, uint32_t count, const struct wk_compare_options *options);
void wk_trend_free(struct wk_trend *trend);

#endif
