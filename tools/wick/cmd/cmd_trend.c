/*
 * SPDX-License-Identifier: MIT
 * wick trend: the runs of many builds, a file of summaries for each, and where their costs changed for good.
 * Must not compute: lib/stats does. Invariant: the order of the builds is that of the arguments.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_stream.h"
#include "base/messages.h"
#include "base/safe_text.h"
#include "base/words.h"
#include "cmd/cmd.h"
#include "input/rules.h"
#include "input/summaries.h"
#include "print/compared.h"
#include "print/output_file.h"
#include "stats/trend.h"

/* A build: the runs of one argument. */
struct trend_point {
    struct summaries runs;
    const char *name; /* the argument */
};

struct trended {
    const struct settings *settings;
    struct trend_point *points;
    struct wk_runs *runs; /* of each point */
    uint32_t count;
    struct wk_trend of;
};

static uint32_t standing(const struct wk_trend *trend)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < trend->count; i++) {
        count += trend->changes[i].stands;
    }
    return count;
}

/* ---- text ---- */

static void print_change(FILE *to, const struct trended *t, const struct wk_trend_change *change)
{
    char path[160] = "all places together", percent[3][40], costs[80] = "";
    compared_percent(percent[0], sizeof percent[0], change->ratio);
    compared_percent(percent[1], sizeof percent[1], change->low);
    compared_percent(percent[2], sizeof percent[2], change->high);
    if (change->row != WICK_NONE) {
        compared_path(path, sizeof path, &t->of.matched, change->row, " > ");
        snprintf(costs, sizeof costs, "%s -> %s a call, ", tool_ns_text((int64_t)(change->from + 0.5)), tool_ns_text((int64_t)(change->to + 0.5)));
    }
    safe_print(to, "%s %s\n", change->stands ? "!" : change->worse ? "=" : "*", path);
    fprintf(to, "    %s%s (99 %%: %s .. %s)%s\n", costs, percent[0], percent[1], percent[2], change->worse && !change->stands ? "; made good later" : "");
}

static void print_text(FILE *to, const struct trended *t)
{
    const struct wk_trend *of = &t->of;
    const uint32_t stands = standing(of);
    fprintf(to, "%s, %s\n", tool_count(of->points, "build|builds"), tool_count(of->places, "place|places"));
    for (uint32_t i = 0; i < of->count; i++) {
        const struct wk_trend_change *change = &of->changes[i];
        if (!i || change->point != of->changes[i - 1].point) {
            safe_print(to, "from %s on:\n", t->points[change->point].name);
        }
        print_change(to, t, change);
    }
    if (!of->count) {
        fprintf(to, "nothing changed for good\n");
    } else if (stands) {
        safe_print(to, "last known good: %s\n", t->points[of->last_good].name);
    }
    fprintf(to, "wick: changes=%" PRIu32 " standing=%" PRIu32 " last_good=%" PRIu32 " of %" PRIu32 "\n", of->count, stands, of->last_good + 1, of->points);
}

/* ---- JSON ---- */

static void print_json(FILE *to, const struct trended *t)
{
    const struct wk_trend *of = &t->of;
    struct wick_json json = json_to(to);
    wick_json_begin(&json, NULL, '{');
    wick_json_string(&json, "schema", "wick-trend/1");
    wick_json_begin(&json, "builds", '[');
    for (uint32_t i = 0; i < t->count; i++) {
        wick_json_begin(&json, NULL, '{');
        wick_json_string(&json, "name", t->points[i].name);
        wick_json_unsigned(&json, "runs", t->runs[i].count);
        wick_json_end(&json, '}');
    }
    wick_json_end(&json, ']');
    wick_json_unsigned(&json, "places", of->places);
    wick_json_unsigned(&json, "standing", standing(of));
    wick_json_string(&json, "last_good", t->points[of->last_good].name);
    wick_json_begin(&json, "changes", '[');
    for (uint32_t i = 0; i < of->count; i++) {
        const struct wk_trend_change *change = &of->changes[i];
        wick_json_line(&json);
        wick_json_begin(&json, NULL, '{');
        wick_json_string(&json, "build", t->points[change->point].name);
        wick_json_string(&json, "before", t->points[change->point - 1].name);
        if (change->row == WICK_NONE) {
            wick_json_word(&json, "path", "null"); /* all places together: from and to are factors */
        } else {
            compared_json_path(&json, &of->matched, change->row);
        }
        wick_json_double(&json, "from", change->from);
        wick_json_double(&json, "to", change->to);
        wick_json_double(&json, "ratio", change->ratio);
        wick_json_double(&json, "low", change->low);
        wick_json_double(&json, "high", change->high);
        wick_json_double(&json, "p_adj", change->p);
        wick_json_word(&json, "worse", change->worse ? "true" : "false");
        wick_json_word(&json, "stands", change->stands ? "true" : "false");
        wick_json_end(&json, '}');
    }
    wick_json_end(&json, ']');
    wick_json_end(&json, '}');
    putc('\n', to);
}

/* ---- the whole ---- */

/* A build whose runs lost or left out something says nothing; it is left out, and named. */
static bool is_whole(const struct trend_point *point)
{
    for (uint32_t i = 0; i < point->runs.count; i++) {
        const uint32_t obstacles = wk_run_obstacles(point->runs.items[i]);
        if (obstacles) {
            tool_note("%s: left out: %s", point->name, compared_obstacle(obstacles));
            return false;
        }
    }
    if (!point->runs.count) {
        tool_note("%s: left out: it has no run that came to its end", point->name);
    }
    return point->runs.count != 0;
}

static int64_t first_ns(const struct trend_point *point)
{
    struct wick_summary_info info;
    wick_summary_info_read(point->runs.items[0], &info);
    return info.first_ns;
}

static int load_points(struct trended *t)
{
    const struct settings *settings = t->settings;
    bool ordered = true;
    for (int i = 0; i < settings->argument_count; i++) {
        struct trend_point *point = &t->points[t->count];
        *point = (struct trend_point){.name = settings->arguments[i]};
        const int rc = summaries_load(&point->runs, settings, &settings->arguments[i], 1);
        if (rc != EXIT_FINE) {
            summaries_free(&point->runs);
            return rc;
        }
        (void)summaries_leave_out(&point->runs);
        if (!is_whole(point)) {
            summaries_free(&point->runs);
            continue;
        }
        ordered = ordered && (!t->count || first_ns(&t->points[t->count - 1]) <= first_ns(point));
        t->runs[t->count++] = (struct wk_runs){point->runs.items, point->runs.count};
    }
    if (t->count < WK_TREND_LEAST) {
        tool_error(settings, "%" PRIu32 " builds can be used: %d are the least", t->count, WK_TREND_LEAST);
        return EXIT_USAGE;
    }
    if (!ordered) {
        tool_note("the order of the arguments, which is that of the builds, is not that of their runs' times");
    }
    return EXIT_FINE;
}

static int print(const struct trended *t)
{
    struct log_output output;
    if (!log_output_open_bytes(&output, t->settings, t->settings->output ? t->settings->output : "-")) {
        return EXIT_USAGE;
    }
    (compared_is_json(t->settings) ? print_json : print_text)(output.to, t);
    return log_output_close(&output, EXIT_FINE);
}

int cmd_trend(struct settings *settings)
{
    struct rules none = {0};
    const struct wk_compare_options options = rules_options(settings, &none);
    struct trended t = {.settings = settings};
    if (!settings->argument_count) {
        tool_error(settings, "give files of summaries, one for each build, in order: wick trend 1.wicksum 2.wicksum ...");
        return EXIT_USAGE;
    }
    t.points = calloc((size_t)settings->argument_count, sizeof *t.points);
    t.runs = calloc((size_t)settings->argument_count, sizeof *t.runs);
    int rc = t.points && t.runs ? load_points(&t) : EXIT_USAGE;
    if (!t.points || !t.runs || (rc == EXIT_FINE && wk_trend_find(&t.of, t.runs, t.count, &options) < 0)) {
        tool_error(settings, "out of memory");
        rc = EXIT_USAGE;
    }
    rc = rc == EXIT_FINE ? print(&t) : rc;
    wk_trend_free(&t.of);
    for (uint32_t i = 0; i < t.count; i++) {
        summaries_free(&t.points[i].runs);
    }
    free(t.points);
    free(t.runs);
    return rc;
}
