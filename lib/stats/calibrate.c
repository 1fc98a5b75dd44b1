/*
 * SPDX-License-Identifier: MIT
 * The noise of one build's runs. See calibrate.h.
 */
#include "stats/calibrate.h"

#include <math.h>
#include <stdlib.h>

#include "stats/compare_state.h"
#include "stats/moderated.h"

const uint32_t wk_calibrate_sizes[WK_CALIBRATE_SIZES] = {5, 7, 10};

enum { FEWEST = 5 }; /* runs of each build that a comparison concludes anything from */

static double variance_of(const double *values, uint32_t count)
{
    double mean = 0, sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        mean += values[i] / count;
    }
    for (uint32_t i = 0; i < count; i++) {
        sum += (values[i] - mean) * (values[i] - mean);
    }
    return sum / (count - 1);
}

/* Are the calls per call of the parent the same in all runs? Held against each other as products of whole numbers. */
static bool is_exact(const struct wk_matched *m, uint32_t row, uint32_t runs)
{
    const uint32_t parent = m->rows[row].parent;
    double first = 0, first_above = 0;
    for (uint32_t run = 0; run < runs; run++) {
        const struct wick_summary_node *above = parent == WICK_NONE ? NULL : wk_cell(m, parent, run);
        const double calls = (double)wk_cell(m, row, run)->calls, from = above && above->calls ? (double)above->calls : 1;
        if (run && calls * first_above != first * from) {
            return false;
        }
        first = calls;
        first_above = from;
    }
    return true;
}

/* Costs of a place, without the shift, and its numbers; false: a run has none. */
static bool measure(struct wk_comparing *c, const struct wk_judged *judged, struct wk_noise *place)
{
    double sum = 0;
    for (uint32_t run = 0; run < c->all; run++) {
        const struct wick_summary_node *node = wk_cell(&c->out->matched, judged->row, run);
        if (!(node->lomean_ns > 0)) {
            return false;
        }
        c->values[run] = log(node->lomean_ns) - c->shift[run];
        sum += c->values[run];
    }
    *place = (struct wk_noise){.row = judged->row,
                               .share = judged->share[WK_BASE],
                               .calls = judged->calls[WK_BASE],
                               .cost_ns = exp(sum / c->all),
                               .exact = is_exact(&c->out->matched, judged->row, c->all)};
    return true;
}

/* What comparisons of so many runs of each build would find. */
static void find_least(struct wk_calibration *out, const struct wk_prior *prior, uint32_t runs)
{
    const struct wk_compare_options *o = out->runs.options;
    const struct wk_power power = wk_compare_power(o->alpha * WK_COMPARE_COST_SHARE / out->count, 2. * runs - 2 + prior->freedom);
    for (uint32_t i = 0; i < out->count; i++) {
        struct wk_noise *place = &out->places[i];
        const double least = wk_compare_least(&power, place->noise * sqrt(2. / runs), log1p(o->threshold));
        for (int size = 0; size < WK_CALIBRATE_SIZES; size++) {
            place->least[size] = wk_calibrate_sizes[size] == runs ? least : place->least[size];
        }
        place->needed = !place->needed && least <= o->detect ? runs : place->needed;
    }
}

static int measure_all(struct wk_comparing *c, struct wk_calibration *out)
{
    double *variances = calloc((size_t)c->out->judged_count + 1, sizeof *variances);
    out->places = calloc((size_t)c->out->judged_count + 1, sizeof *out->places);
    if (!variances || !out->places) {
        free(variances);
        return WICK_E_NOMEM;
    }
    for (uint32_t i = 0; i < c->out->judged_count; i++) {
        if (measure(c, &c->out->judged[i], &out->places[out->count])) {
            variances[out->count++] = fmax(variance_of(c->values, c->all), WK_COMPARE_LEAST_DEVIATION * WK_COMPARE_LEAST_DEVIATION);
        }
    }
    const double freedom = c->all - 1.;
    const struct wk_prior prior = out->count ? wk_stats_fit_prior(variances, out->count, freedom) : (struct wk_prior){1, 0};
    for (uint32_t i = 0; i < out->count; i++) {
        const struct wk_groups groups = {.variance = variances[i], .freedom = freedom, .scale = 1};
        out->places[i].noise = wk_stats_moderate(&groups, &prior, WK_COMPARE_LEAST_DEVIATION, WK_COMPARE_MARGIN).error;
    }
    free(variances);
    for (uint32_t runs = FEWEST; runs <= WK_CALIBRATE_MOST && out->count; runs++) {
        find_least(out, &prior, runs);
    }
    return 0;
}

int wk_calibrate(struct wk_calibration *c, const struct wk_runs *runs, const struct wk_compare_options *options)
{
    const struct wk_runs sides[WK_SIDES] = {*runs, {NULL, 0}};
    struct wk_comparing state;
    *c = (struct wk_calibration){.count = 0};
    int rc = wk_comparing_begin(&state, &c->runs, sides, options);
    rc = rc == 0 ? measure_all(&state, c) : rc;
    if (rc == 0) {
        c->shift_noise = sqrt(variance_of(state.shift, state.all));
    }
    for (uint32_t i = 0; i < c->count; i++) {
        c->unclear += !c->places[i].needed;
        c->needed = c->places[i].needed > c->needed ? c->places[i].needed : c->needed;
    }
    wk_comparing_end(&state);
    return rc;
}

void wk_calibration_free(struct wk_calibration *c)
{
    wk_comparison_free(&c->runs);
    free(c->places);
    *c = (struct wk_calibration){.count = 0};
}

/* ---- the same build against itself ---- */

/* Choose `half` of the runs: they come first, each side in its order of times. */
static void draw_halves(const struct wk_runs *runs, uint32_t half, uint64_t *random, struct wick_summary **to)
{
    uint32_t left = half, first = 0, second = half;
    for (uint32_t i = 0; i < runs->count; i++) {
        *random = *random * 6364136223846793005u + 1442695040888963407u; /* Knuth's MMIX */
        const bool chosen = (*random >> 33) % (runs->count - i) < left;
        to[chosen ? first++ : second++] = runs->items[i];
        left -= chosen;
    }
}

int wk_calibrate_check(const struct wk_runs *runs, const struct wk_compare_options *options, uint32_t splits, uint32_t *alarms)
{
    const uint32_t half = runs->count / 2;
    uint64_t random = 1;
    struct wick_summary **halves = calloc((size_t)runs->count + 1, sizeof *halves);
    int rc = halves ? 0 : WICK_E_NOMEM;
    *alarms = 0;
    for (uint32_t i = 0; i < splits && rc == 0; i++) {
        struct wk_comparison comparison;
        draw_halves(runs, half, &random, halves);
        const struct wk_runs sides[WK_SIDES] = {{halves, half}, {halves + half, runs->count - half}};
        rc = wk_compare(&comparison, sides, options);
        *alarms += rc == 0 && wk_compare_fails(&comparison, WK_FAIL_COST | WK_FAIL_CALLS, 1);
        wk_comparison_free(&comparison);
    }
    free(halves);
    return rc;
}
