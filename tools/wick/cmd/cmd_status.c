/*
 * SPDX-License-Identifier: MIT
 * wick status: the trackers of a log, a server or Redis, once, while they change, or until they are done.
 * Must not compute: the board does.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/host.h"
#include "base/messages.h"
#include "cmd/cmd.h"
#include "input/follow.h"
#include "input/series.h"
#include "input/trackers.h"
#include "print/show_trackers.h"

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

/* What is shown: the tracker of the key, or all. False: there is no such tracker (yet). */
static bool view_of(const struct trackers *t, int64_t now_ns, struct board_view *view)
{
    *view = (struct board_view){t->board, &t->settings, WICK_NONE, now_ns};
    return trackers_top(t, &view->top);
}

/* ---- once ------------------------------------------------------------------------------------- */

static int show_once(struct trackers *t)
{
    struct board_view view;
    return view_of(t, t->last_ns, &view) ? show_trackers(&view, stdout) : trackers_missing(t);
}

/* ---- while it grows --------------------------------------------------------------------------- */

static bool is_done(uint8_t status)
{
    return status >= WICK_TRACKER_FINISHED && status <= WICK_TRACKER_TIMED_OUT;
}

/* The exit code of what was waited for; < 0: it is not done yet. */
static int outcome(const struct trackers *t)
{
    struct board_view view;
    struct wick_tracker_info info;
    if (!view_of(t, 0, &view)) {
        return -1;
    }
    int64_t count = view.top != WICK_NONE ? 1 : wick_board_children(t->board, WICK_NONE, NULL, 0);
    uint32_t *tops = malloc((size_t)count * sizeof *tops);
    int result = tops ? EXIT_FINE : EXIT_USAGE;
    if (tops && view.top != WICK_NONE) {
        tops[0] = view.top;
    } else if (tops) {
        count = wick_board_children(t->board, WICK_NONE, tops, (uint32_t)count);
    }
    for (int64_t i = 0; tops && i < count && result >= 0; i++) {
        wick_board_read(t->board, tops[i], 0, &info);
        result = !is_done(info.status) ? -1 : info.status == WICK_TRACKER_FINISHED ? result : EXIT_FOUND;
    }
    free(tops);
    return result;
}

static void show_progress(struct trackers *t, bool terminal, int64_t *next_ms)
{
    struct board_view view;
    int64_t now_ms = tool_now_ms();
    if (now_ms < *next_ms || !view_of(t, tool_wall_ns(), &view)) {
        return;
    }
    *next_ms = now_ms + (terminal ? 100 : 1000);
    if (terminal) {
        uint32_t rows = 0, columns;
        printf("\033[H\033[J");
        show_trackers_now(&view, tool_terminal(stdout, &rows, &columns) && rows > 2 ? rows - 1 : 23, stdout);
    } else {
        show_trackers_line(&view, stdout);
    }
    fflush(stdout);
}

/* Read on until it is done (--wait), the log ends, or the time is up. Gives the exit code. */
static int read_on(struct trackers *t, struct follow *f)
{
    bool terminal = isatty(STDOUT_FILENO), shows = t->settings.follow;
    int64_t next_ms = 0, end_ms = t->settings.timeout_ns ? tool_now_ms() + t->settings.timeout_ns / 1000000 : INT64_MAX;
    int rc = -1;
    while (rc < 0 && !interrupted) {
        long got = follow_poll(f);
        rc = got < 0 ? EXIT_USAGE : t->settings.wait ? outcome(t) : -1;
        if (rc < 0 && got == 0 && (f->finished || f->deleted)) {
            return t->settings.wait ? EXIT_FOUND : EXIT_FINE;
        }
        if (rc < 0 && tool_now_ms() >= end_ms) {
            return EXIT_LATE;
        }
        if (rc < 0 && shows) {
            show_progress(t, terminal, &next_ms);
        }
        if (rc < 0 && got == 0) {
            usleep(20000);
        }
    }
    return rc < 0 ? EXIT_FINE : rc;
}

/* The last log grows; those before it are earlier files of it, after a rotation, or of other processes. */
static int follow_status(struct trackers *t)
{
    char **all = series_with_posted(&t->settings, &t->settings.argument_count);
    if (!all) {
        return EXIT_USAGE;
    }
    int before = t->settings.argument_count - 1;
    const char *path = all[before];
    struct follow f;
    struct board_view view;
    const struct wick_record_out out = {trackers_feed, t};
    t->settings.arguments = all;
    t->load = &f.load;
    int rc = follow_begin(&f, &t->settings, path, &out);
    for (int i = 0; i < before && rc == EXIT_FINE; i++) {
        rc = load_log(&f.load, all[i]);
    }
    if (rc == EXIT_FINE) {
        signal(SIGINT, on_interrupt);
        rc = read_on(t, &f);
        if (t->settings.wait && rc == EXIT_FOUND && outcome(t) < 0) {
            tool_error(&t->settings, "%s: the log has ended, and %s not done", path, t->key ? "the tracker is" : "a tracker is");
        }
        if (view_of(t, f.finished ? t->last_ns : tool_wall_ns(), &view)) {
            printf("%s", t->settings.follow && isatty(STDOUT_FILENO) ? "\033[H\033[J" : "");
            (void)show_trackers(&view, stdout);
        } else if (rc != EXIT_LATE) {
            rc = trackers_missing(t);
        }
    }
    follow_end(&f);
    free(all);
    return rc;
}

/* Ask again (--follow, --wait) until it is done, the server is gone, or the time is up. Gives the exit code. */
static int ask_again(struct trackers *t, const struct remote_server *server)
{
    bool terminal = isatty(STDOUT_FILENO), shows = t->settings.follow;
    int64_t next_ms = 0, end_ms = t->settings.timeout_ns ? tool_now_ms() + t->settings.timeout_ns / 1000000 : INT64_MAX;
    int rc = t->settings.wait ? outcome(t) : -1;
    while (rc < 0 && !interrupted) {
        if (shows) {
            show_progress(t, terminal, &next_ms);
        }
        if (tool_now_ms() >= end_ms) {
            return EXIT_LATE;
        }
        int64_t before_ms = tool_now_ms();
        usleep(100000);
        if (trackers_fetch(t, server, true) != EXIT_FINE) {
            return t->settings.wait ? EXIT_FOUND : EXIT_FINE;
        }
        usleep(4000 * (useconds_t)(tool_now_ms() - before_ms - 100 < 1000 ? tool_now_ms() - before_ms - 100 : 1000)); /* spare the server */
        rc = t->settings.wait ? outcome(t) : -1;
    }
    return rc < 0 ? EXIT_FINE : rc;
}

static int remote_status(struct trackers *t)
{
    struct remote_server server;
    struct board_view view;
    int rc = t->redis ? EXIT_FINE : remote_read_link(&t->settings, t->settings.arguments[0], &server);
    rc = rc == EXIT_FINE ? trackers_fetch(t, &server, false) : rc;
    if (rc != EXIT_FINE) {
        return rc;
    }
    if (t->settings.follow || t->settings.wait) {
        signal(SIGINT, on_interrupt);
        rc = ask_again(t, &server);
        if (t->settings.wait && rc == EXIT_FOUND && outcome(t) < 0) {
            tool_error(&t->settings, "the server has ended, and %s not done", t->key ? "the tracker is" : "a tracker is");
        }
    }
    if (view_of(t, tool_wall_ns(), &view)) {
        printf("%s", t->settings.follow && isatty(STDOUT_FILENO) ? "\033[H\033[J" : "");
        int shown = show_trackers(&view, stdout);
        return rc ? rc : shown;
    }
    return rc == EXIT_LATE ? rc : trackers_missing(t);
}

int cmd_status(struct settings *settings)
{
    struct trackers t;
    int rc = trackers_begin(&t, settings, false);
    if (rc == EXIT_FINE) {
        rc = trackers_are_remote(&t)              ? remote_status(&t)
             : settings->follow || settings->wait ? follow_status(&t)
                                                  : trackers_read(&t, show_once);
    }
    trackers_end(&t);
    return rc;
}
