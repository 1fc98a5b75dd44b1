/*
 * SPDX-License-Identifier: MIT
 * Time that went from one place to another, as when a function is no longer inlined. See compare_state.h.
 * Invariant: a place is excused only by another that got faster, and only if both together can be seen not to cost more.
 */
#include <math.h>
#include <string.h>

#include "stats/compare_state.h"
#include "stats/moderated.h"
#include "stats/special.h"

/* Which places belong together: those of one name, or a parent with its children. */
enum kin { KIN_NAME, KIN_PARENT, KINS };

static const struct wick_summary_key *key_of(const struct wk_comparing *c, uint32_t row)
{
    const struct wk_match_row *r = &c->out->matched.rows[row];
    return r->key[WK_BASE] ? r->key[WK_BASE] : r->key[WK_CANDIDATE];
}

static bool is_kin(const struct wk_comparing *c, enum kin kin, uint32_t x, uint32_t y)
{
    if (kin == KIN_PARENT) {
        const uint32_t parent = c->out->matched.rows[x].parent;
        return y == parent || c->out->matched.rows[y].parent == parent;
    }
    const struct wick_summary_key *a = key_of(c, x), *b = key_of(c, y);
    return strcmp(a->name, b->name) == 0 && strcmp(a->function, b->function) == 0;
}

/* Undisturbed time of the kin in each run, without the shift. Returns how much less those cost that got faster. */
static double sum_kin(struct wk_comparing *c, enum kin kin, uint32_t row)
{
    double saved_ns = 0;
    memset(c->spare, 0, c->all * sizeof *c->spare);
    for (uint32_t i = 0; i < c->out->judged_count; i++) {
        const struct wk_judged *judged = &c->out->judged[i];
        if (!is_kin(c, kin, row, judged->row)) {
            continue;
        }
        for (uint32_t run = 0; run < c->all; run++) {
            const struct wick_summary_node *node = wk_cell(&c->out->matched, judged->row, run);
            c->spare[run] += node->lomean_ns * (double)node->calls / exp(c->shift[run]);
        }
        saved_ns -= judged->contribution_ns < 0 ? judged->contribution_ns : 0;
    }
    return saved_ns;
}

static bool has_moved(struct wk_comparing *c, enum kin kin, const struct wk_judged *judged)
{
    const double cost_ns = judged->contribution_ns;
    if (sum_kin(c, kin, judged->row) < cost_ns / 2) {
        return false;
    }
    const struct wk_groups groups = wk_stats_groups(c->spare, c->runs[WK_BASE], c->runs[WK_CANDIDATE]);
    const double sure = wk_stats_t_exceeded(0.01, groups.freedom);
    return groups.difference + sure * sqrt(groups.variance * groups.scale) < cost_ns / 2;
}

void wk_compare_moves(struct wk_comparing *c)
{
    if (c->out->options->cost != WK_COST_SELF) {
        return;
    }
    for (uint32_t i = 0; i < c->out->judged_count; i++) {
        struct wk_judged *judged = &c->out->judged[i];
        struct wk_change *cost = &judged->change[WK_METRIC_COST];
        if (cost->outcome == WK_OUTCOME_WORSE && judged->contribution_ns > 0 &&
            (has_moved(c, KIN_NAME, judged) || has_moved(c, KIN_PARENT, judged))) {
            struct wk_change *tail = &judged->change[WK_METRIC_TAIL];
            cost->outcome = WK_OUTCOME_MOVED;
            tail->outcome = tail->outcome == WK_OUTCOME_WORSE ? WK_OUTCOME_MOVED : tail->outcome;
        }
    }
}
