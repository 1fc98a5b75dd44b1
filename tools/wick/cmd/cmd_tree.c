/*
 * SPDX-License-Identifier: MIT
 * wick tree: prints the tree of one or more logs.
 * Must not compute: the model does. Invariant: a log without a usable line is an input error, not an empty tree.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/host.h"
#include "base/messages.h"
#include "cmd/cmd.h"
#include "input/follow.h"
#include "input/log_problems.h"
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

static int follow_log(struct settings *settings)
{
    if (settings->argument_count != 1 || strcmp(settings->arguments[0], "-") == 0) {
        tool_error(settings, "--follow wants one log file");
        return EXIT_USAGE;
    }
    int rc = access(settings->arguments[0], R_OK) == 0 ? EXIT_FINE : EXIT_USAGE;
    if (rc != EXIT_FINE) {
        tool_error(settings, "%s: %s", settings->arguments[0], strerror(errno));
        return rc;
    }
    struct follow f;
    rc = follow_begin(&f, settings, settings->arguments[0]);
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
        problems_report(f.load.reader, settings->arguments[0]);
        if (f.deleted) {
            tool_note("%s: was deleted: this is all of it", settings->arguments[0]);
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
