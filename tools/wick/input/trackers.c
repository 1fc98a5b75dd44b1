/*
 * SPDX-License-Identifier: MIT
 * The trackers of logs, of a server or of Redis, as a board. See trackers.h.
 */
#include "input/trackers.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/heap.h"
#include "base/host.h"
#include "base/messages.h"
#include "base/words.h"
#include "input/series.h"
#include "input/spool.h"
#include "input/swf.h"

enum { REDIS_MS = 5000 }; /* for an answer */

/* 0, or WICK_E_NOMEM. */
static int feed_line(struct trackers *t, const struct wick_names *names, const struct wick_record *line)
{
    int rc = wick_board_feed(t->board, names, line);
    t->refused += rc < 0 && rc != WICK_E_NOMEM;
    if (rc >= 0 && t->seen) {
        t->seen(t->user, t, line);
    }
    return rc == WICK_E_NOMEM ? rc : 0;
}

int trackers_feed(void *trackers, const struct wick_record *records, size_t count)
{
    struct trackers *t = trackers;
    int rc = 0;
    for (size_t i = 0; i < count && rc == 0; i++) {
        t->first_ns = records[i].time_ns < t->first_ns ? records[i].time_ns : t->first_ns;
        t->last_ns = records[i].time_ns > t->last_ns ? records[i].time_ns : t->last_ns;
        if (records[i].kind == WICK_RECORD_TRACKER) {
            rc = feed_line(t, t->load->names, &records[i]);
        } else if (t->seen) {
            t->seen(t->user, t, &records[i]);
        }
    }
    return rc;
}

/* Names for lines that are of no log: their facts say which writer they are of. NULL: no memory. */
static struct wick_names *names_of_nobody(void)
{
    struct wick_names *names = wick_names_create(&wk_heap_allocator);
    if (names && (wick_names_set_process(names, 0, &(struct wick_process_info){.host = "", .pid = ""}) < 0 ||
                  wick_names_set_track(names, 0, &(struct wick_track_info){.thread = "", .label = ""}) < 0)) {
        wick_names_destroy(names);
        return NULL;
    }
    return names;
}

/* ---- a server, Redis --------------------------------------------------------------------------- */

/* `tracker` lines; each has its version and writer in it. */
static int feed_lines(struct trackers *t, const struct remote_answer *answer)
{
    struct wick_names *names = names_of_nobody();
    int rc = names ? 0 : WICK_E_NOMEM;
    const char *end = answer->body + answer->bytes;
    for (const char *line = answer->body, *next; line < end && rc != WICK_E_NOMEM; line = next + 1) {
        next = memchr(line, '\n', (size_t)(end - line));
        next = next ? next : end;
        const struct wick_record record = {.kind = WICK_RECORD_TRACKER, .text = line, .text_bytes = (uint32_t)(next - line)};
        rc = feed_line(t, names, &record);
    }
    wick_names_destroy(names);
    return rc == WICK_E_NOMEM ? EXIT_USAGE : EXIT_FINE;
}

static int fetch_redis(struct trackers *t, bool quiet)
{
    struct wick_loaded loaded = {.size = sizeof loaded};
    int rc = wick_tracker_load(t->redis, t->key, REDIS_MS, &loaded);
    if (rc < 0) {
        bool unknown = rc == WICK_E_INVAL && strncmp(wick_error_detail(), "not found", 9) == 0;
        if (!quiet) {
            tool_error(&t->settings, "%s", wick_error_detail());
        }
        return unknown ? EXIT_FOUND : EXIT_USAGE;
    }
    wick_board_destroy(t->board);
    t->board = loaded.board;
    t->loaded = loaded.tracker;
    return EXIT_FINE;
}

int trackers_fetch(struct trackers *t, const struct remote_server *server, bool quiet)
{
    if (t->redis) {
        return fetch_redis(t, quiet);
    }
    const struct remote_question question = {.method = "GET", .key = t->key, .query = "depth=64&form=lines", .quiet = quiet};
    struct remote_answer answer;
    int rc = remote_ask(&t->settings, server, &question, &answer);
    if (rc == EXIT_FINE && answer.status != 200) {
        rc = remote_refused(&t->settings, &answer);
    }
    if (rc == EXIT_FINE) {
        wick_board_destroy(t->board);
        t->board = wick_board_create(&wk_heap_allocator, 0);
        t->refused = 0;
        rc = t->board ? feed_lines(t, &answer) : EXIT_USAGE;
    }
    free(answer.body);
    return rc;
}

bool trackers_are_remote(const struct trackers *t)
{
    return t->redis || remote_is_link(t->settings.arguments[0]);
}

/* ---- once -------------------------------------------------------------------------------------- */

static int read_server(struct trackers *t)
{
    struct remote_server server;
    int rc = t->redis ? EXIT_FINE : remote_read_link(&t->settings, t->settings.arguments[0], &server);
    return rc == EXIT_FINE ? trackers_fetch(t, &server, false) : rc;
}

/* ---- histories of workflows -------------------------------------------------------------------- */

struct history_target {
    struct trackers *trackers;
    struct wick_names *names;
};

static int take_line(void *user, int64_t time_ns, const char *text, uint32_t bytes)
{
    const struct history_target *target = user;
    const struct wick_record line = {.kind = WICK_RECORD_TRACKER, .time_ns = time_ns, .text = text, .text_bytes = bytes};
    struct trackers *t = target->trackers;
    t->first_ns = time_ns < t->first_ns ? time_ns : t->first_ns;
    t->last_ns = time_ns > t->last_ns ? time_ns : t->last_ns;
    return feed_line(t, target->names, &line);
}

static uint32_t attempt_of(void *user, const char *key, uint32_t bytes)
{
    const struct history_target *target = user;
    struct wick_tracker_info info;
    const uint32_t tracker = wick_board_find(target->trackers->board, key, bytes);
    return tracker != WICK_NONE && wick_board_read(target->trackers->board, tracker, 0, &info) ? info.attempt ? info.attempt : 1 : 0;
}

/* Read histories of workflows among the logs, and leave the others. */
static int read_histories(struct trackers *t, struct settings *logs)
{
    int count = 0, left = 0, rc = EXIT_FINE;
    char **histories = spool_logs(logs) ? calloc((size_t)logs->argument_count + 1, sizeof *histories) : NULL;
    struct history_target target = {t, names_of_nobody()};
    if (!histories || !target.names) {
        free(histories);
        wick_names_destroy(target.names);
        return EXIT_USAGE;
    }
    for (int i = 0; i < logs->argument_count; i++) {
        if (swf_is(logs, logs->arguments[i])) {
            histories[count++] = logs->arguments[i];
        } else {
            logs->arguments[left++] = logs->arguments[i];
        }
    }
    logs->argument_count = left;
    if (count) {
        rc = swf_read(&t->settings, histories, count, &(struct swf_out){take_line, attempt_of, &target});
    }
    wick_names_destroy(target.names);
    free(histories);
    return rc;
}

/* ---- logs -------------------------------------------------------------------------------------- */

/* What was posted about the trackers of the logs is in logs of its own. */
static int read_logs(struct trackers *t, int (*show)(struct trackers *trackers))
{
    struct settings settings = t->settings;
    struct load load;
    const struct wick_record_out out = {trackers_feed, t};
    settings.arguments = series_with_posted(&t->settings, &settings.argument_count);
    int rc = settings.arguments ? read_histories(t, &settings) : EXIT_USAGE;
    if (rc != EXIT_FINE || !settings.argument_count) {
        rc = rc == EXIT_FINE && show ? show(t) : rc;
        free(settings.arguments);
        return rc;
    }
    t->load = &load;
    rc = load_records(&load, &settings, &out);
    rc = rc == EXIT_FINE && show ? show(t) : rc;
    load_end(&load);
    t->load = NULL;
    free(settings.arguments);
    return rc;
}

int trackers_read(struct trackers *t, int (*show)(struct trackers *trackers))
{
    if (!trackers_are_remote(t)) {
        return read_logs(t, show);
    }
    int rc = read_server(t);
    return rc == EXIT_FINE && show ? show(t) : rc;
}

bool trackers_top(const struct trackers *t, uint32_t *top)
{
    *top = t->redis ? t->loaded : WICK_NONE;
    if (t->key && !t->redis) {
        *top = wick_board_find(t->board, t->key, (uint32_t)strlen(t->key));
        return *top != WICK_NONE;
    }
    return wick_board_children(t->board, WICK_NONE, NULL, 0) > 0;
}

int trackers_missing(const struct trackers *t)
{
    if (t->key) {
        tool_error(&t->settings, "no tracker has the key '%s'; `wick status LOG` lists them", t->key);
    } else {
        tool_error(&t->settings, "no tracker in it: see wick/tracker.h");
    }
    return EXIT_FOUND;
}

/* ---- where they are ---------------------------------------------------------------------------- */

/* Is this argument behind the logs a key? A file of that name is a log. */
static bool is_key(const char *argument, bool any_key)
{
    return strcmp(argument, "-") != 0 && access(argument, F_OK) != 0 && (any_key || !wick_board_key_error(argument, (uint32_t)strlen(argument)));
}

/* The link of the environment, and the key, where no log is given. */
static bool take_environment(struct trackers *t)
{
    struct settings *logs = &t->settings;
    char *link = getenv("WICK_STATUS_URL");
    if (!link || !*link || logs->argument_count > 1 || (logs->argument_count && !is_key(logs->arguments[0], false))) {
        return false;
    }
    t->key = logs->argument_count ? logs->arguments[0] : NULL;
    t->place[0] = link;
    logs->arguments = t->place;
    logs->argument_count = 1;
    return true;
}

static bool take_arguments(struct trackers *t, bool any_key)
{
    struct settings *logs = &t->settings;
    int last = logs->argument_count - 1;
    if (last >= 0 && strncmp(logs->arguments[0], "redis", 5) == 0 && strstr(logs->arguments[0], "://")) {
        t->redis = logs->arguments[0];
        t->key = last > 0 ? logs->arguments[1] : NULL;
        if (last > 1) {
            tool_error(logs, "one URL of Redis at a time, and one id behind it: '%s' is neither", logs->arguments[2]);
        }
        return last <= 1;
    }
    if (take_environment(t)) {
        return true;
    }
    if (last > 0 && is_key(logs->arguments[last], any_key)) {
        t->key = logs->arguments[last];
        logs->argument_count = last;
    }
    if (last < 0) {
        tool_error(logs, "give a log or a link, and a key if one tracker is wanted: %s run.ctxt job.load", logs->program_name);
    } else if (remote_is_link(logs->arguments[0]) && logs->argument_count > 1) {
        tool_error(logs, "one link at a time, and a key behind it: '%s' is neither", logs->arguments[1]);
        last = -1;
    }
    return last >= 0;
}

bool trackers_of_log(struct trackers *t, const struct settings *settings, const struct load *load)
{
    *t = (struct trackers){.settings = *settings, .loaded = WICK_NONE, .first_ns = INT64_MAX, .load = load,
                           .board = wick_board_create(&wk_heap_allocator, 0)};
    return t->board != NULL;
}

int trackers_begin(struct trackers *t, const struct settings *settings, bool any_key)
{
    if (!trackers_of_log(t, settings, NULL)) {
        tool_error(settings, "out of memory");
        return EXIT_USAGE;
    }
    if (!take_arguments(t, any_key)) {
        return EXIT_USAGE;
    }
    if (t->redis) {
        tool_find_module("wick-redis.so");
    }
    return EXIT_FINE;
}

void trackers_end(struct trackers *t)
{
    if (t->refused) {
        tool_note("%s not used: not `KEY {\"field\":value}`, or beyond the limits of a board",
                  tool_count(t->refused, "tracker line is|tracker lines are"));
    }
    wick_board_destroy(t->board);
    t->board = NULL;
}

int trackers_show(const struct settings *settings, int (*show)(struct trackers *trackers))
{
    struct trackers t;
    int rc = trackers_begin(&t, settings, false);
    rc = rc == EXIT_FINE ? trackers_read(&t, show) : rc;
    trackers_end(&t);
    return rc;
}
