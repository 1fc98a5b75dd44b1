/*
 * SPDX-License-Identifier: MIT
 * wick compare: runs of two builds in, a verdict out.
 * Must not compute: lib/stats does. Invariant: whatever keeps runs from being compared, the verdict is not `pass`.
 */
#include <errno.h>
#include <glob.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/messages.h"
#include "base/words.h"
#include "cmd/cmd.h"
#include "cmd/compare_page.h"
#include "cmd/compare_runs.h"
#include "input/rules.h"
#include "input/summaries.h"
#include "print/compared.h"
#include "print/output_file.h"

/* ---- runs ---- */

/* Files of one side: arguments, or what a pattern matches. */
struct side {
    char **paths;
    int count;
    const char *pattern; /* NULL: arguments */
    glob_t found;
};

static int find_side(struct side *side, const struct settings *settings, enum wk_side which)
{
    const char *option = which == WK_CANDIDATE ? "--cand" : settings->noise_model ? "--noise-model" : "--base";
    if (settings->noise_model && settings->base) {
        tool_error(settings, "--noise-model and --base both name the base: leave one of them out");
        return EXIT_USAGE;
    }
    side->pattern = which == WK_CANDIDATE ? settings->cand : settings->noise_model ? settings->noise_model : settings->base;
    side->paths = settings->arguments + (which == WK_BASE ? 0 : settings->first_count);
    side->count = which == WK_BASE ? settings->first_count : settings->argument_count - settings->first_count;
    if (side->pattern && side->count) {
        tool_error(settings, "%s and arguments both name these runs: leave one of them out", option);
        return EXIT_USAGE;
    }
    if (side->pattern) {
        const int rc = glob(side->pattern, 0, NULL, &side->found);
        if (rc != 0) {
            tool_error(settings, "%s %s: %s", option, side->pattern, rc == GLOB_NOMATCH ? "no file of this name" : "cannot be read");
            return which == WK_BASE ? EXIT_NO_BASE : EXIT_USAGE;
        }
        side->paths = side->found.gl_pathv;
        side->count = (int)side->found.gl_pathc;
    }
    for (int i = 0; i < side->count && which == WK_BASE; i++) {
        if (strcmp(side->paths[i], "-") != 0 && access(side->paths[i], F_OK) != 0 && errno == ENOENT) {
            tool_error(settings, "%s: there is no base to compare with", side->paths[i]);
            return EXIT_NO_BASE;
        }
    }
    if (!side->count) {
        tool_error(settings, "give runs of both builds: wick compare base-*.wick -- new-*.wick");
        return EXIT_USAGE;
    }
    return EXIT_FINE;
}

static int load_side(struct summaries *runs, struct compared *compared, enum wk_side which)
{
    const struct settings *settings = compared->settings;
    struct side side = {.count = 0};
    int rc = find_side(&side, settings, which);
    rc = rc == EXIT_FINE ? summaries_load(runs, settings, side.paths, side.count) : rc;
    if (side.pattern) {
        globfree(&side.found);
    }
    if (rc == EXIT_FINE) {
        compared->left_out[which] = summaries_leave_out(runs);
        if (!runs->count) {
            tool_error(settings, "no run of the %s has come to its end: nothing can be compared", which == WK_BASE ? "base" : "candidate");
            rc = EXIT_USAGE;
        } else if (which == WK_BASE && settings->noise_model && runs->count < WK_MODEL_RUNS) {
            tool_error(settings, "%s: %" PRIu32 " of its runs can be used: %d are the least", settings->noise_model, runs->count, WK_MODEL_RUNS);
            rc = EXIT_USAGE;
        }
    }
    return rc;
}

/* ---- what fails ---- */

struct failing {
    uint32_t on;
    double new_share;
};

static int parse_fail_on(struct failing *failing, const struct settings *settings)
{
    static const struct {
        const char *word;
        uint32_t on;
    } known[] = {{"regression", WK_FAIL_COST}, {"count", WK_FAIL_CALLS}, {"tail", WK_FAIL_TAIL}, {"uniform", WK_FAIL_UNIFORM}};
    const char *at = settings->fail_on ? settings->fail_on : "regression,count";
    while (*at) {
        const size_t bytes = strcspn(at, ",");
        uint32_t on = 0;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
            on |= strlen(known[i].word) == bytes && strncmp(at, known[i].word, bytes) == 0 ? known[i].on : 0;
        }
        char share[32] = "";
        if (strncmp(at, "new>", 4) == 0 && bytes - 4 < sizeof share) {
            memcpy(share, at + 4, bytes - 4);
            on = tool_share(share, &failing->new_share) ? WK_FAIL_NEW : 0;
        }
        if (!on) {
            tool_error(settings, "--fail-on takes regression, count, tail, uniform and new>SHARE, with commas; not '%.*s'", (int)bytes, at);
            return EXIT_USAGE;
        }
        failing->on |= on;
        at += bytes + (at[bytes] == ',');
    }
    return EXIT_FINE;
}

static int exit_code(const struct compared *compared)
{
    const struct settings *settings = compared->settings;
    const enum wk_verdict v = compared->verdict;
    if (settings->exit_zero) {
        return EXIT_FINE;
    }
    if (v == WK_VERDICT_REGRESSION) {
        return EXIT_FOUND;
    }
    const bool unclear = v == WK_VERDICT_INCONCLUSIVE || v == WK_VERDICT_UNVERIFIED || v == WK_VERDICT_NOT_COMPARABLE;
    return unclear && settings->require_conclusive ? EXIT_UNCLEAR : EXIT_FINE;
}

/* ---- the whole ---- */

/* An exit code. */
static int print_as(FILE *to, const struct compared *compared, const char *format)
{
    if (strcmp(format, "html") == 0) {
        return compare_page(to, compared) < 0 ? EXIT_USAGE : EXIT_FINE;
    }
    if (strcmp(format, "json") == 0) {
        compared_json(to, compared);
    } else if (strcmp(format, "junit") == 0) {
        compared_junit(to, compared);
    } else if (strcmp(format, "md") == 0) {
        compared_markdown(to, compared);
    } else if (strcmp(format, "folded") == 0) {
        compared_folded(to, compared);
    } else if (strcmp(format, "github") == 0) {
        compared_github(to, compared);
    } else {
        compared_text(to, compared);
    }
    return EXIT_FINE;
}

/* A form that was not named follows from its file. */
static const char *form_of(const char *name)
{
    const char *end = strrchr(name, '.');
    return end && strcmp(end, ".html") == 0 ? "html" : "text";
}

static bool has_machine_form(const char *format)
{
    return strcmp(format, "json") == 0 || strcmp(format, "junit") == 0 || strcmp(format, "html") == 0 || strcmp(format, "folded") == 0;
}

static int write_verdict_file(const struct compared *compared)
{
    struct settings own = *compared->settings;
    own.output = own.verdict_file;
    FILE *to = fopen(own.output, "w");
    if (!to) {
        tool_error(&own, "%s: %s", own.output, strerror(errno));
        return EXIT_USAGE;
    }
    compared_last_line(to, compared);
    return output_close(&own, to) ? EXIT_FINE : EXIT_USAGE;
}

static int print_form(const struct compared *compared, const char *format, const char *name)
{
    struct settings own = *compared->settings;
    struct log_output output;
    own.output = name;
    if (strcmp(format, "html") == 0 && strcmp(name, "-") == 0 && isatty(STDOUT_FILENO)) {
        tool_error(&own, "this would be HTML on a terminal: say where to, -o diff.html");
        return EXIT_USAGE;
    }
    if (!log_output_open_bytes(&output, &own, name)) {
        return EXIT_USAGE;
    }
    return log_output_close(&output, print_as(output.to, compared, format));
}

/* Each form goes to its file, or to standard output; the last line of that is the verdict's, unless a machine reads it. */
static int print_result(const struct compared *compared)
{
    const struct option_values *formats = &compared->settings->formats, *outputs = &compared->settings->outputs;
    const int most = formats->count > outputs->count ? formats->count : outputs->count, count = most ? most : 1;
    bool machine = false;
    int rc = EXIT_FINE;
    for (int i = 0; i < count && rc == EXIT_FINE; i++) {
        const char *name = i < outputs->count && outputs->items[i] ? outputs->items[i] : "-";
        const char *format = i < formats->count ? formats->items[i] : form_of(name);
        machine = machine || (strcmp(name, "-") == 0 && has_machine_form(format));
        rc = print_form(compared, format, name);
    }
    if (!machine && rc == EXIT_FINE) {
        compared_last_line(stdout, compared);
    }
    rc = rc == EXIT_FINE && compared->settings->verdict_file ? write_verdict_file(compared) : rc;
    return rc == EXIT_FINE ? compared->exit_code : rc;
}

static void say_unmatched(const struct rules *rules)
{
    for (uint32_t i = 0; i < rules->count; i++) {
        if (!rules->items[i].matched) {
            tool_note("the rule for '%s' matches no place", rules->items[i].glob);
        }
    }
    for (uint32_t i = 0; i < rules->renamings.count; i++) {
        if (!rules->renamings.items[i].matched) {
            tool_note("--map %s=%s: there is no such pair of places under one parent", rules->renamings.items[i].from, rules->renamings.items[i].to);
        }
    }
}

int compare_runs(struct settings *settings, struct compare_look *look)
{
    struct summaries runs[WK_SIDES] = {{0}, {0}};
    struct rules rules = {0};
    struct failing failing = {.on = 0};
    struct wk_comparison comparison = {.judged_count = 0};
    struct compared compared = {.settings = settings, .of = &comparison};
    int rc = rules_load(&rules, settings);
    struct wk_compare_options options = rules_options(settings, &rules); /* the comparison borrows it until it is printed */
    options.alpha *= look->alpha_share;
    rc = rc == EXIT_FINE ? parse_fail_on(&failing, settings) : rc;
    rc = rc == EXIT_FINE ? load_side(&runs[WK_BASE], &compared, WK_BASE) : rc;
    rc = rc == EXIT_FINE ? load_side(&runs[WK_CANDIDATE], &compared, WK_CANDIDATE) : rc;
    if (rc == EXIT_FINE && settings->pair && strcmp(settings->pair, "index") == 0 && runs[WK_BASE].count != runs[WK_CANDIDATE].count) {
        tool_error(settings, "--pair index: there are %" PRIu32 " runs of the base and %" PRIu32 " of the candidate", runs[WK_BASE].count,
                   runs[WK_CANDIDATE].count);
        rc = EXIT_USAGE;
    }
    if (rc == EXIT_FINE) {
        const struct wk_runs sides[WK_SIDES] = {{runs[WK_BASE].items, runs[WK_BASE].count}, {runs[WK_CANDIDATE].items, runs[WK_CANDIDATE].count}};
        if (wk_compare(&comparison, sides, &options) < 0) {
            tool_error(settings, "out of memory");
            rc = EXIT_USAGE;
        } else {
            compared.rules = rules.items;
            compared.rule_count = rules.count;
            compared.verdict = wk_compare_verdict(&comparison, failing.on, failing.new_share);
            compared.exit_code = exit_code(&compared);
            look->open = compared.verdict == WK_VERDICT_INCONCLUSIVE;
        }
    }
    if (rc == EXIT_FINE && !(look->open && look->another)) {
        say_unmatched(&rules);
        rc = print_result(&compared);
    }
    wk_comparison_free(&comparison);
    summaries_free(&runs[WK_BASE]);
    summaries_free(&runs[WK_CANDIDATE]);
    rules_free(&rules);
    return rc;
}

int cmd_compare(struct settings *settings)
{
    struct compare_look only = {.alpha_share = 1};
    return compare_runs(settings, &only);
}
