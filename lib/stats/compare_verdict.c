/*
 * SPDX-License-Identifier: MIT
 * What keeps runs from being compared, and what a comparison comes to. See compare.h.
 * Invariant: a pass is only what could have been something else.
 */
#include <stdlib.h>
#include <string.h>

#include "stats/compare_state.h"

/* Is a property one thing in some runs and another in others? Runs of other tools do not know it. */
static bool differs(const struct wk_matched *m, const char *key)
{
    const char *first = NULL;
    for (uint32_t run = 0; run < m->runs[WK_BASE].count + m->runs[WK_CANDIDATE].count; run++) {
        const char *value = wick_summary_find(wk_matched_run(m, run), key);
        if (value && first && strcmp(value, first) != 0) {
            return true;
        }
        first = value ? value : first;
    }
    return false;
}

uint32_t wk_run_obstacles(const struct wick_summary *run)
{
    struct wick_summary_info info;
    wick_summary_info_read(run, &info);
    return (info.lost || info.problems ? WK_OBSTACLE_LOST : 0u) |
           (info.pauses || wick_summary_find(run, "filter") || wick_summary_find(run, "min") ? WK_OBSTACLE_FILTERED : 0u);
}

/* What must be the same in all runs. */
static const struct {
    const char *key;
    enum wk_obstacle obstacle;
} kinds[] = {
    {"host", WK_OBSTACLE_MACHINE},      {"cpu", WK_OBSTACLE_MACHINE},        {"cpus", WK_OBSTACLE_MACHINE},
    {"governor", WK_OBSTACLE_MACHINE},  {"cgroup_cpu", WK_OBSTACLE_MACHINE}, {"aslr", WK_OBSTACLE_MACHINE},
    {"wick", WK_OBSTACLE_BUILD},        {"compiler", WK_OBSTACLE_BUILD},     {"build_type", WK_OBSTACLE_BUILD},
};

uint32_t wk_compare_obstacles(struct wk_comparison *c)
{
    const struct wk_matched *m = &c->matched;
    uint32_t obstacles = 0;
    for (uint32_t run = 0; run < m->runs[WK_BASE].count + m->runs[WK_CANDIDATE].count; run++) {
        obstacles |= wk_run_obstacles(wk_matched_run(m, run));
    }
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (differs(m, kinds[i].key)) {
            obstacles |= kinds[i].obstacle;
            c->differs = c->differs ? c->differs : kinds[i].key;
        }
    }
    obstacles |= !m->runs[WK_CANDIDATE].count ? 0 : c->new_share > 0.5 || c->removed_share > 0.5 ? WK_OBSTACLE_PROGRAM : 0;
    return obstacles;
}

bool wk_compare_fails(const struct wk_comparison *c, uint32_t fail_on, double new_share)
{
    return c->over_budget || ((fail_on & WK_FAIL_COST) && c->flagged[WK_METRIC_COST]) ||
           ((fail_on & WK_FAIL_CALLS) && (c->flagged[WK_METRIC_CALLS] || c->flagged[WK_METRIC_ERRORS])) ||
           ((fail_on & WK_FAIL_TAIL) && (c->flagged[WK_METRIC_TAIL] || c->flagged[WK_METRIC_SLOW])) ||
           ((fail_on & WK_FAIL_UNIFORM) && !c->machine_shift && (c->shift.outcome == WK_OUTCOME_WORSE || c->total.outcome == WK_OUTCOME_WORSE)) ||
           ((fail_on & WK_FAIL_NEW) && c->new_share > new_share);
}

static bool has_changed(const struct wk_comparison *c)
{
    uint32_t flagged = c->moved;
    for (int metric = 0; metric < WK_METRICS; metric++) {
        flagged += c->flagged[metric];
    }
    return flagged || (c->total.outcome == WK_OUTCOME_WORSE && !c->machine_shift) || c->new_share > 0.01;
}

enum wk_verdict wk_compare_verdict(const struct wk_comparison *c, uint32_t fail_on, double new_share)
{
    if (c->over_budget) {
        return WK_VERDICT_REGRESSION; /* a budget knows no base */
    }
    if (c->obstacles) {
        return WK_VERDICT_NOT_COMPARABLE;
    }
    if (wk_compare_fails(c, fail_on, new_share)) {
        return WK_VERDICT_REGRESSION;
    }
    if (c->matched.runs[WK_BASE].count == 1 && c->matched.runs[WK_CANDIDATE].count == 1) {
        return WK_VERDICT_UNVERIFIED;
    }
    if (!c->enough || c->confounded || c->shift.outcome == WK_OUTCOME_CONFOUNDED || c->total.outcome == WK_OUTCOME_CONFOUNDED) {
        return WK_VERDICT_INCONCLUSIVE;
    }
    if (c->shift.outcome == WK_OUTCOME_WORSE && !c->machine_shift) {
        return WK_VERDICT_UNIFORM;
    }
    if (has_changed(c)) {
        return WK_VERDICT_CHANGED;
    }
    if (c->blind || !c->judged_count || c->blocked) {
        return WK_VERDICT_INCONCLUSIVE;
    }
    return c->improved ? WK_VERDICT_IMPROVED : WK_VERDICT_PASS;
}
