/*
 * SPDX-License-Identifier: MIT
 * What the files of a comparison share while it is made.
 * Must not be included outside of lib/stats. Invariant: `starts` and `self_ns` are per run, the base's first.
 */
#ifndef WICK_LIB_STATS_COMPARE_STATE_H
#define WICK_LIB_STATS_COMPARE_STATE_H

#include "stats/compare.h"

#define WK_COMPARE_MARGIN 0.00995033085316808 /* ln 1.01: tests are against "no more than 1 %" */
#define WK_COMPARE_LEAST_DEVIATION 0.002      /* of a run from another, whatever a few of them say */
#define WK_COMPARE_COST_SHARE 0.55            /* of the whole error, for costs */
#define WK_COMPARE_RANK_MAX 0.01              /* one wild run is no difference: the ranks must be as unlikely */

struct wk_comparing {
    struct wk_comparison *out;
    uint32_t runs[WK_SIDES], all; /* numbers of runs; all: of both */
    double *self_ns;  /* per run */
    double *shift;    /* per run: logarithm of how much slower it was in all places */
    double *values;   /* per judged place and run: of one metric */
    double *spare;    /* one per run and one per judged place */
};

/* Match the runs, choose the places to be judged, find what all of them have in common. 0 or WICK_E_NOMEM; in any case
 * wk_comparing_end, and wk_comparison_free of what it fills. */
int wk_comparing_begin(struct wk_comparing *c, struct wk_comparison *out, const struct wk_runs runs[WK_SIDES],
                       const struct wk_compare_options *options);
void wk_comparing_end(struct wk_comparing *c);
/* Values of one metric of the judged places become their changes. 0 or WICK_E_NOMEM. */
int wk_compare_metric(struct wk_comparing *c, enum wk_metric metric);
/* Find what all places of a run have in common, and judge it. */
void wk_compare_shift(struct wk_comparing *c);
/* Self time of whole runs. */
void wk_compare_total(struct wk_comparing *c);
/* Time that went from one place to another is no regression. */
void wk_compare_moves(struct wk_comparing *c);
/* enum wk_obstacle */
uint32_t wk_compare_obstacles(struct wk_comparison *c);

/* Which ranks are too unlikely for luck. Against runs that the caller vouches for, those that lie beyond all of them. */
static inline double wk_compare_rank_max(const struct wk_comparing *c)
{
    double ways = 1;
    for (uint32_t i = 1; i <= c->runs[WK_CANDIDATE]; i++) {
        ways *= (double)(c->runs[WK_BASE] + i) / i;
    }
    return c->out->options->model && ways * WK_COMPARE_RANK_MAX < 1 ? 1.0001 / ways : WK_COMPARE_RANK_MAX;
}

/* Are there runs from which a difference between builds can be told from one between runs? */
static inline bool wk_compare_varies(const struct wk_comparing *c)
{
    return c->runs[WK_BASE] > 1 && (c->runs[WK_CANDIDATE] > 1 || (c->out->options->model && c->runs[WK_CANDIDATE]));
}

/* The t that a change must exceed, and the t of finding it in 80 % of comparisons. */
struct wk_power {
    double needed, found;
};

/* alpha: of one test */
struct wk_power wk_compare_power(double alpha, double freedom);
/* The least change (0.05: 5 %) that is found; threshold: the logarithm of what is not flagged. */
double wk_compare_least(const struct wk_power *power, double error, double threshold);

/* The mean of a side's values, which are one per run. */
static inline double wk_compare_mean(const double *values, const uint32_t runs[WK_SIDES], enum wk_side side)
{
    const double *from = values + (side == WK_BASE ? 0 : runs[WK_BASE]);
    double sum = 0;
    for (uint32_t i = 0; i < runs[side]; i++) {
        sum += from[i];
    }
    return sum / runs[side];
}

#endif
