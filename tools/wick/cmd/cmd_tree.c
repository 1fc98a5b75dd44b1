/*
 * SPDX-License-Identifier: MIT
 * wick tree: the tree of one or more logs as text.
 * Must not compute; the model does. Invariant: a log without a single usable line is an input error, not
 * an empty tree.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "input/follow.h"

int show_tree(const struct load *load, const struct settings *settings, FILE *to)
{
    uint8_t *hidden = settings->path ? select_hidden(load, settings) : NULL;
    struct wick_text_options options = {
        .width = settings->width ? settings->width : tool_columns(to),
        .depth = settings->depth,
        .children = settings->children ? settings->children : settings->all ? 0 : 30,
        .tracks = settings->all ? 0 : 30,
        .min_ns = settings->min_ns,
        .no_times = settings->no_times,
        .colours = tool_colours(settings, to),
        .hidden = hidden,
        .by_total = settings->sort && strcmp(settings->sort, "total") == 0};
    int rc = wick_tree_render(load->tree, load->names, &options, to == stderr ? &tool_stderr : &tool_stdout);
    free(hidden);
    if (rc == WICK_E_NOMEM) {
        tool_error(settings, "out of memory");
    }
    return rc < 0 ? EXIT_USAGE : EXIT_FINE;
}

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

/* On a terminal the tree is drawn anew; elsewhere one line per second says how far it is. */
static void show_progress(struct follow *f, bool terminal, int64_t *next_ms, int64_t now_ms)
{
    char line[600];
    if (now_ms < *next_ms) {
        return;
    }
    *next_ms = now_ms + (terminal ? 100 : 1000);
    if (terminal) {
        struct settings screen = *f->settings;
        screen.width = screen.width ? screen.width : tool_columns(stdout);
        wick_tree_settle(f->load.tree, INT64_MIN);
        printf("\033[H\033[J");
        show_tree(&f->load, &screen, stdout);
    } else {
        follow_status(f, line, sizeof line);
        printf("%s\n", line);
    }
    fflush(stdout);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int follow_log(struct settings *settings)
{
    struct follow f;
    if (settings->argument_count != 1 || strcmp(settings->arguments[0], "-") == 0) {
        tool_error(settings, "--follow wants one log file");
        return EXIT_USAGE;
    }
    int rc = access(settings->arguments[0], R_OK) == 0 ? EXIT_FINE : EXIT_USAGE;
    if (rc != EXIT_FINE) {
        tool_error(settings, "%s: %s", settings->arguments[0], strerror(errno));
        return rc;
    }
    rc = follow_begin(&f, settings, settings->arguments[0]);
    bool terminal = isatty(STDOUT_FILENO);
    int64_t next_ms = 0;
    signal(SIGINT, on_interrupt);
    while (rc == EXIT_FINE && !interrupted) {
        long got = follow_poll(&f);
        if (got < 0) {
            rc = EXIT_USAGE;
        } else if (got > 0) {
            show_progress(&f, terminal, &next_ms, now_ms());
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
        load_report_problems(&f.load, settings->arguments[0]);
        if (f.deleted) {
            tool_note("%s: was deleted: this is all of it", settings->arguments[0]);
        }
    }
    follow_end(&f);
    return rc;
}

int cmd_tree(struct settings *settings)
{
    if (settings->format && strcmp(settings->format, "text") != 0) {
        /* The same nodes in the forms that programs read. */
        settings->to = settings->format;
        settings->all = true;
        return tool_is_json(settings) ? cmd_export(settings) : cmd_report(settings);
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
