/*
 * SPDX-License-Identifier: MIT
 * wick tree: prints the tree of one or more logs.
 * Must not compute: the model does. Invariant: a log without a usable line is an input error, not an empty tree.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/host.h"
#include "base/messages.h"
#include "cmd/cmd.h"
#include "input/follow.h"
#include "input/log_problems.h"
#include "input/series.h"
#include "print/show_tree.h"
#include "print/status_line.h"

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

/* On a terminal the tree is drawn anew; elsewhere one line per second tells the progress. */
static void show_progress(struct follow *f, bool terminal, int64_t *next_ms)
{
    int64_t now_ms = tool_now_ms();
    if (now_ms < *next_ms) {
        return;
    }
    *next_ms = now_ms + (terminal ? 100 : 1000);
    if (terminal) {
        wick_tree_settle(f->load.tree, INT64_MIN);
        printf("\033[H\033[J");
        show_tree(&f->load, f->settings, stdout);
    } else {
        char line[STATUS_LINE_BYTES];
        status_line(&f->load, line);
        printf("%s\n", line);
    }
    fflush(stdout);
}

/* --follow takes one log, whose files before the last one, after a rotation, may be given as well. */
static int sort_files(struct settings *settings)
{
    int count = settings->argument_count;
    for (int i = 0; i < count; i++) {
        if (strcmp(settings->arguments[i], "-") != 0 && access(settings->arguments[i], R_OK) != 0) {
            tool_error(settings, "%s: %s", settings->arguments[i], strerror(errno));
            return EXIT_USAGE;
        }
    }
    struct log_head *heads = series_sort(settings, settings->arguments, count);
    bool one = heads && count > 0 && series_length(heads, 0, count) == count && strcmp(settings->arguments[0], "-") != 0;
    for (int i = 0; one && i < count; i++) {
        series_note_missing(heads, i, settings->arguments[i]);
    }
    free(heads);
    if (!one) {
        tool_error(settings, "--follow wants one log file");
    }
    return one ? EXIT_FINE : EXIT_USAGE;
}

static int follow_log(struct settings *settings)
{
    int rc = sort_files(settings);
    if (rc != EXIT_FINE) {
        return rc;
    }
    int before = settings->argument_count - 1;
    struct follow f;
    rc = follow_begin(&f, settings, settings->arguments[before], NULL);
    for (int i = 0; i < before && rc == EXIT_FINE; i++) {
        rc = load_log(&f.load, settings->arguments[i]);
    }
    bool terminal = isatty(STDOUT_FILENO);
    int64_t next_ms = 0;
    signal(SIGINT, on_interrupt);
    while (rc == EXIT_FINE && !interrupted) {
        long got = follow_poll(&f);
        if (got < 0) {
            rc = EXIT_USAGE;
        } else if (got > 0) {
            show_progress(&f, terminal, &next_ms);
        } else if (f.finished || f.deleted) {
            break;
        } else {
            usleep(20000);
        }
    }
    if (rc == EXIT_FINE) {
        wick_reader_finish(f.load.reader);
        wick_tree_settle(f.load.tree, INT64_MIN);
        printf("%s", terminal ? "\033[H\033[J" : "");
        rc = show_tree(&f.load, settings, stdout);
        problems_report(f.load.reader, f.path);
        if (f.deleted) {
            tool_note("%s: was deleted: this is all of it", f.path);
        }
    }
    follow_end(&f);
    return rc;
}

int cmd_tree(struct settings *settings)
{
    if (!tool_format_is(settings, "text")) {
        /* Forms that programs read: the same nodes as in the tree. */
        settings->to = settings->format;
        settings->all = true;
        return tool_format_is(settings, "json") ? cmd_export(settings) : cmd_report(settings);
    }
    if (settings->follow) {
        return follow_log(settings);
    }
    struct load load;
    int rc = load_all(&load, settings);
    if (rc == EXIT_FINE) {
        rc = show_tree(&load, settings, stdout);
    }
    load_end(&load);
    return rc;
}
