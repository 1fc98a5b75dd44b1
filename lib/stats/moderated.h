/*
 * SPDX-License-Identifier: MIT
 * The moderated t test: many quantities, few runs of each, so that each borrows the others' knowledge of how much runs differ.
 * Must not know what is measured. Invariant: more tests never make one of them surer than its own runs and the prior are.
 *
 * Sources: Smyth, "Linear models and empirical Bayes methods for assessing differential expression in microarray experiments" (2004),
 * for the prior; McCarthy and Smyth, "Testing significance relative to a fold-change threshold is a TREAT" (2009), for the test.
 */
#ifndef WICK_LIB_STATS_MODERATED_H
#define WICK_LIB_STATS_MODERATED_H

#include <stdint.h>

/* What is known of the variance of any quantity before its own runs are seen: as if from `freedom` + 1 runs. */
struct wk_prior {
    double variance, freedom; /* freedom INFINITY: all have the same */
};

/* Fit the prior to the variances (> 0) of quantities that have `freedom` degrees each. */
struct wk_prior wk_stats_fit_prior(const double *variances, uint32_t count, double freedom);

/* Two groups of runs of one quantity. */
struct wk_groups {
    double difference; /* of the means, second - first */
    double variance;   /* within the groups */
    double freedom;    /* runs - 2 */
    double scale;      /* of the difference's variance: 1 / first + 1 / second */
};

/* `values`: the first group's, behind them the second's; each has at least one, both together three. */
struct wk_groups wk_stats_groups(const double *values, uint32_t first, uint32_t second);

/* The difference, judged. */
struct wk_moderated {
    double error;   /* standard error of the difference */
    double freedom;
    double p;       /* that |difference| is found this large although it is at most `margin` */
};

/* `least`: no quantity varies less than this (a standard deviation). */
struct wk_moderated wk_stats_moderate(const struct wk_groups *groups, const struct wk_prior *prior, double least, double margin);

#endif
