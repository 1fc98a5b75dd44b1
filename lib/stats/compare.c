/*
 * SPDX-License-Identifier: MIT
 * A comparison from its runs to its results. See compare.h.
 */
#include "stats/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/compare_state.h"
#include "stats/rank.h"

/* ---- which places ---- */

static void sum_runs(struct wk_comparing *c)
{
    const struct wk_matched *m = &c->out->matched;
    for (uint32_t row = 0; row < m->count; row++) {
        for (uint32_t run = 0; run < c->all; run++) {
            const struct wick_summary_node *node = wk_cell(m, row, run);
            c->self_ns[run] += node ? (double)node->self_ns : 0;
        }
    }
}

/* Shares of a row, its calls per run; false: it is not in all runs. */
static bool measure_row(const struct wk_comparing *c, uint32_t row, struct wk_judged *judged)
{
    bool whole = true;
    *judged = (struct wk_judged){.row = row, .is_sum = wk_match_is_sum(&c->out->matched.rows[row])};
    for (uint32_t run = 0; run < c->all; run++) {
        const enum wk_side side = run < c->runs[WK_BASE] ? WK_BASE : WK_CANDIDATE;
        const struct wick_summary_node *node = wk_cell(&c->out->matched, row, run);
        whole = whole && node && (judged->is_sum ? node->values : node->calls);
        if (node && c->self_ns[run] > 0) {
            judged->share[side] += (double)node->self_ns / c->self_ns[run] / c->runs[side];
            judged->calls[side] += (double)node->calls / c->runs[side];
        }
    }
    return whole;
}

/* A named sum is as large as its scope. */
static bool is_large(const struct wk_comparing *c, const struct wk_judged *judged, uint32_t row)
{
    struct wk_judged above = *judged;
    if (judged->is_sum) {
        (void)measure_row(c, c->out->matched.rows[row].parent, &above);
    }
    return fmax(above.share[WK_BASE], above.share[WK_CANDIDATE]) >= c->out->options->min_share;
}

/* The path of a row as rules see it: names joined by slashes, the candidate's where it has one. Returns its size. */
static size_t path_of(const struct wk_matched *m, uint32_t row, char *path, size_t bytes, size_t *name_bytes)
{
    size_t at = bytes;
    *name_bytes = 0;
    for (uint32_t up = row; up != WICK_NONE; up = m->rows[up].parent) {
        const struct wk_match_row *r = &m->rows[up];
        const char *name = (r->key[WK_CANDIDATE] ? r->key[WK_CANDIDATE] : r->key[WK_BASE])->name;
        size_t length = strlen(name), slash = up == row ? 0 : 1;
        if (length + slash > at) {
            break; /* deeper than a rule can be long */
        }
        if (slash) {
            path[--at] = '/';
        }
        at -= length;
        memcpy(path + at, name, length);
        *name_bytes = up == row ? length : *name_bytes;
    }
    memmove(path, path + at, bytes - at);
    return bytes - at;
}

static const struct wk_rule *rule_of(const struct wk_matched *m, uint32_t row, const struct wk_compare_options *options)
{
    char path[4096];
    size_t name_bytes, bytes = options->rule_count ? path_of(m, row, path, sizeof path, &name_bytes) : 0;
    const struct wk_rule *found = NULL;
    for (uint32_t i = 0; i < options->rule_count; i++) {
        if (wick_glob_match(options->rules[i].glob, path, bytes, name_bytes)) {
            options->rules[i].matched++;
            found = &options->rules[i];
        }
    }
    return found;
}

static int choose_rows(struct wk_comparing *c)
{
    struct wk_comparison *out = c->out;
    const struct wk_matched *m = &out->matched;
    uint32_t capacity = 0;
    for (uint32_t row = 0; row < m->count; row++) {
        struct wk_judged judged;
        const struct wk_match_row *r = &m->rows[row];
        const bool whole = measure_row(c, row, &judged), both = r->key[WK_BASE] && r->key[WK_CANDIDATE];
        const bool large = is_large(c, &judged, row);
        judged.rule = rule_of(m, row, out->options);
        judged.detect = out->options->detect;
        judged.detect *= judged.rule && judged.rule->threshold > 0 ? judged.rule->threshold / out->options->threshold : 1;
        out->new_share += r->match == WK_MATCH_NEW ? judged.share[WK_CANDIDATE] : 0;
        out->removed_share += r->match == WK_MATCH_REMOVED ? judged.share[WK_BASE] : 0;
        out->too_small += both && !large && !judged.rule && !judged.is_sum;
        out->partial += both && large && !whole && !judged.is_sum;
        if (!whole || !(large || judged.rule)) {
            continue;
        }
        if (out->judged_count == capacity) {
            capacity = capacity ? capacity * 2 : 64;
            struct wk_judged *grown = realloc(out->judged, capacity * sizeof *grown);
            if (!grown) {
                return WICK_E_NOMEM;
            }
            out->judged = grown;
        }
        out->judged[out->judged_count++] = judged;
    }
    return 0;
}

/* ---- results ---- */

static bool is_over_budget(struct wk_comparing *c, const struct wk_judged *judged)
{
    if (!judged->rule || judged->rule->budget_ns <= 0 || !c->runs[WK_CANDIDATE]) {
        return false;
    }
    for (uint32_t i = 0; i < c->runs[WK_CANDIDATE]; i++) {
        c->spare[i] = (double)wk_cell(&c->out->matched, judged->row, c->runs[WK_BASE] + i)->p50_ns;
    }
    return wk_stats_median(c->spare, c->runs[WK_CANDIDATE]) > (double)judged->rule->budget_ns;
}

static bool counts(const struct wk_judged *judged)
{
    return !judged->rule || (!judged->rule->ignore && !judged->rule->warn);
}

bool wk_compare_is_blind(const struct wk_comparison *c, const struct wk_judged *judged)
{
    const struct wk_change *cost = &judged->change[WK_METRIC_COST];
    const bool asked = !judged->is_sum && wk_compare_asks(c->options, WK_METRIC_COST) && (c->options->cost != WK_COST_LOCKS || isfinite(cost->from));
    return asked && cost->outcome <= WK_OUTCOME_EQUAL && !(cost->least <= judged->detect);
}

static void count_outcomes(struct wk_comparing *c)
{
    struct wk_comparison *out = c->out;
    out->blind = out->partial;
    for (uint32_t i = 0; i < out->judged_count; i++) {
        struct wk_judged *j = &out->judged[i];
        j->over_budget = is_over_budget(c, j);
        out->over_budget += j->over_budget;
        for (int metric = 0; metric < WK_METRICS; metric++) {
            const uint8_t outcome = j->change[metric].outcome;
            out->flagged[metric] += outcome == WK_OUTCOME_WORSE && counts(j);
            out->improved += outcome == WK_OUTCOME_BETTER && metric != WK_METRIC_TAIL && metric != WK_METRIC_SLOW;
            out->moved += outcome == WK_OUTCOME_MOVED && metric == WK_METRIC_COST;
            out->confounded += outcome == WK_OUTCOME_CONFOUNDED;
        }
        out->blind += wk_compare_is_blind(out, j) && counts(j);
    }
}

/* Is the chance that one side's runs are all this early below 1 %? */
static bool is_blocked(struct wk_comparing *c)
{
    if (c->out->options->any_order) {
        return false;
    }
    for (uint32_t run = 0; run < c->all; run++) {
        struct wick_summary_info info;
        const bool base = run < c->runs[WK_BASE];
        wick_summary_info_read(c->out->matched.runs[base ? WK_BASE : WK_CANDIDATE].items[base ? run : run - c->runs[WK_BASE]], &info);
        c->spare[run] = (double)info.first_ns;
    }
    const double later = wk_stats_rank_tail(c->spare, c->runs[WK_BASE], c->runs[WK_CANDIDATE]);
    for (uint32_t run = 0; run < c->all; run++) {
        c->spare[run] = -c->spare[run];
    }
    return fmin(later, wk_stats_rank_tail(c->spare, c->runs[WK_BASE], c->runs[WK_CANDIDATE])) <= WK_COMPARE_RANK_MAX;
}

/* Four against six is the least that ranks can tell from luck: 1 of 210 orders. One run is enough where the caller vouches for the base's. */
static bool is_enough(const uint32_t runs[WK_SIDES], bool model)
{
    if (model && runs[WK_BASE] >= WK_MODEL_RUNS && runs[WK_CANDIDATE]) {
        return true;
    }
    const uint32_t few = runs[WK_BASE] < runs[WK_CANDIDATE] ? runs[WK_BASE] : runs[WK_CANDIDATE];
    return few >= 5 || (few == 4 && runs[WK_BASE] + runs[WK_CANDIDATE] >= 10);
}

/* ---- the steps ---- */

static int begin(struct wk_comparing *c)
{
    struct wk_comparison *out = c->out;
    sum_runs(c);
    const int rc = choose_rows(c);
    c->values = rc == 0 ? calloc(((size_t)out->judged_count + 1) * c->all + 1, sizeof *c->values) : NULL;
    c->spare = rc == 0 ? calloc((size_t)out->judged_count + c->all + 1, sizeof *c->spare) : NULL;
    if (!c->values || !c->spare) {
        return WICK_E_NOMEM;
    }
    out->blocked = is_blocked(c);
    out->enough = is_enough(c->runs, out->options->model);
    out->obstacles = wk_compare_obstacles(out);
    wk_compare_shift(c);
    return 0;
}

int wk_comparing_begin(struct wk_comparing *c, struct wk_comparison *out, const struct wk_runs runs[WK_SIDES],
                       const struct wk_compare_options *options)
{
    *c = (struct wk_comparing){.out = out, .runs = {runs[WK_BASE].count, runs[WK_CANDIDATE].count}};
    *out = (struct wk_comparison){.options = options};
    c->all = c->runs[WK_BASE] + c->runs[WK_CANDIDATE];
    c->self_ns = calloc((size_t)c->all + 1, sizeof(double));
    c->shift = calloc((size_t)c->all + 1, sizeof(double));
    const int rc = c->self_ns && c->shift ? wk_match_runs(&out->matched, runs, &options->renamings) : WICK_E_NOMEM;
    return rc == 0 ? begin(c) : rc;
}

void wk_comparing_end(struct wk_comparing *c)
{
    free(c->self_ns);
    free(c->shift);
    free(c->values);
    free(c->spare);
}

int wk_compare(struct wk_comparison *c, const struct wk_runs runs[WK_SIDES], const struct wk_compare_options *options)
{
    struct wk_comparing state;
    int rc = wk_comparing_begin(&state, c, runs, options);
    if (rc == 0) {
        wk_compare_total(&state);
    }
    for (int metric = 0; metric < WK_METRICS && rc == 0; metric++) {
        rc = wk_compare_metric(&state, (enum wk_metric)metric);
    }
    if (rc == 0) {
        wk_compare_moves(&state);
        count_outcomes(&state);
    }
    wk_comparing_end(&state);
    return rc;
}

void wk_comparison_free(struct wk_comparison *c)
{
    wk_matched_free(&c->matched);
    free(c->judged);
    *c = (struct wk_comparison){.judged_count = 0};
}
