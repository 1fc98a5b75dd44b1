/*
 * SPDX-License-Identifier: MIT
 * Special functions: the tails of Student's t, digamma, trigamma.
 * Must not know what is measured. Invariant: relative errors below 1e-10, in tails of 1e-200, too (tests/unit/test_stats.c).
 */
#ifndef WICK_LIB_STATS_SPECIAL_H
#define WICK_LIB_STATS_SPECIAL_H

/* P(T > t) of Student's t; degrees of freedom > 0, INFINITY: the normal distribution. */
double wk_stats_t_tail(double t, double freedom);
/* The t that is exceeded with probability `tail` (0 < tail < 1). */
double wk_stats_t_exceeded(double tail, double freedom);
/* First and second derivative of ln gamma(x), x > 0. */
double wk_stats_digamma(double x);
double wk_stats_trigamma(double x);
/* The x > 0 whose trigamma is y > 0. */
double wk_stats_trigamma_inverse(double y);

#endif
