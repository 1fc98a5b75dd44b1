/*
 * SPDX-License-Identifier: MIT
 * A comparison as JSON (tools/schema/compare.json), and as JUnit's XML. See compared.h.
 */
#include <math.h>
#include <stdlib.h>

#include "print/compared.h"
#include "base/json_stream.h"

static const struct wick_summary *run_of(const struct wk_matched *m, enum wk_side side, uint32_t run)
{
    return m->runs[side].items[run];
}

static void runs(struct wick_json *json, const struct compared *compared, enum wk_side side)
{
    const struct wk_matched *m = &compared->of->matched;
    wick_json_begin(json, side == WK_BASE ? "base" : "candidate", '{');
    wick_json_unsigned(json, "left_out", compared->left_out[side]);
    wick_json_begin(json, "runs", '[');
    for (uint32_t run = 0; run < m->runs[side].count; run++) {
        struct wick_summary_info info;
        wick_summary_info_read(run_of(m, side, run), &info);
        const char *build = wick_summary_find(run_of(m, side, run), "build_id");
        wick_json_begin(json, NULL, '{');
        wick_json_string(json, "log", info.log);
        wick_json_time(json, "first_ns", info.first_ns);
        wick_json_string(json, "build_id", build ? build : "");
        wick_json_unsigned(json, "lost", info.lost);
        wick_json_end(json, '}');
    }
    wick_json_end(json, ']');
    wick_json_end(json, '}');
}

static void change(struct wick_json *json, const char *name, const struct wk_change *of)
{
    wick_json_begin(json, name, '{');
    wick_json_string(json, "outcome", compared_outcome(of->outcome));
    wick_json_word(json, "exact", of->exact ? "true" : "false");
    wick_json_double(json, "from", of->from);
    wick_json_double(json, "to", of->to);
    wick_json_double(json, "ratio", of->ratio);
    wick_json_double(json, "low", of->low);
    wick_json_double(json, "high", of->high);
    wick_json_double(json, "p_adj", of->p);
    wick_json_double(json, "mde", of->least);
    wick_json_double(json, "noise", of->noise);
    wick_json_end(json, '}');
}

/* The costs that were compared, one per run. */
static void values(struct wick_json *json, const struct compared *compared, uint32_t row, enum wk_side side)
{
    const struct wk_matched *m = &compared->of->matched;
    wick_json_begin(json, side == WK_BASE ? "base" : "candidate", '{');
    wick_json_unsigned(json, "n", m->runs[side].count);
    wick_json_begin(json, "values", '[');
    for (uint32_t run = 0; run < m->runs[side].count; run++) {
        const struct wick_summary_node *node = wk_cell(m, row, run + (side == WK_BASE ? 0 : m->runs[WK_BASE].count));
        wick_json_double(json, NULL, node && node->calls ? wk_compare_cost(compared->of->options, node) : NAN);
    }
    wick_json_end(json, ']');
    wick_json_end(json, '}');
}

void compared_json_path(struct wick_json *json, const struct wk_matched *m, uint32_t row)
{
    uint32_t rows[256], count = 0;
    for (uint32_t up = row; up != WICK_NONE && count < 256; up = m->rows[up].parent) {
        rows[count++] = up;
    }
    wick_json_begin(json, "path", '[');
    while (count) {
        wick_json_string(json, NULL, compared_key(&m->rows[rows[--count]])->name);
    }
    wick_json_end(json, ']');
}

static void place(struct wick_json *json, const struct compared *compared, const struct wk_judged *judged)
{
    const struct wk_matched *m = &compared->of->matched;
    const struct wk_match_row *row = &m->rows[judged->row];
    wick_json_line(json);
    wick_json_begin(json, NULL, '{');
    compared_json_path(json, m, judged->row);
    wick_json_string(json, "match", compared_match(row->match));
    wick_json_string(json, "class",
                     compared_is_culprit(judged, compared)  ? "worse"
                     : compared_is_better(judged, compared) ? "better"
                     : compared_is_blind(judged, compared)  ? "blind"
                                                            : "equal");
    wick_json_string(json, "file", compared_key(row)->file);
    wick_json_unsigned(json, "line", compared_key(row)->line);
    wick_json_double(json, "base_share", judged->share[WK_BASE]);
    wick_json_double(json, "candidate_share", judged->share[WK_CANDIDATE]);
    wick_json_double(json, "base_calls", judged->calls[WK_BASE]);
    wick_json_double(json, "candidate_calls", judged->calls[WK_CANDIDATE]);
    wick_json_double(json, "contribution_ns", judged->contribution_ns);
    wick_json_word(json, "over_budget", judged->over_budget ? "true" : "false");
    values(json, compared, judged->row, WK_BASE);
    values(json, compared, judged->row, WK_CANDIDATE);
    for (int metric = 0; metric < WK_METRICS; metric++) {
        change(json, compared_metric((enum wk_metric)metric), &judged->change[metric]);
    }
    wick_json_end(json, '}');
}

static void structure(struct wick_json *json, const struct wk_matched *m)
{
    wick_json_begin(json, "structure", '[');
    for (uint32_t row = 0; row < m->count; row++) {
        if (m->rows[row].match != WK_MATCH_SAME) {
            wick_json_line(json);
            wick_json_begin(json, NULL, '{');
            wick_json_string(json, "match", compared_match(m->rows[row].match));
            compared_json_path(json, m, row);
            if (m->rows[row].key[WK_BASE]) {
                wick_json_string(json, "base_name", m->rows[row].key[WK_BASE]->name);
            }
            wick_json_end(json, '}');
        }
    }
    wick_json_end(json, ']');
}

void compared_json(FILE *to, const struct compared *compared)
{
    const struct wk_comparison *c = compared->of;
    struct wick_json json = json_to(to);
    wick_json_begin(&json, NULL, '{');
    wick_json_string(&json, "schema", "wick-compare/1");
    wick_json_string(&json, "verdict", compared_verdict(compared->verdict));
    wick_json_unsigned(&json, "exit_code", (uint64_t)compared->exit_code);
    wick_json_string(&json, "reason", compared_reason(compared));
    wick_json_string(&json, "metric", compared->settings->metric ? compared->settings->metric : "all");
    wick_json_double(&json, "alpha", c->options->alpha);
    wick_json_double(&json, "threshold", c->options->threshold);
    wick_json_double(&json, "detect", c->options->detect);
    wick_json_word(&json, "blocked", c->blocked ? "true" : "false");
    wick_json_unsigned(&json, "places", c->matched.count);
    wick_json_unsigned(&json, "tested", c->judged_count);
    wick_json_unsigned(&json, "too_small", c->too_small);
    wick_json_unsigned(&json, "not_in_all_runs", c->partial);
    wick_json_unsigned(&json, "blind", c->blind);
    wick_json_double(&json, "new_share", c->new_share);
    wick_json_double(&json, "removed_share", c->removed_share);
    runs(&json, compared, WK_BASE);
    runs(&json, compared, WK_CANDIDATE);
    change(&json, "shift", &c->shift);
    change(&json, "total", &c->total);
    change(&json, "machine", &c->machine);
    wick_json_word(&json, "machine_shift", c->machine_shift ? "true" : "false");
    wick_json_begin(&json, "nodes", '[');
    for (uint32_t i = 0; i < c->judged_count; i++) {
        place(&json, compared, &c->judged[i]);
    }
    wick_json_end(&json, ']');
    structure(&json, &c->matched);
    wick_json_end(&json, '}');
    putc('\n', to);
}

/* ---- JUnit ---- */

static void xml(FILE *to, const char *text)
{
    for (; *text; text++) {
        const unsigned char c = (unsigned char)*text;
        if (c == '<' || c == '>' || c == '&' || c == '"') {
            fprintf(to, "&#%d;", c);
        } else {
            putc(c < ' ' && c != '\t' && c != '\n' ? ' ' : c, to); /* XML 1.0 has no place for other controls */
        }
    }
}

/* Does a place that the rule matches make the comparison fail? Without a rule: any place. */
static bool is_broken(const struct compared *compared, const struct wk_rule *rule)
{
    for (uint32_t i = 0; i < compared->of->judged_count; i++) {
        const struct wk_judged *judged = &compared->of->judged[i];
        if ((!rule || judged->rule == rule) && compared_is_culprit(judged, compared) && !(judged->rule && judged->rule->warn)) {
            return true;
        }
    }
    return false;
}

static void test_case(FILE *to, const struct compared *compared, const struct wk_rule *rule)
{
    const bool failed = compared->verdict == WK_VERDICT_REGRESSION && is_broken(compared, rule);
    const bool whole = !rule && compared->verdict == WK_VERDICT_REGRESSION;
    fputs("<testcase classname=\"wick.compare\" name=\"", to);
    xml(to, rule ? rule->glob : "all places");
    fputs("\">", to);
    if (failed || whole) {
        fputs("<failure type=\"PerformanceRegression\" message=\"", to);
        xml(to, compared_reason(compared));
        fputs("\">", to);
        uint32_t count, *places = compared_places(compared, compared_is_culprit, &count);
        for (uint32_t i = 0; places && i < count; i++) {
            char line[400];
            if (!rule || compared->of->judged[places[i]].rule == rule) {
                compared_path(line, sizeof line, &compared->of->matched, compared->of->judged[places[i]].row, " > ");
                xml(to, line);
                putc('\n', to);
            }
        }
        free(places);
        fputs("</failure>", to);
    } else if (compared->verdict == WK_VERDICT_INCONCLUSIVE || compared->verdict == WK_VERDICT_NOT_COMPARABLE ||
               compared->verdict == WK_VERDICT_UNVERIFIED) {
        fputs("<skipped message=\"", to);
        xml(to, compared_reason(compared));
        fputs("\"/>", to);
    }
    fputs("</testcase>\n", to);
}

void compared_junit(FILE *to, const struct compared *compared)
{
    uint32_t failures = compared->verdict == WK_VERDICT_REGRESSION;
    for (uint32_t i = 0; i < compared->rule_count; i++) {
        failures += compared->verdict == WK_VERDICT_REGRESSION && is_broken(compared, &compared->rules[i]);
    }
    fprintf(to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"wick compare\" tests=\"%u\" failures=\"%u\">\n",
            compared->rule_count + 1, failures);
    test_case(to, compared, NULL);
    for (uint32_t i = 0; i < compared->rule_count; i++) {
        test_case(to, compared, &compared->rules[i]);
    }
    fputs("</testsuite>\n", to);
}
