/*
 * SPDX-License-Identifier: MIT
 * One metric of all judged places: numbers that never vary are held against each other, others are tested. See compare.h.
 * Invariant: a call is never an observation; a run is.
 */
#include <math.h>
#include <stdlib.h>

#include "stats/compare_state.h"
#include "stats/moderated.h"
#include "stats/rank.h"
#include "stats/special.h"

/* Shares of the whole error. The rest is for shift and total (compare_shift.c). */
static const double alpha_share[WK_METRICS] = {WK_COMPARE_COST_SHARE, 0.2, 0.05, 0.05, 0.05};
enum { TAIL_CALLS = 100 }; /* fewer say nothing of a hundredth */

#define NO_WAIT 1.0 /* ns, in logarithms */

/* A place of the metric's test. */
struct test {
    struct wk_judged *judged;
    double *values;
    struct wk_groups groups;
    double p;
    double possible; /* smaller changes may be there, with the metric's error, for all that these runs show */
};

struct tests {
    struct wk_comparing *c;
    struct test *items;
    uint32_t count;
    enum wk_metric metric;
    double alpha;
};

/* ---- values ---- */

static double calls_per_parent(const struct wk_matched *m, uint32_t row, uint32_t run)
{
    const uint32_t parent = m->rows[row].parent;
    const struct wick_summary_node *node = wk_cell(m, row, run), *above = parent == WICK_NONE ? NULL : wk_cell(m, parent, run);
    const double many = wk_match_is_sum(&m->rows[row]) ? node->value_sum.value : (double)node->calls;
    return many / (above && above->calls ? (double)above->calls : 1);
}

double wk_compare_cost(const struct wk_compare_options *options, const struct wick_summary_node *node)
{
    switch (options->cost) {
    case WK_COST_TOTAL:
        return (double)node->total_ns / (double)node->calls;
    case WK_COST_LOCKS:
        return (double)node->wait_ns / (double)node->calls;
    default:
        return node->lomean_ns;
    }
}

/* The metric of a place in a run, as a logarithm but for shares of failures. NAN: it has none. */
static double value_of(const struct wk_comparing *c, enum wk_metric metric, uint32_t row, uint32_t run)
{
    const struct wk_matched *m = &c->out->matched;
    const struct wick_summary_node *node = wk_cell(m, row, run);
    const double calls = (double)node->calls;
    switch (metric) {
    case WK_METRIC_COST: {
        const double cost_ns = wk_compare_cost(c->out->options, node);
        if (c->out->options->cost == WK_COST_LOCKS) { /* none is a wait, too: one that there was not is a change */
            return log(cost_ns * exp(-c->shift[run]) + NO_WAIT);
        }
        return cost_ns > 0 ? log(cost_ns) - c->shift[run] : NAN;
    }
    case WK_METRIC_CALLS: {
        const double many = calls_per_parent(m, row, run); /* a sum may be 0 or less */
        return m->rows[row].match == WK_MATCH_MOVED || !(many > 0) ? NAN : log(many);
    }
    case WK_METRIC_ERRORS:
        return (double)node->failed / (calls + (double)node->nested);
    case WK_METRIC_TAIL:
        return node->calls >= TAIL_CALLS && node->p99_ns > 0 ? log((double)node->p99_ns) - c->shift[run] : NAN;
    default:
        return node->calls >= TAIL_CALLS ? log(((double)node->slow + 0.5) / (calls + 1)) : NAN;
    }
}

static bool is_constant(const double *values, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        if (values[i] != values[0]) {
            return false;
        }
    }
    return true;
}

static double log_threshold(const struct wk_comparing *c, const struct wk_judged *judged)
{
    return log1p(judged->rule && judged->rule->threshold > 0 ? judged->rule->threshold : c->out->options->threshold);
}

/* ---- what never varies ---- */

/* Counts that are the same in all runs of a side need no test: any difference is one. Without enough runs a rule must say so. */
static void judge_exact(struct wk_comparing *c, struct wk_judged *judged, enum wk_metric metric, const double *values)
{
    struct wk_change *change = &judged->change[metric];
    const double size = values[c->runs[WK_BASE]] - values[0];
    const double least = metric == WK_METRIC_ERRORS ? 0 : log_threshold(c, judged);
    change->exact = true;
    change->p = size != 0 ? 0 : 1;
    change->low = change->high = change->ratio;
    if (c->out->enough || (judged->rule && judged->rule->exact)) {
        change->least = expm1(least);
        change->outcome = size > least ? WK_OUTCOME_WORSE : size < -least ? WK_OUTCOME_BETTER : WK_OUTCOME_EQUAL;
    }
}

static bool is_exact(const struct wk_comparing *c, enum wk_metric metric, const double *values)
{
    return (metric == WK_METRIC_CALLS || metric == WK_METRIC_ERRORS) && is_constant(values, c->runs[WK_BASE]) &&
           is_constant(values + c->runs[WK_BASE], c->runs[WK_CANDIDATE]);
}

/* ---- what varies ---- */

static double rank_tail(struct wk_comparing *c, const double *values, bool lower)
{
    for (uint32_t i = 0; i < c->all; i++) {
        c->spare[i] = lower ? -values[i] : values[i];
    }
    return wk_stats_rank_tail(c->spare, c->runs[WK_BASE], c->runs[WK_CANDIDATE]);
}

/* How far a side's later runs are from its earlier ones: what the order alone may do. */
static double drift_of(const struct wk_comparing *c, const double *values)
{
    double most = 0;
    for (int side = 0; side < WK_SIDES; side++) {
        const double *from = values + (side == WK_BASE ? 0 : c->runs[WK_BASE]);
        const uint32_t half = c->runs[side] / 2;
        double early = 0, late = 0;
        for (uint32_t i = 0; i < half; i++) {
            early += from[i] / half;
            late += from[c->runs[side] - 1 - i] / half;
        }
        most = fmax(most, fabs(late - early));
    }
    return most;
}

/* What the change of a place costs a run. */
static double cost_of_change(const struct wk_comparing *c, const struct wk_judged *judged, enum wk_metric metric)
{
    const struct wk_change *change = &judged->change[metric];
    double whole_ns = 0, calls = 0;
    if (metric != WK_METRIC_CALLS) {
        return metric == WK_METRIC_COST ? judged->calls[WK_BASE] * (change->to - change->from) : 0;
    }
    for (uint32_t run = 0; run < c->runs[WK_BASE]; run++) {
        const struct wick_summary_node *node = wk_cell(&c->out->matched, judged->row, run);
        whole_ns += (double)node->total_ns;
        calls += (double)node->calls;
    }
    return calls > 0 ? whole_ns / calls * (judged->calls[WK_CANDIDATE] - judged->calls[WK_BASE]) : 0;
}

static uint8_t outcome_of(const struct tests *tests, const struct test *test)
{
    struct wk_comparing *c = tests->c;
    const double size = test->groups.difference, threshold = log_threshold(c, test->judged);
    if (!c->out->enough) {
        return WK_OUTCOME_NONE;
    }
    const bool timed = tests->metric == WK_METRIC_COST || tests->metric == WK_METRIC_TAIL;
    const bool errors = tests->metric == WK_METRIC_ERRORS, costs = tests->metric == WK_METRIC_COST;
    if (test->p > tests->alpha || (!errors && fabs(size) <= threshold) || rank_tail(c, test->values, size < 0) > wk_compare_rank_max(c) ||
        (costs && fabs(cost_of_change(c, test->judged, tests->metric)) < (double)c->out->options->floor_ns)) {
        return WK_OUTCOME_EQUAL;
    }
    if (timed && c->out->blocked && fabs(size) < log1p(2 * expm1(threshold)) + drift_of(c, test->values)) {
        return WK_OUTCOME_CONFOUNDED;
    }
    return size > 0 ? WK_OUTCOME_WORSE : WK_OUTCOME_BETTER;
}

static int by_p(const void *left, const void *right)
{
    const struct test *x = left, *y = right;
    return x->p != y->p ? (x->p < y->p ? -1 : 1) : x->judged->row < y->judged->row ? -1 : 1;
}

/* Adjust for all tests of the metric, then decide. */
static void decide(struct tests *tests)
{
    double *p = tests->c->spare;
    qsort(tests->items, tests->count, sizeof *tests->items, by_p);
    for (uint32_t i = 0; i < tests->count; i++) {
        p[i] = tests->items[i].p;
    }
    wk_stats_holm(p, tests->count);
    for (uint32_t i = 0; i < tests->count; i++) {
        tests->items[i].p = p[i];
    }
    for (uint32_t i = 0; i < tests->count; i++) { /* the ranks use the same memory */
        struct wk_change *change = &tests->items[i].judged->change[tests->metric];
        change->p = tests->items[i].p;
        change->outcome = outcome_of(tests, &tests->items[i]);
        if (change->outcome == WK_OUTCOME_EQUAL) {
            change->least = fmax(change->least, tests->items[i].possible);
        }
    }
}

static void test_ranks(struct tests *tests)
{
    for (uint32_t i = 0; i < tests->count; i++) {
        struct test *test = &tests->items[i];
        test->p = fmin(1, 2 * rank_tail(tests->c, test->values, test->groups.difference < 0));
    }
    decide(tests);
}

struct wk_power wk_compare_power(double alpha, double freedom)
{
    return (struct wk_power){.needed = wk_stats_t_exceeded(alpha, freedom), .found = wk_stats_t_exceeded(0.2, freedom)};
}

double wk_compare_least(const struct wk_power *power, double error, double threshold)
{
    return expm1(fmax(WK_COMPARE_MARGIN + (power->needed + power->found) * error, threshold + power->found * error));
}

static void test_sizes(struct tests *tests)
{
    double *variances = tests->c->spare;
    for (uint32_t i = 0; i < tests->count; i++) {
        variances[i] = fmax(tests->items[i].groups.variance, WK_COMPARE_LEAST_DEVIATION * WK_COMPARE_LEAST_DEVIATION);
    }
    const double freedom = tests->items[0].groups.freedom;
    const struct wk_prior prior = wk_stats_fit_prior(variances, tests->count, freedom);
    const struct wk_power power = wk_compare_power(tests->alpha / tests->count, freedom + prior.freedom);
    const double sure = wk_stats_t_exceeded(0.005, freedom + prior.freedom);
    for (uint32_t i = 0; i < tests->count; i++) {
        struct test *test = &tests->items[i];
        struct wk_change *change = &test->judged->change[tests->metric];
        const struct wk_moderated m = wk_stats_moderate(&test->groups, &prior, WK_COMPARE_LEAST_DEVIATION, WK_COMPARE_MARGIN);
        test->p = m.p;
        change->low = exp(test->groups.difference - sure * m.error);
        change->high = exp(test->groups.difference + sure * m.error);
        change->noise = m.error / sqrt(test->groups.scale);
        test->possible = expm1(fabs(test->groups.difference) + power.needed * m.error);
        change->least = wk_compare_least(&power, m.error, log_threshold(tests->c, test->judged));
    }
    decide(tests);
}

/* ---- all places ---- */

/* Values of a place and what they are on average; false: a run has none. */
static bool take_values(struct wk_comparing *c, enum wk_metric metric, uint32_t index)
{
    struct wk_judged *judged = &c->out->judged[index];
    struct wk_change *change = &judged->change[metric];
    double *values = c->values + (size_t)index * c->all;
    bool known = c->runs[WK_BASE] && c->runs[WK_CANDIDATE], locks = metric == WK_METRIC_COST && c->out->options->cost == WK_COST_LOCKS, waits = !locks;
    *change = (struct wk_change){.from = NAN, .to = NAN, .ratio = NAN, .low = NAN, .high = NAN, .p = 1, .least = NAN, .noise = NAN};
    for (uint32_t run = 0; run < c->all && known; run++) {
        values[run] = value_of(c, metric, judged->row, run);
        known = isfinite(values[run]);
        waits = waits || values[run] > log(NO_WAIT);
    }
    known = known && waits;
    if (known) {
        const double from = wk_compare_mean(values, c->runs, WK_BASE), to = wk_compare_mean(values, c->runs, WK_CANDIDATE);
        const bool linear = metric == WK_METRIC_ERRORS;
        const double none = locks ? NO_WAIT : 0;
        change->from = linear ? from : exp(from) - none;
        change->to = linear ? to : exp(to) - none;
        change->ratio = linear ? (from > 0 ? to / from : NAN) : exp(to - from);
    }
    return known;
}

int wk_compare_metric(struct wk_comparing *c, enum wk_metric metric)
{
    struct wk_comparison *out = c->out;
    struct tests tests = {.c = c, .metric = metric, .alpha = out->options->alpha * alpha_share[metric]};
    tests.items = calloc((size_t)out->judged_count + 1, sizeof *tests.items);
    if (!tests.items) {
        return WICK_E_NOMEM;
    }
    for (uint32_t i = 0; i < out->judged_count; i++) {
        struct wk_judged *judged = &out->judged[i];
        double *values = c->values + (size_t)i * c->all;
        if (!take_values(c, metric, i) || !wk_compare_asks(out->options, metric)) {
            continue;
        }
        if (is_exact(c, metric, values)) {
            judge_exact(c, judged, metric, values);
        } else if (wk_compare_varies(c)) {
            tests.items[tests.count++] = (struct test){
                .judged = judged, .values = values, .groups = wk_stats_groups(values, c->runs[WK_BASE], c->runs[WK_CANDIDATE])};
        }
    }
    if (tests.count) {
        (metric == WK_METRIC_ERRORS ? test_ranks : test_sizes)(&tests);
    }
    for (uint32_t i = 0; i < out->judged_count; i++) {
        struct wk_judged *judged = &out->judged[i];
        struct wk_change *change = &judged->change[metric];
        if (judged->rule && judged->rule->ignore) {
            change->outcome = WK_OUTCOME_IGNORED;
        } else if (change->outcome == WK_OUTCOME_WORSE || change->outcome == WK_OUTCOME_BETTER) {
            judged->contribution_ns += cost_of_change(c, judged, metric);
        }
    }
    free(tests.items);
    return 0;
}
