/*
 * SPDX-License-Identifier: MIT
 * The sink of WICK_SERVE: the live page of a recording program. The drain thread passes records to the server, which
 * has a thread of its own and never makes the drain wait for a client.
 */
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <wick/control.h>
#include <wick/scope.h>
#include <wick/serve.h>

#include "base/clock.h"
#include "base/descriptor.h"
#include "base/diag.h"
#include "base/error.h"
#include "base/worker.h"
#include "service.h"
#include "sink/sinks.h"

enum { STATS_MS = 500 };

struct served_page {
    const struct wk_run *run;
    struct wick_server *server;
    int64_t stats_ms;
    char log_path[PATH_MAX]; /* "": no log, or not readable */
};

static bool wanted(const struct wick_config *config)
{
    return config->serve != NULL;
}

/* ---- callbacks of the server ----------------------------------------------------------------- */

struct open_log {
    int fd;
};

static void *open_log(void *user, uint32_t index)
{
    struct served_page *page = user;
    struct open_log *log = index == 0 && page->log_path[0] ? malloc(sizeof *log) : NULL;

    if (!log) {
        return NULL;
    }
    log->fd = wk_descriptor_open(page->log_path, O_RDONLY);
    if (log->fd < 0) {
        free(log);
        return NULL;
    }
    return log;
}

static long read_log(void *user, char *to, size_t bytes)
{
    struct open_log *log = user;

    return read(log->fd, to, bytes);
}

static void close_log(void *user)
{
    struct open_log *log = user;

    close(log->fd);
    free(log);
}

static long read_text(void *user, uint64_t offset, char *to, size_t bytes)
{
    struct served_page *page = user;
    char path[PATH_MAX + 8];

    snprintf(path, sizeof path, "%s.text", page->log_path);
    int fd = page->log_path[0] ? wk_descriptor_open(path, O_RDONLY) : -1;
    if (fd < 0) {
        return -1;
    }
    long got = pread(fd, to, bytes, (off_t)offset);
    close(fd);
    return got > 0 ? got : -1;
}

/* A thread of its own records the mark, since the server's thread must not record (worker.h). */
static void *put_mark(void *text)
{
    wick_thread_name("page");
    WICK_MARKF("%s", (const char *)text);
    return NULL;
}

static int mark(const char *text)
{
    char copy[2048];
    struct wk_worker thread = {.name = "wick-mark", .run = put_mark, .user = copy, .records = true};

    snprintf(copy, sizeof copy, "%s", text[0] ? text : "marked in the page");
    if (!wk_worker_start(&thread)) {
        return wk_error_set(WICK_E_NOMEM, "no thread for the mark");
    }
    pthread_join(thread.thread, NULL);
    return 0;
}

static int control(void *user, const char *command, const char *text)
{
    (void)user;
    if (strcmp(command, "pause") == 0) {
        wick_pause();
    } else if (strcmp(command, "resume") == 0) {
        wick_resume();
    } else {
        return mark(text);
    }
    return 0;
}

/* ---- the sink -------------------------------------------------------------------------------- */

static void put_property(void *user, const char *key, const char *value)
{
    struct served_page *page = user;
    char text[1200];

    snprintf(text, sizeof text, "%s %s", key, value);
    wick_serve_line(page->server, page->run->start_ns, WICK_LINE_RUN, text);
}

static void *open_page(const struct wk_run *run)
{
    const struct wick_config *config = run->config;
    struct served_page *page = calloc(1, sizeof *page);
    struct wick_serve_options options = {.size = sizeof options,
                                         .clients_max = config->serve_clients,
                                         .address = config->serve,
                                         .token = config->serve_token,
                                         .hosts = config->serve_hosts,
                                         .link_path = config->serve_link,
                                         .retain_bytes = config->serve_retain_bytes,
                                         .wide = config->serve_wide,
                                         .live = true,
                                         .log = {open_log, read_log, close_log, read_text},
                                         .control = control,
                                         .user = page};

    if (!page) {
        wk_diag("no live page (WICK_SERVE): no memory");
        return NULL;
    }
    page->run = run;
    page->server = wk_serve_start(&options, run->run_tree);
    if (!page->server) {
        wk_diag("no live page (WICK_SERVE): %s", wick_error_detail()[0] ? wick_error_detail() : "no memory");
        free(page);
        return NULL;
    }
    run->each(put_property, page);
    snprintf(page->log_path, sizeof page->log_path, "%s", run->log()); /* the log sink opens before this one */
    const char *name = strrchr(page->log_path, '/');
    if (name && strlen(name) < sizeof page->server->log) {
        memcpy(page->server->log, name + 1, strlen(name));
    }
    wk_diag("live page: %s", wick_serve_link(page->server));
    return page;
}

static void records(void *sink, const struct wick_record *from, size_t count)
{
    struct served_page *page = sink;

    wk_retained_records_locked(&page->server->retained, from, count);
}

static void line(void *sink, int64_t time_ns, enum wick_line line, const char *text)
{
    wick_serve_line(((struct served_page *)sink)->server, time_ns, line, text);
}

static void tick(void *sink, int64_t now_ns, int64_t oldest_ns)
{
    struct served_page *page = sink;
    int64_t now_ms = wk_clock_mono_ns() / 1000000;

    (void)oldest_ns;
    if (now_ms - page->stats_ms >= STATS_MS) {
        struct wick_stats stats = {.size = sizeof stats};

        page->stats_ms = now_ms;
        page->run->stats(page->run, &stats);
        wick_serve_stats(page->server, &stats);
    }
    wick_serve_tick(page->server, now_ns);
}

static bool close_page(void *sink, int64_t end_ns, int64_t deadline_ns)
{
    struct served_page *page = sink;
    int64_t left_ms = (deadline_ns - wk_clock_mono_ns()) / 1000000;

    wick_serve_tick(page->server, end_ns);
    if (wick_serve_stop(page->server, "the program has ended", left_ms > 1 ? (uint32_t)left_ms : 1) != 0) {
        return false; /* the hanging server may still use the page */
    }
    free(page);
    return true;
}

static void abandon(void *sink)
{
    wick_serve_abandon(((struct served_page *)sink)->server);
}

const struct wk_sink_ops wk_http_sink = {
    .name = "http",
    .threads = 1,
    .wanted = wanted,
    .open = open_page,
    .records = records,
    .line = line,
    .tick = tick,
    .close = close_page,
    .abandon = abandon,
};
