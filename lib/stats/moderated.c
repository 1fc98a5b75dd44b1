/*
 * SPDX-License-Identifier: MIT
 * The moderated t test. See moderated.h.
 */
#include "stats/moderated.h"

#include <math.h>

#include "stats/special.h"

struct wk_prior wk_stats_fit_prior(const double *variances, uint32_t count, double freedom)
{
    /* The logarithm of a variance of `freedom` degrees is off by this much on average, and varies by trigamma(freedom / 2). */
    const double offset = wk_stats_digamma(freedom / 2) - log(freedom / 2);
    double mean = 0, spread = 0;
    for (uint32_t i = 0; i < count; i++) {
        mean += (log(variances[i]) - offset) / count;
    }
    for (uint32_t i = 0; i < count; i++) {
        const double away = log(variances[i]) - offset - mean;
        spread += away * away;
    }
    const double excess = count > 1 ? spread / (count - 1) - wk_stats_trigamma(freedom / 2) : 0;
    if (!(excess > 0)) {
        return (struct wk_prior){.variance = exp(mean), .freedom = INFINITY};
    }
    const double prior = 2 * wk_stats_trigamma_inverse(excess);
    return (struct wk_prior){.variance = exp(mean + wk_stats_digamma(prior / 2) - log(prior / 2)), .freedom = prior};
}

static double mean_of(const double *values, uint32_t count)
{
    double sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        sum += values[i];
    }
    return sum / count;
}

static double squares_around(const double *values, uint32_t count, double mean)
{
    double sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        sum += (values[i] - mean) * (values[i] - mean);
    }
    return sum;
}

struct wk_groups wk_stats_groups(const double *values, uint32_t first, uint32_t second)
{
    const double low = mean_of(values, first), high = mean_of(values + first, second), freedom = (double)first + second - 2;
    const double squares = squares_around(values, first, low) + squares_around(values + first, second, high);
    return (struct wk_groups){
        .difference = high - low, .variance = squares / freedom, .freedom = freedom, .scale = 1. / first + 1. / second};
}

struct wk_moderated wk_stats_moderate(const struct wk_groups *groups, const struct wk_prior *prior, double least, double margin)
{
    const double freedom = groups->freedom + prior->freedom;
    double variance = isinf(freedom) ? prior->variance
                                     : (groups->freedom * groups->variance + prior->freedom * prior->variance) / freedom;
    variance = variance > least * least ? variance : least * least;
    struct wk_moderated m = {.error = sqrt(variance * groups->scale), .freedom = freedom};
    const double size = fabs(groups->difference);
    m.p = wk_stats_t_tail((size - margin) / m.error, freedom) + wk_stats_t_tail((size + margin) / m.error, freedom);
    m.p = m.p < 1 ? m.p : 1;
    return m;
}
