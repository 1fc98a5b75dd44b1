/*
 * SPDX-License-Identifier: MIT
 * wick calibrate: how much runs of one build differ, and how many of them a comparison needs.
 * Must not compute: lib/stats does.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/json_stream.h"
#include "base/messages.h"
#include "base/safe_text.h"
#include "base/words.h"
#include "cmd/cmd.h"
#include "input/rules.h"
#include "input/summaries.h"
#include "print/compared.h"
#include "print/output_file.h"
#include "stats/calibrate.h"

/* More than four alarms of a hundred would be luck of 1 in 300 at a rate of 1 %. */
enum { SPLITS = 100, ALARMS_MAX = 4, CHECK_LEAST = 10, SHOWN = 20 };

struct calibrated {
    const struct settings *settings;
    struct wk_calibration of;
    uint32_t runs, alarms; /* alarms: with --check */
    uint32_t *order;       /* of the places: the noisiest first */
};

/* ---- text ---- */

static void print_needed(FILE *to, const struct calibrated *c)
{
    const struct wk_calibration *of = &c->of;
    const double detect = 100 * of->runs.options->detect;
    uint32_t few = 0;
    for (uint32_t i = 0; i < of->count; i++) {
        few += of->places[i].needed && of->places[i].needed <= wk_calibrate_sizes[1];
    }
    fprintf(to, "to see a change of %.3g %%: 7 runs of each build are enough for %s of %" PRIu32, detect, tool_count(few, "place|places"), of->count);
    if (of->needed > wk_calibrate_sizes[1]) {
        fprintf(to, ", %" PRIu32 " for %s", of->needed, of->unclear ? "more of them" : "all");
    }
    if (of->unclear) {
        fprintf(to, "; %s more than %d", tool_count(of->unclear, "place needs|places need"), WK_CALIBRATE_MOST);
    }
    putc('\n', to);
}

/* Two digits below 100 %; far above it no figure means anything. */
static void print_share(FILE *to, double share)
{
    if (isnan(share)) {
        fprintf(to, "%10s", "? ");
    } else if (share < 1) {
        fprintf(to, "%7.2g %% ", 100 * share);
    } else if (share < 10) {
        fprintf(to, "%7.0f %% ", 100 * share);
    } else {
        fprintf(to, " > 1000 %% ");
    }
}

static void print_text(FILE *to, const struct calibrated *c)
{
    const struct wk_calibration *of = &c->of;
    fprintf(to, "%s; %s: %" PRIu32 " examined, %" PRIu32 " not in all runs\n", tool_count(c->runs, "run|runs"),
            tool_count(of->runs.matched.count, "place|places"), of->count, of->runs.partial);
    fprintf(to, "all places together differ by %.2g %% from run to run; what follows is without that\n", 100 * of->shift_noise);
    print_needed(to, c);
    const uint32_t shown = c->settings->all || of->count <= SHOWN ? of->count : SHOWN;
    if (shown) {
        fprintf(to, "%9s %9s %9s %9s %7s %6s  %s\n", "noise", "5 runs", "7 runs", "10 runs", "needed", "calls", "place");
    }
    for (uint32_t i = 0; i < shown; i++) {
        const struct wk_noise *place = &of->places[c->order[i]];
        char path[160], needed[16];
        compared_path(path, sizeof path, &of->runs.matched, place->row, " > ");
        snprintf(needed, sizeof needed, place->needed ? "%" PRIu32 : "> %" PRIu32, place->needed ? place->needed : WK_CALIBRATE_MOST);
        print_share(to, place->noise);
        for (int size = 0; size < WK_CALIBRATE_SIZES; size++) {
            print_share(to, place->least[size]);
        }
        fprintf(to, "%7s %6s  ", needed, place->exact ? "exact" : "vary");
        safe_print(to, "%s\n", path);
    }
    if (shown < of->count) {
        fprintf(to, "%s (--all)\n", tool_count(of->count - shown, "quieter place|quieter places"));
    }
    if (c->settings->check) {
        fprintf(to, "self-test: %" PRIu32 " of %d comparisons of one half of the runs with the other flagged a place\n", c->alarms, SPLITS);
    }
}

/* ---- JSON ---- */

static void print_json(FILE *to, const struct calibrated *c)
{
    const struct wk_calibration *of = &c->of;
    struct wick_json json = json_to(to);
    wick_json_begin(&json, NULL, '{');
    wick_json_string(&json, "schema", "wick-calibrate/1");
    wick_json_unsigned(&json, "runs", c->runs);
    wick_json_double(&json, "alpha", of->runs.options->alpha);
    wick_json_double(&json, "threshold", of->runs.options->threshold);
    wick_json_double(&json, "detect", of->runs.options->detect);
    wick_json_unsigned(&json, "places", of->runs.matched.count);
    wick_json_unsigned(&json, "not_in_all_runs", of->runs.partial);
    wick_json_double(&json, "shift_noise", of->shift_noise);
    wick_json_unsigned(&json, "needed", of->needed);
    wick_json_unsigned(&json, "unclear", of->unclear);
    if (c->settings->check) {
        wick_json_unsigned(&json, "splits", SPLITS);
        wick_json_unsigned(&json, "alarms", c->alarms);
    }
    wick_json_begin(&json, "nodes", '[');
    for (uint32_t i = 0; i < of->count; i++) {
        const struct wk_noise *place = &of->places[c->order[i]];
        wick_json_line(&json);
        wick_json_begin(&json, NULL, '{');
        compared_json_path(&json, &of->runs.matched, place->row);
        wick_json_double(&json, "share", place->share);
        wick_json_double(&json, "calls", place->calls);
        wick_json_double(&json, "cost_ns", place->cost_ns);
        wick_json_double(&json, "noise", place->noise);
        wick_json_double(&json, "mde_5", place->least[0]);
        wick_json_double(&json, "mde_7", place->least[1]);
        wick_json_double(&json, "mde_10", place->least[2]);
        if (place->needed) {
            wick_json_unsigned(&json, "needed", place->needed);
        } else {
            wick_json_word(&json, "needed", "null");
        }
        wick_json_word(&json, "exact", place->exact ? "true" : "false");
        wick_json_end(&json, '}');
    }
    wick_json_end(&json, ']');
    wick_json_end(&json, '}');
    putc('\n', to);
}

/* ---- the whole ---- */

static const struct wk_noise *sorted_places;

static int by_noise(const void *left, const void *right)
{
    const uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    const double x = sorted_places[a].noise, y = sorted_places[b].noise;
    return x != y ? (x > y ? -1 : 1) : a < b ? -1 : 1;
}

static int no_memory(const struct settings *settings)
{
    tool_error(settings, "out of memory");
    return EXIT_USAGE;
}

static int calibrate(struct calibrated *c, const struct wk_runs *runs, const struct wk_compare_options *options)
{
    c->runs = runs->count;
    if (wk_calibrate(&c->of, runs, options) < 0) {
        return no_memory(c->settings);
    }
    if (c->of.runs.obstacles) {
        tool_error(c->settings, "the runs cannot be compared: %s", compared_obstacle(c->of.runs.obstacles));
        return EXIT_USAGE;
    }
    c->order = calloc((size_t)c->of.count + 1, sizeof *c->order);
    if (!c->order || (c->settings->check && wk_calibrate_check(runs, options, SPLITS, &c->alarms) < 0)) {
        return no_memory(c->settings);
    }
    for (uint32_t i = 0; i < c->of.count; i++) {
        c->order[i] = i;
    }
    sorted_places = c->of.places;
    qsort(c->order, c->of.count, sizeof *c->order, by_noise);
    return EXIT_FINE;
}

static int print(const struct calibrated *c)
{
    struct log_output output;
    if (!log_output_open_bytes(&output, c->settings, c->settings->output ? c->settings->output : "-")) {
        return EXIT_USAGE;
    }
    (compared_is_json(c->settings) ? print_json : print_text)(output.to, c);
    const int rc = log_output_close(&output, EXIT_FINE);
    return rc == EXIT_FINE && c->alarms > ALARMS_MAX ? EXIT_FOUND : rc;
}

int cmd_calibrate(struct settings *settings)
{
    struct summaries runs = {0};
    struct rules none = {0};
    struct calibrated c = {.settings = settings};
    const struct wk_compare_options options = rules_options(settings, &none);
    const uint32_t least = settings->check ? CHECK_LEAST : WK_CALIBRATE_LEAST;
    if (!settings->argument_count) {
        tool_error(settings, "give runs of one build: wick calibrate run-*.wick");
        return EXIT_USAGE;
    }
    int rc = summaries_load(&runs, settings, settings->arguments, settings->argument_count);
    if (rc == EXIT_FINE) {
        (void)summaries_leave_out(&runs);
    }
    if (rc == EXIT_FINE && runs.count < least) {
        tool_error(settings, "%" PRIu32 " of the runs can be used: %s%" PRIu32 " are the least", runs.count, settings->check ? "for --check " : "", least);
        rc = EXIT_USAGE;
    }
    const struct wk_runs all = {runs.items, runs.count};
    rc = rc == EXIT_FINE ? calibrate(&c, &all, &options) : rc;
    rc = rc == EXIT_FINE ? print(&c) : rc;
    wk_calibration_free(&c.of);
    free(c.order);
    summaries_free(&runs);
    return rc;
}
