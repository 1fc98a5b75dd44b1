/*
 * SPDX-License-Identifier: MIT
 * The numerics of comparisons: against closed forms, GSL where it is installed, all ways that ranks can fall, and simulated runs.
 * Must not know summaries. Invariant: no expected number comes from the code that is tested.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "drawn_numbers.h"
#include "stats/moderated.h"
#include "stats/rank.h"
#include "stats/special.h"
#ifdef WICK_HAVE_GSL
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_psi.h>
#endif

static void near(const char *what, double found, double expected)
{
    const double off = fabs(found - expected), most = 1e-10 * fabs(expected);
    cr_assert(off <= most || found == expected, "%s: %.17g, not %.17g", what, found, expected);
}

Test(stats, tails_of_t_have_closed_forms)
{
    for (double t = 0; t < 1000; t = t * 1.3 + 0.01) {
        near("1 degree", wk_stats_t_tail(t, 1), atan2(1, t) / M_PI);
        const double root = sqrt(2 + t * t);
        near("2 degrees", wk_stats_t_tail(t, 2), 1 / (root * (root + t)));
        near("2 degrees, below", wk_stats_t_tail(-t, 2), 1 - 1 / (root * (root + t)));
    }
    near("normal", wk_stats_t_tail(1.959963984540054, INFINITY), 0.025);
}

Test(stats, what_is_exceeded_is_exceeded)
{
    static const double freedoms[] = {0.7, 1, 2.5, 8, 12, 40, 2000, INFINITY};
    for (size_t i = 0; i < sizeof freedoms / sizeof *freedoms; i++) {
        for (double tail = 1e-12; tail < 1; tail = tail * 1.7) {
            near("tail", wk_stats_t_tail(wk_stats_t_exceeded(tail, freedoms[i]), freedoms[i]), tail);
        }
    }
}

Test(stats, gammas_have_closed_forms)
{
    near("digamma(1)", wk_stats_digamma(1), -0.57721566490153286);
    near("digamma(1/2)", wk_stats_digamma(0.5), -0.57721566490153286 - 2 * log(2));
    near("trigamma(1)", wk_stats_trigamma(1), M_PI * M_PI / 6);
    near("trigamma(1/2)", wk_stats_trigamma(0.5), M_PI * M_PI / 2);
    for (double x = 1e-3; x < 1e5; x *= 1.9) {
        near("inverse", wk_stats_trigamma(wk_stats_trigamma_inverse(wk_stats_trigamma(x))), wk_stats_trigamma(x));
    }
}

#ifdef WICK_HAVE_GSL
Test(stats, another_library_agrees)
{
    for (double freedom = 0.5; freedom < 3000; freedom *= 1.37) {
        for (double t = 0; t < 60; t += 0.73) {
            /* Its own tails of t are a series of four terms from 30 degrees on. */
            near("tail", wk_stats_t_tail(t, freedom), gsl_cdf_beta_P(freedom / (freedom + t * t), freedom / 2, 0.5) / 2);
        }
        near("digamma", wk_stats_digamma(freedom), gsl_sf_psi(freedom));
        near("trigamma", wk_stats_trigamma(freedom), gsl_sf_psi_1(freedom));
    }
}
#endif

/* The share of choices of `second` values whose ranks are together at least as high, by trying every choice. */
static double tail_by_trying(const double *values, uint32_t first, uint32_t second)
{
    const uint32_t all = first + second;
    double rank[12] = {0}, sum = 0, ways = 0, high = 0;
    for (uint32_t i = 0; i < all; i++) {
        for (uint32_t j = 0; j < all; j++) {
            rank[i] += values[j] < values[i] ? 1 : values[j] == values[i] ? 0.5 : 0;
        }
        sum += i >= first ? rank[i] : 0;
    }
    for (uint32_t chosen = 0; chosen < 1u << all; chosen++) {
        double its = 0;
        for (uint32_t i = 0; i < all; i++) {
            its += chosen >> i & 1 ? rank[i] : 0;
        }
        const bool fits = (uint32_t)__builtin_popcount(chosen) == second;
        ways += fits;
        high += fits && its >= sum;
    }
    return high / ways;
}

Test(stats, ranks_are_exact_ties_or_not)
{
    uint32_t random = 1;
    for (uint32_t first = 1; first <= 6; first++) {
        for (uint32_t second = 1; second <= 6; second++) {
            for (uint32_t distinct = 1; distinct < 100; distinct = distinct * 3) {
                double values[12];
                for (uint32_t i = 0; i < first + second; i++) {
                    random = random * 1664525u + 1013904223u;
                    values[i] = (double)((random >> 10) % distinct);
                }
                near("ranks", wk_stats_rank_tail(values, first, second), tail_by_trying(values, first, second));
            }
        }
    }
    double values[100];
    for (int i = 0; i < 100; i++) {
        values[i] = i;
    }
    near("50 of 100", wk_stats_rank_tail(values, 50, 50), 1 / 1.0089134454556415e29);
    cr_assert_eq(wk_stats_rank_tail(values, 51, 1), 1);
    cr_assert_eq(wk_stats_rank_tail(values, 0, 1), 1);
}

Test(stats, holm_rejects_one_after_the_other)
{
    double p[] = {0.01, 0.02, 0.03, 0.04, 0.5};
    wk_stats_holm(p, 5);
    near("first", p[0], 0.05);
    near("second", p[1], 0.08);
    near("third", p[2], 0.09);
    near("fourth: never less than the one before", p[3], 0.09);
    near("last", p[4], 0.5);
}

/* ---- simulated runs ---- */

/* A variance whose inverse is that of `freedom` degrees around 1 / typical. */
static double variance_of(double typical, int freedom)
{
    double squares = 0;
    for (int i = 0; i < freedom; i++) {
        const double z = drawn_normal();
        squares += z * z;
    }
    return typical * freedom / squares;
}

enum { QUANTITIES = 2000, RUNS = 5 };

/* One job: that many quantities, runs of both groups, all alike. Returns the p values. */
static void judge_alike(double typical, int freedom, double margin, double *p)
{
    static double variances[QUANTITIES];
    static struct wk_groups groups[QUANTITIES];
    for (int q = 0; q < QUANTITIES; q++) {
        const double deviation = sqrt(freedom ? variance_of(typical, freedom) : typical);
        double values[2 * RUNS];
        for (int i = 0; i < 2 * RUNS; i++) {
            values[i] = 7 + deviation * drawn_normal();
        }
        groups[q] = wk_stats_groups(values, RUNS, RUNS);
        variances[q] = groups[q].variance;
    }
    const struct wk_prior prior = wk_stats_fit_prior(variances, QUANTITIES, groups[0].freedom);
    if (freedom) {
        cr_assert(fabs(log(prior.freedom / freedom)) < 0.4, "freedom %g, not %d", prior.freedom, freedom);
        cr_assert(fabs(log(prior.variance / typical)) < 0.15, "variance %g, not %g", prior.variance, typical);
    } else {
        cr_assert(prior.freedom > 100, "freedom %g", prior.freedom);
    }
    for (int q = 0; q < QUANTITIES; q++) {
        p[q] = wk_stats_moderate(&groups[q], &prior, 0, margin).p;
    }
}

static int below(const double *p, double limit)
{
    int count = 0;
    for (int q = 0; q < QUANTITIES; q++) {
        count += p[q] < limit;
    }
    return count;
}

/* Without a difference, p is below x in a share x of cases: within four standard deviations of what luck does. */
Test(stats, p_is_what_it_says)
{
    static double p[QUANTITIES];
    drawn_state = 3;
    static const double limits[] = {0.5, 0.1, 0.01};
    for (int freedom = 0; freedom <= 8; freedom += 4) {
        judge_alike(0.0004, freedom, 0, p);
        for (int i = 0; i < 3; i++) {
            const double expected = QUANTITIES * limits[i], luck = sqrt(expected * (1 - limits[i]));
            cr_assert(fabs(below(p, limits[i]) - expected) < 4 * luck, "%d below %g with %d degrees", below(p, limits[i]), limits[i], freedom);
        }
        judge_alike(0.0004, freedom, 0.01, p);
        cr_assert(below(p, 0.01) < QUANTITIES * 0.01, "a margin makes it rarer");
    }
}

Test(stats, a_quantity_that_never_varies_is_not_infinitely_sure)
{
    const double values[] = {1, 1, 1, 1, 1, 1.02, 1.02, 1.02, 1.02, 1.02};
    const struct wk_groups groups = wk_stats_groups(values, 5, 5);
    const struct wk_prior prior = {.variance = 1e-300, .freedom = 4};
    const struct wk_moderated m = wk_stats_moderate(&groups, &prior, 0.002, 0.01);
    near("error", m.error, 0.002 * sqrt(0.4));
    near("freedom", m.freedom, 12);
    cr_assert(m.p > 1e-9 && m.p < 1e-3, "%g", m.p);
}

Test(stats, medians)
{
    double odd[] = {3, 1, 2}, even[] = {4, 1, 3, 2};
    near("odd", wk_stats_median(odd, 3), 2);
    near("even", wk_stats_median(even, 4), 2.5);
    cr_assert(isnan(wk_stats_median(odd, 0)));
}
