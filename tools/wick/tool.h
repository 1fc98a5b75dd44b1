/*
 * SPDX-License-Identifier: MIT
 * What every file of the tool knows: exit codes, the settings that options fill in, a row of the table of commands.
 * Must not declare functions: each file has a header of its own. Invariant: each field of the settings but the first
 * and the last two is that of an option.
 */
#ifndef WICK_TOOLS_WICK_TOOL_H
#define WICK_TOOLS_WICK_TOOL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "wick/model.h"

/* Fine; found something (a broken log, an open scope, no match, a regression); wrong usage or input; --timeout has passed;
 * no conclusion where one was required; nothing to compare with. */
enum { EXIT_FINE = 0, EXIT_FOUND = 1, EXIT_USAGE = 2, EXIT_LATE = 3, EXIT_UNCLEAR = 3, EXIT_NO_BASE = 4 };

/* Values of an option that may be given several times. */
struct option_values {
    const char **items; /* freed with the arguments */
    int count;
};

/* An option that was not given leaves 0 or NULL. */
struct settings {
    const char *program_name; /* "wick tree": how messages begin; NULL: they are another's to say */
    bool help, check, yes, no_times, all, args, follow, wait, live, progress, no_browser, require_conclusive, exit_zero, sequential, resolve, header, cost, processes;
    uint32_t width, depth, children, limit, runs, seed;
    int64_t min_ns, linger_ns, timeout_ns, age_ns, floor_ns;
    double alpha, threshold, detect, min_share;
    const char *functions, *sort, *by, *format, *color, *log, *to, *output, *thread, *path, *from, *until, *where, *shift, *serve, *redis, *amqp, *store, *unit;
    const char *base, *cand, *fail_on, *verdict_file, *keep, *ids, *pair, *metric, *noise_model;
    struct option_values rules, maps, formats, outputs; /* outputs: each of the format before it; NULL: none */
    char **arguments; /* what is left: logs, or the program and its arguments */
    int argument_count;
    int first_count; /* arguments before `--`; all of them without it */
};

struct command {
    const char *name;
    const char *summary;   /* one line */
    const char *arguments; /* "LOG..." */
    const char *options;   /* names of its options, separated by spaces */
    int (*run)(struct settings *settings);
};

#endif
