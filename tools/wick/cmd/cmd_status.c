/*
 * SPDX-License-Identifier: MIT
 * wick status: the trackers of a log, a server or Redis, once, while they change, or until they are done.
 * Must not compute: the board does. Invariant: every `tracker` line of the log is in the board.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/host.h"
#include "base/messages.h"
#include "base/words.h"
#include "cmd/cmd.h"
#include "input/follow.h"
#include "input/log_problems.h"
#include "input/remote.h"
#include "input/series.h"
#include "base/heap.h"
#include "print/show_trackers.h"

struct tracker_status {
    const struct settings *settings;
    const char *key; /* NULL: all trackers */
    const char *redis; /* URL that they are loaded from; NULL: a log or a server */
    uint32_t loaded; /* the tracker that was */
    struct wick_board *board;
    const struct load *load;
    int64_t last_ns; /* the latest time of the log */
    uint64_t refused;
};

enum { REDIS_MS = 5000 }; /* for an answer */

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

static int on_records(void *user, const struct wick_record *records, size_t count)
{
    struct tracker_status *s = user;
    for (size_t i = 0; i < count; i++) {
        s->last_ns = records[i].time_ns > s->last_ns ? records[i].time_ns : s->last_ns;
        int rc = records[i].kind == WICK_RECORD_TRACKER ? wick_board_feed(s->board, s->load->names, &records[i]) : 0;
        if (rc == WICK_E_NOMEM) {
            return rc;
        }
        s->refused += rc < 0;
    }
    return 0;
}

/* What is shown: the tracker of the key, or all. False: there is no such tracker (yet). */
static bool view_of(const struct tracker_status *s, int64_t now_ns, struct board_view *view)
{
    *view = (struct board_view){s->board, s->settings, s->redis ? s->loaded : WICK_NONE, now_ns};
    if (s->key && !s->redis) {
        view->top = wick_board_find(s->board, s->key, (uint32_t)strlen(s->key));
        return view->top != WICK_NONE;
    }
    return wick_board_children(s->board, WICK_NONE, NULL, 0) > 0;
}

static int nothing_found(const struct tracker_status *s)
{
    if (s->key) {
        tool_error(s->settings, "no tracker has the key '%s'; `wick status LOG` lists them", s->key);
    } else {
        tool_error(s->settings, "no tracker in it: see wick/tracker.h");
    }
    return EXIT_FOUND;
}

static void note_refused(const struct tracker_status *s)
{
    if (s->refused) {
        tool_note("%s not used: not `KEY {\"field\":value}`, or beyond the limits of a board",
                  tool_count(s->refused, "tracker line is|tracker lines are"));
    }
}

/* ---- once ------------------------------------------------------------------------------------- */

static int show_once(struct tracker_status *s)
{
    struct load load;
    struct board_view view;
    const struct wick_record_out out = {on_records, s};
    s->load = &load;
    int rc = load_records(&load, s->settings, &out);
    if (rc == EXIT_FINE) {
        rc = view_of(s, s->last_ns, &view) ? show_trackers(&view, stdout) : nothing_found(s);
    }
    load_end(&load);
    return rc;
}

/* ---- while it grows --------------------------------------------------------------------------- */

static bool is_done(uint8_t status)
{
    return status >= WICK_TRACKER_FINISHED && status <= WICK_TRACKER_TIMED_OUT;
}

/* The exit code of what was waited for; < 0: it is not done yet. */
static int outcome(const struct tracker_status *s)
{
    struct board_view view;
    struct wick_tracker_info info;
    if (!view_of(s, 0, &view)) {
        return -1;
    }
    int64_t count = view.top != WICK_NONE ? 1 : wick_board_children(s->board, WICK_NONE, NULL, 0);
    uint32_t *tops = malloc((size_t)count * sizeof *tops);
    int result = tops ? EXIT_FINE : EXIT_USAGE;
    if (tops && view.top != WICK_NONE) {
        tops[0] = view.top;
    } else if (tops) {
        count = wick_board_children(s->board, WICK_NONE, tops, (uint32_t)count);
    }
    for (int64_t i = 0; tops && i < count && result >= 0; i++) {
        wick_board_read(s->board, tops[i], 0, &info);
        result = !is_done(info.status) ? -1 : info.status == WICK_TRACKER_FINISHED ? result : EXIT_FOUND;
    }
    free(tops);
    return result;
}

static void show_progress(struct tracker_status *s, bool terminal, int64_t *next_ms)
{
    struct board_view view;
    int64_t now_ms = tool_now_ms();
    if (now_ms < *next_ms || !view_of(s, tool_wall_ns(), &view)) {
        return;
    }
    *next_ms = now_ms + (terminal ? 100 : 1000);
    if (terminal) {
        printf("\033[H\033[J");
        (void)show_trackers(&view, stdout);
    } else {
        show_trackers_line(&view, stdout);
    }
    fflush(stdout);
}

/* Read on until it is done (--wait), the log ends, or the time is up. Gives the exit code. */
static int read_on(struct tracker_status *s, struct follow *f)
{
    bool terminal = isatty(STDOUT_FILENO), shows = s->settings->follow;
    int64_t next_ms = 0, end_ms = s->settings->timeout_ns ? tool_now_ms() + s->settings->timeout_ns / 1000000 : INT64_MAX;
    int rc = -1;
    while (rc < 0 && !interrupted) {
        long got = follow_poll(f);
        rc = got < 0 ? EXIT_USAGE : s->settings->wait ? outcome(s) : -1;
        if (rc < 0 && got == 0 && (f->finished || f->deleted)) {
            return s->settings->wait ? EXIT_FOUND : EXIT_FINE;
        }
        if (rc < 0 && tool_now_ms() >= end_ms) {
            return EXIT_LATE;
        }
        if (rc < 0 && shows) {
            show_progress(s, terminal, &next_ms);
        }
        if (rc < 0 && got == 0) {
            usleep(20000);
        }
    }
    return rc < 0 ? EXIT_FINE : rc;
}

/* The last log grows; those before it are earlier files of it, after a rotation, or of other processes. */
static int follow_status(struct tracker_status *s)
{
    int before = s->settings->argument_count - 1;
    const char *path = s->settings->arguments[before];
    struct follow f;
    struct board_view view;
    const struct wick_record_out out = {on_records, s};
    s->load = &f.load;
    int rc = follow_begin(&f, s->settings, path, &out);
    for (int i = 0; i < before && rc == EXIT_FINE; i++) {
        rc = load_log(&f.load, s->settings->arguments[i]);
    }
    if (rc == EXIT_FINE) {
        signal(SIGINT, on_interrupt);
        rc = read_on(s, &f);
        if (s->settings->wait && rc == EXIT_FOUND && outcome(s) < 0) {
            tool_error(s->settings, "%s: the log has ended, and %s not done", path, s->key ? "the tracker is" : "a tracker is");
        }
        if (view_of(s, f.finished ? s->last_ns : tool_wall_ns(), &view)) {
            printf("%s", s->settings->follow && isatty(STDOUT_FILENO) ? "\033[H\033[J" : "");
            (void)show_trackers(&view, stdout);
        } else if (rc != EXIT_LATE) {
            rc = nothing_found(s);
        }
    }
    follow_end(&f);
    return rc;
}

/* ---- a server --------------------------------------------------------------------------------- */

/* `tracker` lines; each has its version and writer in it. */
static int feed_lines(struct tracker_status *s, const struct remote_answer *answer)
{
    struct wick_names *names = wick_names_create(&wk_heap_allocator);
    int rc = names && wick_names_set_process(names, 0, &(struct wick_process_info){.host = "", .pid = ""}) == 0 &&
             wick_names_set_track(names, 0, &(struct wick_track_info){.thread = "", .label = ""}) == 0 ? 0 : WICK_E_NOMEM;
    const char *end = answer->body + answer->bytes;
    for (const char *line = answer->body, *next; line < end && rc != WICK_E_NOMEM; line = next + 1) {
        next = memchr(line, '\n', (size_t)(end - line));
        next = next ? next : end;
        const struct wick_record record = {.kind = WICK_RECORD_TRACKER, .text = line, .text_bytes = (uint32_t)(next - line)};
        rc = wick_board_feed(s->board, names, &record);
        s->refused += rc < 0;
    }
    wick_names_destroy(names);
    return rc == WICK_E_NOMEM ? EXIT_USAGE : EXIT_FINE;
}

static int fetch_redis(struct tracker_status *s, bool quiet)
{
    struct wick_loaded loaded = {.size = sizeof loaded};
    int rc = wick_tracker_load(s->redis, s->key, REDIS_MS, &loaded);
    if (rc < 0) {
        bool unknown = rc == WICK_E_INVAL && strncmp(wick_error_detail(), "not found", 9) == 0;
        if (!quiet) {
            tool_error(s->settings, "%s", wick_error_detail());
        }
        return unknown ? EXIT_FOUND : EXIT_USAGE;
    }
    wick_board_destroy(s->board);
    s->board = loaded.board;
    s->loaded = loaded.tracker;
    return EXIT_FINE;
}

/* Get the facts anew: a server has those that stand. 0, or an exit code. */
static int fetch(struct tracker_status *s, const struct remote_server *server, bool quiet)
{
    if (s->redis) {
        return fetch_redis(s, quiet);
    }
    const struct remote_question question = {.method = "GET", .key = s->key, .query = "depth=64&form=lines", .quiet = quiet};
    struct remote_answer answer;
    int rc = remote_ask(s->settings, server, &question, &answer);
    if (rc == EXIT_FINE && answer.status != 200) {
        rc = remote_refused(s->settings, &answer);
    }
    if (rc == EXIT_FINE) {
        wick_board_destroy(s->board);
        s->board = wick_board_create(&wk_heap_allocator, 0);
        s->refused = 0;
        rc = s->board ? feed_lines(s, &answer) : EXIT_USAGE;
    }
    free(answer.body);
    return rc;
}

/* Ask again (--follow, --wait) until it is done, the server is gone, or the time is up. Gives the exit code. */
static int ask_again(struct tracker_status *s, const struct remote_server *server)
{
    bool terminal = isatty(STDOUT_FILENO), shows = s->settings->follow;
    int64_t next_ms = 0, end_ms = s->settings->timeout_ns ? tool_now_ms() + s->settings->timeout_ns / 1000000 : INT64_MAX;
    int rc = s->settings->wait ? outcome(s) : -1;
    while (rc < 0 && !interrupted) {
        if (shows) {
            show_progress(s, terminal, &next_ms);
        }
        if (tool_now_ms() >= end_ms) {
            return EXIT_LATE;
        }
        int64_t before_ms = tool_now_ms();
        usleep(100000);
        if (fetch(s, server, true) != EXIT_FINE) {
            return s->settings->wait ? EXIT_FOUND : EXIT_FINE;
        }
        usleep(4000 * (useconds_t)(tool_now_ms() - before_ms - 100 < 1000 ? tool_now_ms() - before_ms - 100 : 1000)); /* spare the server */
        rc = s->settings->wait ? outcome(s) : -1;
    }
    return rc < 0 ? EXIT_FINE : rc;
}

static int remote_status(struct tracker_status *s)
{
    struct remote_server server;
    struct board_view view;
    int rc = s->redis ? EXIT_FINE : remote_read_link(s->settings, s->settings->arguments[0], &server);
    rc = rc == EXIT_FINE ? fetch(s, &server, false) : rc;
    if (rc != EXIT_FINE) {
        return rc;
    }
    if (s->settings->follow || s->settings->wait) {
        signal(SIGINT, on_interrupt);
        rc = ask_again(s, &server);
        if (s->settings->wait && rc == EXIT_FOUND && outcome(s) < 0) {
            tool_error(s->settings, "the server has ended, and %s not done", s->key ? "the tracker is" : "a tracker is");
        }
    }
    if (view_of(s, tool_wall_ns(), &view)) {
        printf("%s", s->settings->follow && isatty(STDOUT_FILENO) ? "\033[H\033[J" : "");
        int shown = show_trackers(&view, stdout);
        return rc ? rc : shown;
    }
    return rc == EXIT_LATE ? rc : nothing_found(s);
}

/* Is this argument behind the logs a key? A file of that name is a log. */
static bool is_key(const char *argument)
{
    return strcmp(argument, "-") != 0 && access(argument, F_OK) != 0 && !wick_board_key_error(argument, (uint32_t)strlen(argument));
}

/* The link of the environment, and the key, where no log is given. */
static bool take_environment(struct settings *logs, struct tracker_status *s, char **place)
{
    char *link = getenv("WICK_STATUS_URL");
    if (!link || !*link || logs->argument_count > 1 || (logs->argument_count && !is_key(logs->arguments[0]))) {
        return false;
    }
    s->key = logs->argument_count ? logs->arguments[0] : NULL;
    *place = link;
    logs->arguments = place;
    logs->argument_count = 1;
    return true;
}

/* What was posted about the trackers of the logs is in logs of its own. */
static int status_of_logs(struct tracker_status *s, struct settings *logs)
{
    char **all = series_with_posted(logs, &logs->argument_count);
    logs->arguments = all;
    int rc = !all ? EXIT_USAGE : logs->follow || logs->wait ? follow_status(s) : show_once(s);
    free(all);
    return rc;
}

static bool take_arguments(struct settings *logs, struct tracker_status *s, char **place)
{
    int last = logs->argument_count - 1;
    if (last >= 0 && strncmp(logs->arguments[0], "redis", 5) == 0 && strstr(logs->arguments[0], "://")) {
        s->redis = logs->arguments[0];
        s->key = last > 0 ? logs->arguments[1] : NULL;
        if (last > 1) {
            tool_error(logs, "one URL of Redis at a time, and one id behind it: '%s' is neither", logs->arguments[2]);
        }
        return last <= 1;
    }
    if (take_environment(logs, s, place)) {
        return true;
    }
    if (last > 0 && is_key(logs->arguments[last])) {
        s->key = logs->arguments[last];
        logs->argument_count = last;
    }
    if (last < 0) {
        tool_error(logs, "give a log or a link, and a key if one tracker is wanted: wick status run.ctxt job.load");
    } else if (remote_is_link(logs->arguments[0]) && logs->argument_count > 1) {
        tool_error(logs, "one link at a time, and a key behind it: '%s' is neither", logs->arguments[1]);
        last = -1;
    }
    return last >= 0;
}

int cmd_status(struct settings *settings)
{
    struct settings logs = *settings;
    struct tracker_status s = {.settings = &logs};
    char *place[2] = {NULL, NULL};
    if (!take_arguments(&logs, &s, place)) {
        return EXIT_USAGE;
    }
    if (s.redis) {
        tool_find_module("wick-redis.so");
    }
    s.board = wick_board_create(&wk_heap_allocator, 0);
    if (!s.board) {
        tool_error(settings, "out of memory");
        return EXIT_USAGE;
    }
    int rc = s.redis || remote_is_link(logs.arguments[0]) ? remote_status(&s) : status_of_logs(&s, &logs);
    note_refused(&s);
    wick_board_destroy(s.board);
    return rc;
}
