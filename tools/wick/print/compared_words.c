/*
 * SPDX-License-Identifier: MIT
 * The words of a comparison, which all its forms share. See compared.h.
 */
#include "print/compared.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/words.h"

const char *compared_verdict(enum wk_verdict verdict)
{
    static const char *const words[] = {
        [WK_VERDICT_PASS] = "pass", [WK_VERDICT_IMPROVED] = "improved", [WK_VERDICT_CHANGED] = "changed",
        [WK_VERDICT_UNIFORM] = "uniform", [WK_VERDICT_UNVERIFIED] = "unverified", [WK_VERDICT_INCONCLUSIVE] = "inconclusive",
        [WK_VERDICT_NOT_COMPARABLE] = "not-comparable", [WK_VERDICT_REGRESSION] = "regression"};
    return words[verdict];
}

const char *compared_outcome(uint8_t outcome)
{
    static const char *const words[] = {
        [WK_OUTCOME_NONE] = "untested", [WK_OUTCOME_EQUAL] = "equal", [WK_OUTCOME_WORSE] = "worse", [WK_OUTCOME_BETTER] = "better",
        [WK_OUTCOME_MOVED] = "moved", [WK_OUTCOME_CONFOUNDED] = "confounded", [WK_OUTCOME_IGNORED] = "ignored"};
    return words[outcome];
}

const char *compared_match(uint8_t match)
{
    static const char *const words[] = {[WK_MATCH_SAME] = "same", [WK_MATCH_RENAMED] = "renamed", [WK_MATCH_MOVED] = "moved",
                                        [WK_MATCH_NEW] = "new", [WK_MATCH_REMOVED] = "removed"};
    return words[match];
}

const char *compared_metric(enum wk_metric metric)
{
    static const char *const words[] = {[WK_METRIC_COST] = "cost", [WK_METRIC_CALLS] = "calls", [WK_METRIC_ERRORS] = "errors",
                                        [WK_METRIC_TAIL] = "tail", [WK_METRIC_SLOW] = "slow"};
    return words[metric];
}

const struct wick_summary_key *compared_key(const struct wk_match_row *row)
{
    return row->key[WK_CANDIDATE] ? row->key[WK_CANDIDATE] : row->key[WK_BASE];
}

bool compared_is_json(const struct settings *settings)
{
    return settings->format && strcmp(settings->format, "json") == 0;
}

/* ---- why ---- */

const char *compared_obstacle(uint32_t obstacles)
{
    return obstacles & WK_OBSTACLE_LOST       ? "events were lost, or lines could not be used (`wick check` names them)"
           : obstacles & WK_OBSTACLE_FILTERED ? "WICK_FILTER, WICK_MIN or a pause left something out"
           : obstacles & WK_OBSTACLE_PROGRAM  ? "less than half of the time is in places that both builds have"
           : obstacles & WK_OBSTACLE_MACHINE  ? "the runs are from different machines, or from one that was set differently"
                                              : "the runs were recorded by different versions or builds of wick";
}

static const char *inconclusive(const struct compared *compared)
{
    static char text[200];
    const struct wk_comparison *c = compared->of;
    if (!c->enough) {
        snprintf(text, sizeof text, "%" PRIu32 " against %" PRIu32 " runs cannot tell a change from luck: 5 and 5, or 4 and 6, are the least",
                 c->matched.runs[WK_BASE].count, c->matched.runs[WK_CANDIDATE].count);
        return text;
    }
    if (c->confounded || c->blocked) {
        return "one build ran after the other, so that anything else that changed looks like it: run them in turns";
    }
    if (!c->judged_count) {
        return "there is no place that all runs have and that takes enough time";
    }
    snprintf(text, sizeof text, "in %s a change of %.3g %% would not have been seen", tool_count(c->blind, "place|places"),
             100 * c->options->detect);
    return text;
}

static const char *obstacle(const struct wk_comparison *c)
{
    static char text[200];
    const bool one = c->differs && !(c->obstacles & ~(uint32_t)(WK_OBSTACLE_MACHINE | WK_OBSTACLE_BUILD));
    snprintf(text, sizeof text, one ? "%s (`%s` differs)" : "%s", compared_obstacle(c->obstacles), one ? c->differs : "");
    return text;
}

const char *compared_reason(const struct compared *compared)
{
    switch (compared->verdict) {
    case WK_VERDICT_PASS:
        return "no place got worse, and none could have without being seen";
    case WK_VERDICT_IMPROVED:
        return "some places got better, none got worse";
    case WK_VERDICT_CHANGED:
        return "something changed that --fail-on does not name";
    case WK_VERDICT_UNIFORM:
        return "all places got slower together: the machine, the compiler's flags or the allocator";
    case WK_VERDICT_UNVERIFIED:
        return "one run of each build shows what is different, not what differs always";
    case WK_VERDICT_INCONCLUSIVE:
        return inconclusive(compared);
    case WK_VERDICT_NOT_COMPARABLE:
        return obstacle(compared->of);
    default:
        return "what is marked with ! got worse";
    }
}

/* ---- names and numbers ---- */

void compared_path(char *to, size_t bytes, const struct wk_matched *matched, uint32_t row, const char *between)
{
    const char *names[256], *gap = "";
    size_t count = 0, room = bytes - 1, first = 0;
    for (uint32_t up = row; up != WICK_NONE && count < 256; up = matched->rows[up].parent) {
        names[count++] = compared_key(&matched->rows[up])->name;
    }
    /* The outermost stays, then as many of the innermost as find place. */
    size_t used = strlen(names[count - 1]);
    for (size_t i = 0; i + 1 < count; i++, first = i) {
        const size_t more = strlen(names[i]) + strlen(between);
        if (used + more + strlen(between) + 3 > room) {
            gap = "...";
            break;
        }
        used += more;
    }
    size_t at = (size_t)snprintf(to, bytes, "%s%s%s", names[count - 1], *gap ? between : "", gap);
    for (size_t i = first; i-- > 0 && at < bytes;) {
        at += (size_t)snprintf(to + at, bytes - at, "%s%s", between, names[i]);
    }
}

void compared_percent(char *to, size_t bytes, double ratio)
{
    const double percent = 100 * (ratio - 1);
    if (!isfinite(percent)) {
        snprintf(to, bytes, "?");
    } else {
        snprintf(to, bytes, fabs(percent) < 0.05 ? "%+.2f %%" : fabs(percent) < 1000 ? "%+.1f %%" : "%+.3g %%", percent);
    }
}

/* A value in the unit of its metric. */
static const char *value_text(enum wk_metric metric, double value)
{
    static char buffers[2][40];
    static int next;
    char *to = buffers[next++ % 2];
    if (metric == WK_METRIC_COST || metric == WK_METRIC_TAIL) {
        return tool_ns_text((int64_t)(value + 0.5));
    }
    const bool share = metric != WK_METRIC_CALLS;
    snprintf(to, sizeof buffers[0], share ? "%.3g %%" : "%.6g", share ? 100 * value : value);
    return to;
}

void compared_change(char *to, size_t bytes, const struct wk_judged *judged, enum wk_metric metric)
{
    static const char *const of[] = {[WK_METRIC_COST] = "a call", [WK_METRIC_CALLS] = "calls of a parent's", [WK_METRIC_ERRORS] = "of the calls fail",
                                     [WK_METRIC_TAIL] = "for 1 call of 100", [WK_METRIC_SLOW] = "of the calls are slow"};
    const struct wk_change *change = &judged->change[metric];
    char percent[3][40], sure[120] = "", run[60] = "";
    compared_percent(percent[0], sizeof percent[0], change->ratio);
    if (change->exact) {
        snprintf(sure, sizeof sure, ", the same in all runs");
    } else if (isfinite(change->low)) {
        compared_percent(percent[1], sizeof percent[1], change->low);
        compared_percent(percent[2], sizeof percent[2], change->high);
        snprintf(sure, sizeof sure, " (99 %%: %s .. %s), p %s%.1g", percent[1], percent[2], change->p < 1e-16 ? "< " : "", fmax(change->p, 1e-16));
    }
    if (metric <= WK_METRIC_CALLS && judged->contribution_ns != 0) {
        const double ns = judged->contribution_ns;
        snprintf(run, sizeof run, ", %s%s a run", ns < 0 ? "-" : "+", tool_ns_text((int64_t)fabs(ns)));
    }
    snprintf(to, bytes, "%-6s %s -> %s %s%s%s%s%s", judged->is_sum ? "sum" : compared_metric(metric), value_text(metric, change->from), value_text(metric, change->to),
             judged->is_sum ? "a call" : of[metric], isfinite(change->ratio) ? ", " : "", isfinite(change->ratio) ? percent[0] : "", sure, run);
}

/* ---- places ---- */

bool compared_is_culprit(const struct wk_judged *judged, const struct compared *compared)
{
    (void)compared;
    for (int metric = 0; metric < WK_METRICS; metric++) {
        if (judged->change[metric].outcome == WK_OUTCOME_WORSE) {
            return true;
        }
    }
    return judged->over_budget;
}

bool compared_is_better(const struct wk_judged *judged, const struct compared *compared)
{
    bool better = false;
    for (int metric = 0; metric <= WK_METRIC_ERRORS; metric++) {
        better = better || judged->change[metric].outcome == WK_OUTCOME_BETTER;
    }
    return better && !compared_is_culprit(judged, compared);
}

bool compared_is_blind(const struct wk_judged *judged, const struct compared *compared)
{
    return compared->of->enough && wk_compare_is_blind(compared->of, judged);
}

static const struct wk_comparison *sorted_of;

static double effect(const struct wk_judged *judged)
{
    return judged->contribution_ns != 0 ? fabs(judged->contribution_ns) : fmax(judged->share[0], judged->share[1]);
}

static int by_effect(const void *left, const void *right)
{
    const uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    const double x = effect(&sorted_of->judged[a]), y = effect(&sorted_of->judged[b]);
    return x != y ? (x > y ? -1 : 1) : a < b ? -1 : 1;
}

uint32_t *compared_places(const struct compared *compared, bool (*wanted)(const struct wk_judged *judged, const struct compared *compared),
                          uint32_t *count)
{
    const struct wk_comparison *c = compared->of;
    uint32_t *found = malloc(((size_t)c->judged_count + 1) * sizeof *found);
    *count = 0;
    for (uint32_t i = 0; found && i < c->judged_count; i++) {
        if (wanted(&c->judged[i], compared)) {
            found[(*count)++] = i;
        }
    }
    sorted_of = c;
    if (found) {
        qsort(found, *count, sizeof *found, by_effect);
    }
    return found;
}

void compared_last_line(FILE *to, const struct compared *compared)
{
    const struct wk_comparison *c = compared->of;
    uint32_t flagged = 0;
    free(compared_places(compared, compared_is_culprit, &flagged));
    fprintf(to, "wick: verdict=%s exit=%d nodes=%" PRIu32 " tested=%" PRIu32 " flagged=%" PRIu32 "\n", compared_verdict(compared->verdict),
            compared->exit_code, c->matched.count, c->judged_count, flagged);
}
