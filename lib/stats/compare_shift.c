/*
 * SPDX-License-Identifier: MIT
 * What all places of a run have in common, and whole runs. See compare_state.h.
 */
#include <math.h>
#include <stdlib.h>

#include "stats/compare_state.h"
#include "stats/moderated.h"
#include "stats/rank.h"
#include "stats/special.h"

/* With fewer places their common change cannot be told from their own. */
enum { SHIFT_PLACES = 8 };

static const double ALPHA_SHARE = 0.05; /* of the whole error, for shift and total each */

/* Judge logarithms, one per run. */
static void judge_runs(struct wk_comparing *c, const double *values, struct wk_change *change)
{
    *change = (struct wk_change){.from = exp(wk_compare_mean(values, c->runs, WK_BASE)),
                                 .to = exp(wk_compare_mean(values, c->runs, WK_CANDIDATE)),
                                 .low = NAN, .high = NAN, .p = 1, .least = NAN, .noise = NAN};
    change->ratio = change->to / change->from;
    if (!wk_compare_varies(c)) {
        return;
    }
    const struct wk_groups groups = wk_stats_groups(values, c->runs[WK_BASE], c->runs[WK_CANDIDATE]);
    const struct wk_prior nothing = {.variance = 1, .freedom = 0};
    const struct wk_moderated m = wk_stats_moderate(&groups, &nothing, WK_COMPARE_LEAST_DEVIATION, WK_COMPARE_MARGIN);
    const double sure = wk_stats_t_exceeded(0.005, m.freedom);
    change->low = exp(groups.difference - sure * m.error);
    change->high = exp(groups.difference + sure * m.error);
    change->noise = sqrt(groups.variance);
    change->p = m.p;
    for (uint32_t run = 0; run < c->all; run++) {
        c->spare[run] = groups.difference < 0 ? -values[run] : values[run];
    }
    const bool clear = c->out->enough && m.p <= c->out->options->alpha * ALPHA_SHARE && fabs(groups.difference) > log1p(c->out->options->threshold) &&
                       wk_stats_rank_tail(c->spare, c->runs[WK_BASE], c->runs[WK_CANDIDATE]) <= wk_compare_rank_max(c);
    change->outcome = !clear ? WK_OUTCOME_EQUAL : c->out->blocked ? WK_OUTCOME_CONFOUNDED : groups.difference > 0 ? WK_OUTCOME_WORSE : WK_OUTCOME_BETTER;
}

/* Logarithms of the costs of a judged place; false: a run has none. */
static bool costs_of(const struct wk_comparing *c, uint32_t index, double *values)
{
    for (uint32_t run = 0; run < c->all; run++) {
        const struct wick_summary_node *node = wk_cell(&c->out->matched, c->out->judged[index].row, run);
        if (!(node->lomean_ns > 0)) {
            return false;
        }
        values[run] = log(node->lomean_ns);
    }
    return true;
}

/* What a fixed loop took, the better of start and end; 0: unknown. */
static double loop_ns(const struct wick_summary *run)
{
    const char *const start = wick_summary_find(run, "calibration_start_ns"), *const end = wick_summary_find(run, "calibration_end_ns");
    const double first = start ? strtod(start, NULL) : 0, last = end ? strtod(end, NULL) : 0;
    return first > 0 && last > 0 ? fmin(first, last) : 0;
}

/* Is the shift the machine's? It is where the loop became slower, too, and nothing is left when that is taken off. */
static void judge_machine(struct wk_comparing *c)
{
    const struct wk_matched *m = &c->out->matched;
    for (uint32_t run = 0; run < c->all; run++) {
        const double ns = loop_ns(wk_matched_run(m, run));
        if (!(ns > 0)) {
            return;
        }
        c->values[run] = log(ns);
    }
    judge_runs(c, c->values, &c->out->machine);
    for (uint32_t run = 0; run < c->all; run++) {
        c->values[run] = c->shift[run] - c->values[run];
    }
    struct wk_change rest;
    judge_runs(c, c->values, &rest);
    c->out->machine_shift = c->out->machine.outcome == WK_OUTCOME_WORSE && rest.outcome != WK_OUTCOME_WORSE;
}

void wk_compare_shift(struct wk_comparing *c)
{
    const uint32_t all = c->all;
    uint32_t places = 0;
    for (uint32_t i = 0; i < c->out->judged_count; i++) {
        double *values = c->values + (size_t)places * all;
        if (c->out->judged[i].rule && c->out->judged[i].rule->ignore) {
            continue;
        }
        if (costs_of(c, i, values)) {
            for (uint32_t run = 0; run < all; run++) {
                c->spare[run] = values[run];
            }
            const double middle = wk_stats_median(c->spare, all);
            for (uint32_t run = 0; run < all; run++) {
                values[run] -= middle;
            }
            places++;
        }
    }
    c->out->shift = c->out->machine = (struct wk_change){.from = 1, .to = 1, .ratio = 1, .low = NAN, .high = NAN, .p = 1, .least = NAN, .noise = NAN};
    if (places < SHIFT_PLACES || !all) {
        return;
    }
    for (uint32_t run = 0; run < all; run++) {
        for (uint32_t i = 0; i < places; i++) {
            c->spare[i] = c->values[(size_t)i * all + run];
        }
        c->shift[run] = wk_stats_median(c->spare, places);
    }
    judge_runs(c, c->shift, &c->out->shift);
    judge_machine(c);
}

void wk_compare_total(struct wk_comparing *c)
{
    bool known = c->runs[WK_BASE] && c->runs[WK_CANDIDATE];
    for (uint32_t run = 0; run < c->all; run++) {
        known = known && c->self_ns[run] > 0;
        c->values[run] = known ? log(c->self_ns[run]) : 0;
    }
    if (known) {
        judge_runs(c, c->values, &c->out->total);
    }
}
