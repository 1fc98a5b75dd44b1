/*
 * SPDX-License-Identifier: MIT
 * A comparison as text, as Markdown, and as annotations of GitHub. See compared.h.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/safe_text.h"
#include "base/words.h"
#include "print/compared.h"

enum { PATH_BYTES = 160, LINE_BYTES = 400, SHOWN = 10 };

static uint32_t most(const struct compared *compared)
{
    return compared->settings->all ? UINT32_MAX : SHOWN;
}

/* ---- what all forms for people say ---- */

static const char *order_of(const struct wk_comparison *c)
{
    return !c->enough              ? "too few for tests"
           : c->options->model     ? "held against the base's noise"
           : c->options->any_order ? "their order is not looked at"
           : c->blocked            ? "one after the other"
                                   : "in turns";
}

static void head(char *to, size_t bytes, const struct compared *compared)
{
    const struct wk_comparison *c = compared->of;
    int at = snprintf(to, bytes, "base: %s, candidate: %s, %s", tool_count(c->matched.runs[WK_BASE].count, "run|runs"),
                      tool_count(c->matched.runs[WK_CANDIDATE].count, "run|runs"),
                      order_of(c));
    if (compared->settings->metric && at > 0) {
        at += snprintf(to + at, bytes - (size_t)at, "; compared: %s", compared->settings->metric);
    }
    const uint32_t out = compared->left_out[WK_BASE] + compared->left_out[WK_CANDIDATE];
    if (out && at > 0) {
        snprintf(to + at, bytes - (size_t)at, "; left out: %s", tool_count(out, "run without its end|runs without their end"));
    }
}

static void shift_line(char *to, size_t bytes, const struct compared *compared)
{
    const struct wk_comparison *c = compared->of;
    char percent[40], total[40];
    compared_percent(percent, sizeof percent, c->shift.ratio);
    compared_percent(total, sizeof total, c->total.ratio);
    snprintf(to, bytes, "all places together: %s%s; self time of a run: %s",
             c->enough && c->shift.outcome == WK_OUTCOME_NONE ? "too few to tell a change of all from their own" : percent,
             c->shift.outcome == WK_OUTCOME_WORSE    ? " (more than luck)"
             : c->shift.outcome == WK_OUTCOME_BETTER ? " (more than luck), taken out of the numbers below"
             : c->enough && c->shift.outcome == WK_OUTCOME_NONE ? ""
                                                     : ", taken out of the numbers below",
             total);
}

/* How much a number of the run grew between its start and its end, mean of a side's runs. */
static double grown(const struct compared *compared, enum wk_side side, const char *start, const char *end)
{
    const struct wk_runs *runs = &compared->of->matched.runs[side];
    double sum = 0;
    for (uint32_t run = 0; run < runs->count; run++) {
        const char *from = wick_summary_find(runs->items[run], start), *to = wick_summary_find(runs->items[run], end);
        sum += from && to ? strtod(to, NULL) - strtod(from, NULL) : 0;
    }
    return sum / runs->count;
}

/* What the loop says that runs time at their start and end, and what disturbed them; false: nothing is known. */
static bool machine_line(char *to, size_t bytes, const struct compared *compared)
{
    const struct wk_comparison *c = compared->of;
    char percent[40], stolen[WK_SIDES][40];
    if (c->machine.outcome == WK_OUTCOME_NONE) {
        return false;
    }
    compared_percent(percent, sizeof percent, c->machine.ratio);
    for (int side = WK_BASE; side <= WK_CANDIDATE; side++) {
        snprintf(stolen[side], sizeof stolen[side], "%s", tool_ns_text((int64_t)(1e6 * grown(compared, (enum wk_side)side, "steal_start_ms", "steal_end_ms"))));
    }
    snprintf(to, bytes, "the machine: a fixed loop changed by %s%s; a run lost %s and %s to other guests, and its processor %.0f and %.0f times", percent,
             c->machine_shift                           ? ", which is the change of all places"
             : c->machine.outcome == WK_OUTCOME_WORSE   ? " (more than luck), which does not explain the change of all places"
             : c->shift.outcome == WK_OUTCOME_WORSE     ? ": the change of all places is the build's"
                                                        : "",
             stolen[WK_BASE], stolen[WK_CANDIDATE], grown(compared, WK_BASE, "involuntary_start", "involuntary_end"),
             grown(compared, WK_CANDIDATE, "involuntary_start", "involuntary_end"));
    return true;
}

/* What the marked places explain of the whole change. */
static void explained_line(char *to, size_t bytes, const struct compared *compared)
{
    double explained_ns = 0;
    const struct wk_comparison *c = compared->of;
    for (uint32_t i = 0; i < c->judged_count; i++) {
        explained_ns += c->judged[i].contribution_ns;
    }
    const double whole_ns = c->total.to - c->total.from;
    snprintf(to, bytes, "they explain %s%s of %s%s that a run changed", explained_ns < 0 ? "-" : "", tool_ns_text((int64_t)fabs(explained_ns)),
             whole_ns < 0 ? "-" : "", tool_ns_text((int64_t)fabs(whole_ns)));
}

static bool is_shown(const struct wk_change *change)
{
    return change->outcome == WK_OUTCOME_WORSE || change->outcome == WK_OUTCOME_BETTER || change->outcome == WK_OUTCOME_MOVED ||
           change->outcome == WK_OUTCOME_CONFOUNDED;
}

static bool is_unsure(const struct wk_judged *judged, const struct compared *compared)
{
    bool unsure = false;
    for (int metric = 0; metric < WK_METRICS; metric++) {
        unsure = unsure || judged->change[metric].outcome == WK_OUTCOME_MOVED || judged->change[metric].outcome == WK_OUTCOME_CONFOUNDED;
    }
    return unsure && !compared_is_culprit(judged, compared);
}

/* ---- text ---- */

static void print_place(FILE *to, const struct compared *compared, const struct wk_judged *judged, const char *mark)
{
    char path[PATH_BYTES], line[LINE_BYTES];
    compared_path(path, sizeof path, &compared->of->matched, judged->row, " > ");
    safe_print(to, "%s %s\n", mark, path);
    for (int metric = 0; metric < WK_METRICS; metric++) {
        const struct wk_change *change = &judged->change[metric];
        if (is_shown(change)) {
            compared_change(line, sizeof line, judged, (enum wk_metric)metric);
            fprintf(to, "    %s%s\n", line,
                    change->outcome == WK_OUTCOME_MOVED        ? "; another place took as much less"
                    : change->outcome == WK_OUTCOME_CONFOUNDED ? "; or the order of the runs"
                                                               : "");
        }
    }
    if (judged->over_budget) {
        fprintf(to, "    budget %s a call: more than half of the runs need more\n", tool_ns_text(judged->rule->budget_ns));
    }
}

static void print_places(FILE *to, const struct compared *compared, const char *mark,
                         bool (*wanted)(const struct wk_judged *judged, const struct compared *compared))
{
    uint32_t count, *places = compared_places(compared, wanted, &count);
    for (uint32_t i = 0; places && i < count && i < most(compared); i++) {
        print_place(to, compared, &compared->of->judged[places[i]], mark);
    }
    if (count > most(compared)) {
        fprintf(to, "%s %s (--all)\n", mark, tool_count(count - most(compared), "more place|more places"));
    }
    free(places);
}

static void print_blind(FILE *to, const struct compared *compared)
{
    uint32_t count, *places = compared_places(compared, compared_is_blind, &count);
    for (uint32_t i = 0; places && i < count && i < most(compared); i++) {
        const struct wk_judged *judged = &compared->of->judged[places[i]];
        const struct wk_change *cost = &judged->change[WK_METRIC_COST];
        char path[PATH_BYTES];
        compared_path(path, sizeof path, &compared->of->matched, judged->row, " > ");
        if (isfinite(cost->least)) {
            safe_print(to, "? %s\n    runs differ by %.2g %%: less than %.3g %% would not be seen\n", path, 100 * cost->noise, 100 * cost->least);
        } else {
            safe_print(to, "? %s\n    its calls are too short for the clock\n", path);
        }
    }
    if (count > most(compared)) {
        fprintf(to, "? %s (--all)\n", tool_count(count - most(compared), "more place is|more places are"));
    }
    free(places);
}

/* New, removed, renamed and moved places; of those that stand in another such place only the outermost. */
static void print_structure(FILE *to, const struct compared *compared)
{
    static const char *const marks[] = {[WK_MATCH_RENAMED] = "~ renamed", [WK_MATCH_MOVED] = "~ elsewhere", [WK_MATCH_NEW] = "+ new",
                                        [WK_MATCH_REMOVED] = "- removed"};
    const struct wk_matched *m = &compared->of->matched;
    uint32_t shown[WK_MATCH_REMOVED + 1] = {0};
    for (uint32_t row = 0; row < m->count; row++) {
        const struct wk_match_row *r = &m->rows[row];
        const bool inside = r->parent != WICK_NONE && m->rows[r->parent].match == r->match;
        if (r->match == WK_MATCH_SAME || (inside && r->match >= WK_MATCH_NEW) || shown[r->match]++ >= most(compared)) {
            continue;
        }
        char path[PATH_BYTES];
        compared_path(path, sizeof path, m, row, " > ");
        safe_print(to, "%-11s %s%s%s\n", marks[r->match], path, r->match == WK_MATCH_RENAMED ? ", which was " : "",
                   r->match == WK_MATCH_RENAMED ? r->key[WK_BASE]->name : "");
    }
    for (int match = WK_MATCH_RENAMED; match <= WK_MATCH_REMOVED; match++) {
        if (shown[match] > most(compared)) {
            fprintf(to, "%-11s %s (--all)\n", marks[match], tool_count(shown[match] - most(compared), "more|more"));
        }
    }
}

void compared_text(FILE *to, const struct compared *compared)
{
    const struct wk_comparison *c = compared->of;
    char line[LINE_BYTES];
    head(line, sizeof line, compared);
    fprintf(to, "%s\n", line);
    fprintf(to, "verdict: %s: %s\n", compared_verdict(compared->verdict), compared_reason(compared));
    fprintf(to, "%s: %s, %s too small, %s not in all runs\n", tool_count(c->matched.count, "place|places"),
            tool_count(c->judged_count, "tested|tested"), tool_number_text(c->too_small), tool_number_text(c->partial));
    shift_line(line, sizeof line, compared);
    fprintf(to, "%s\n", line);
    if (machine_line(line, sizeof line, compared)) {
        fprintf(to, "%s\n", line);
    }
    print_places(to, compared, "!", compared_is_culprit);
    if (c->options->cost == WK_COST_SELF && (c->flagged[WK_METRIC_COST] || c->flagged[WK_METRIC_CALLS])) {
        explained_line(line, sizeof line, compared);
        fprintf(to, "  %s\n", line);
    }
    print_places(to, compared, "=", is_unsure);
    print_places(to, compared, "*", compared_is_better);
    print_structure(to, compared);
    print_blind(to, compared);
}

/* ---- Markdown ---- */

/* A cell of a table: without what Markdown or HTML would take for its own. */
static void cell(FILE *to, const char *text)
{
    for (; *text; text++) {
        if (strchr("|\\`*_<>[]", *text)) {
            putc('\\', to);
        }
        putc(*text == '\n' || *text == '\r' ? ' ' : *text, to);
    }
}

static void markdown_rows(FILE *to, const struct compared *compared, const char *mark,
                          bool (*wanted)(const struct wk_judged *judged, const struct compared *compared))
{
    uint32_t count, *places = compared_places(compared, wanted, &count);
    for (uint32_t i = 0; places && i < count && i < most(compared); i++) {
        const struct wk_judged *judged = &compared->of->judged[places[i]];
        for (int metric = 0; metric < WK_METRICS; metric++) {
            char path[PATH_BYTES], line[LINE_BYTES];
            if (is_shown(&judged->change[metric])) {
                compared_path(path, sizeof path, &compared->of->matched, judged->row, " > ");
                compared_change(line, sizeof line, judged, (enum wk_metric)metric);
                fprintf(to, "| %s | ", mark);
                cell(to, path);
                fprintf(to, " | ");
                cell(to, line);
                fprintf(to, " |\n");
            }
        }
    }
    free(places);
}

void compared_markdown(FILE *to, const struct compared *compared)
{
    char line[LINE_BYTES], more[LINE_BYTES] = "";
    fprintf(to, "### wick compare: %s\n\n", compared_verdict(compared->verdict));
    cell(to, compared_reason(compared));
    head(line, sizeof line, compared);
    fprintf(to, ".  \n%s  \n", line);
    shift_line(line, sizeof line, compared);
    fprintf(to, "%s%s\n", line, machine_line(more, sizeof more, compared) ? "  " : "\n");
    if (more[0]) {
        fprintf(to, "%s\n\n", more);
    }
    fprintf(to, "| | place | change |\n|---|---|---|\n");
    markdown_rows(to, compared, "worse", compared_is_culprit);
    markdown_rows(to, compared, "unsure", is_unsure);
    markdown_rows(to, compared, "better", compared_is_better);
    putc('\n', to);
}

/* ---- annotations of GitHub ---- */

/* What a command of a workflow would take for its own, as its documentation says. */
static void escaped(FILE *to, const char *text, bool property)
{
    for (; *text; text++) {
        const bool special = *text == '%' || *text == '\n' || *text == '\r' || (property && (*text == ':' || *text == ','));
        fprintf(to, special ? "%%%02X" : "%c", (unsigned char)*text);
    }
}

void compared_github(FILE *to, const struct compared *compared)
{
    enum { ANNOTATIONS = 10 }; /* of a step; more are not shown */
    uint32_t count, *places = compared_places(compared, compared_is_culprit, &count);
    for (uint32_t i = 0; places && i < count && i < ANNOTATIONS; i++) {
        const struct wk_judged *judged = &compared->of->judged[places[i]];
        const struct wick_summary_key *key = compared_key(&compared->of->matched.rows[judged->row]);
        char path[PATH_BYTES], line[LINE_BYTES] = "over its budget";
        for (int metric = WK_METRICS; metric-- > 0;) {
            if (judged->change[metric].outcome == WK_OUTCOME_WORSE) {
                compared_change(line, sizeof line, judged, (enum wk_metric)metric);
            }
        }
        compared_path(path, sizeof path, &compared->of->matched, judged->row, " > ");
        fprintf(to, "::%s file=", compared->exit_code == EXIT_FOUND ? "error" : "warning");
        escaped(to, key->file, true);
        fprintf(to, ",line=%" PRIu32 ",title=", key->line);
        escaped(to, "slower: ", true);
        escaped(to, key->name, true);
        fputs("::", to);
        escaped(to, path, false);
        fputs(": ", to);
        escaped(to, line, false);
        putc('\n', to);
    }
    free(places);
    if (!count) {
        fprintf(to, "::notice title=wick compare::");
        escaped(to, compared_verdict(compared->verdict), false);
        fputs(": ", to);
        escaped(to, compared_reason(compared), false);
        putc('\n', to);
    }
}

/* ---- folded stacks ---- */

/* A name of a stack: without what separates names, stacks and numbers. */
static void folded_name(FILE *to, const char *name)
{
    for (; *name; name++) {
        putc(*name == ';' ? ',' : *name == ' ' || (unsigned char)*name < ' ' ? '_' : *name, to);
    }
}

static double mean_self_ns(const struct wk_matched *m, uint32_t row, enum wk_side side)
{
    const uint32_t first = side == WK_BASE ? 0 : m->runs[WK_BASE].count, runs = m->runs[side].count;
    double sum = 0;
    for (uint32_t run = 0; run < runs; run++) {
        const struct wick_summary_node *node = wk_cell(m, row, first + run);
        sum += node ? (double)node->self_ns : 0;
    }
    return runs ? sum / runs : 0;
}

void compared_folded(FILE *to, const struct compared *compared)
{
    const struct wk_matched *m = &compared->of->matched;
    for (uint32_t row = 0; row < m->count; row++) {
        const double self_ns[WK_SIDES] = {mean_self_ns(m, row, WK_BASE), mean_self_ns(m, row, WK_CANDIDATE)};
        uint32_t rows[256], count = 0;
        if (!(self_ns[WK_BASE] > 0) && !(self_ns[WK_CANDIDATE] > 0)) {
            continue;
        }
        for (uint32_t up = row; up != WICK_NONE && count < 256; up = m->rows[up].parent) {
            rows[count++] = up;
        }
        while (count) {
            folded_name(to, compared_key(&m->rows[rows[--count]])->name);
            putc(count ? ';' : ' ', to);
        }
        fprintf(to, "%.0f %.0f\n", self_ns[WK_BASE], self_ns[WK_CANDIDATE]);
    }
}
