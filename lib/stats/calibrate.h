/*
 * SPDX-License-Identifier: MIT
 * How much runs of one build differ, and how many of them a comparison needs to see a change.
 * Must not print. Invariant: what is said to be found is what wk_compare finds: both use the same test.
 */
#ifndef WICK_LIB_STATS_CALIBRATE_H
#define WICK_LIB_STATS_CALIBRATE_H

#include "stats/compare.h"

enum { WK_CALIBRATE_LEAST = 3, WK_CALIBRATE_MOST = 50, WK_CALIBRATE_SIZES = 3 };

/* Runs of each build for which wk_noise.least is known. */
extern const uint32_t wk_calibrate_sizes[WK_CALIBRATE_SIZES];

/* A place of which something is known. */
struct wk_noise {
    uint32_t row;
    double share, calls;              /* of the run's self time; per run */
    double cost_ns;                   /* of an undisturbed call, without what all places have in common */
    double noise;                     /* standard deviation between runs, relative, moderated by that of all places */
    double least[WK_CALIBRATE_SIZES]; /* the least change that such comparisons find */
    uint32_t needed;                  /* runs of each build to see `detect`; 0: more than WK_CALIBRATE_MOST */
    bool exact;                       /* its calls per call of the parent are the same in all runs */
};

struct wk_calibration {
    struct wk_comparison runs;  /* the places, and obstacles; nothing is tested */
    struct wk_noise *places;    /* by row */
    uint32_t count;
    double shift_noise;         /* standard deviation of what all places have in common */
    uint32_t needed, unclear;   /* the most of the places' needed; places that need more than WK_CALIBRATE_MOST */
};

/* At least WK_CALIBRATE_LEAST runs. 0 or WICK_E_NOMEM; wk_calibration_free in any case. */
int wk_calibrate(struct wk_calibration *c, const struct wk_runs *runs, const struct wk_compare_options *options);
void wk_calibration_free(struct wk_calibration *c);

/*
 * Compare one half of the runs with the other, `splits` times with halves that are drawn, and count how often a place is flagged
 * although the build is the same. The halves share runs, so that these are not `splits` experiments. 0 or WICK_E_NOMEM.
 */
int wk_calibrate_check(const struct wk_runs *runs, const struct wk_compare_options *options, uint32_t splits, uint32_t *alarms);

#endif
