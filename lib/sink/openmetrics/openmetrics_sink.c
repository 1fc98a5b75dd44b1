/*
 * SPDX-License-Identifier: MIT
 * The sink of WICK_OPENMETRICS: a file with the newest metrics, written anew by a thread of its own.
 * Invariant: a reader finds a whole file: it is written beside the old one and renamed.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <wick/error.h>

#include "base/clock.h"
#include "base/condition.h"
#include "base/descriptor.h"
#include "base/diag.h"
#include "base/directory.h"
#include "base/worker.h"
#include "metrics.h"
#include "model/tree/exemplars.h"
#include "sink/sinks.h"

enum { MS = 1000000, STATS_MS = 1000 };

struct openmetrics_sink {
    const struct wk_run *run;
    int64_t stats_ns;         /* of the drain's thread: not before: reading counters */
    struct wk_worker worker;
    char path[PATH_MAX], beside[PATH_MAX + 16], log[256];
    bool open;                /* the form */
    bool told;                /* that it cannot be written */
    pthread_mutex_t lock;     /* guards what follows */
    struct wk_condition changed;
    struct wick_stats stats;
    bool stop, ended, good;   /* good: the newest file was written */
};

static bool wanted(const struct wick_config *config)
{
    return config->openmetrics != NULL;
}

/* ---- the thread ------------------------------------------------------------------------------ */

static int write_all(void *user, const char *bytes, size_t count)
{
    int fd = *(int *)user;

    while (count > 0) {
        ssize_t part = write(fd, bytes, count);

        if (part < 0 && errno != EINTR) {
            return -errno;
        }
        bytes += part > 0 ? part : 0;
        count -= part > 0 ? (size_t)part : 0;
    }
    return 0;
}

/* 0, or -errno. */
static int write_pieces(struct openmetrics_sink *sink, int fd)
{
    struct wk_metrics_about about = {.run_tree = sink->run->run_tree, .log = sink->log, .open = sink->open};

    pthread_mutex_lock(&sink->lock);
    about.stats = sink->stats;
    pthread_mutex_unlock(&sink->lock);
    struct wk_metrics *metrics = wk_metrics_create(&about);
    const struct wick_text_out out = {write_all, &fd};
    int rc = metrics ? 1 : -ENOMEM;
    while (rc > 0) {
        rc = wk_metrics_step(metrics, &out);
    }
    wk_metrics_destroy(metrics);
    return rc == WICK_E_NOMEM ? -ENOMEM : rc;
}

static int write_file(struct openmetrics_sink *sink)
{
    int fd = wk_descriptor_create(sink->beside, O_WRONLY | O_TRUNC | O_NOFOLLOW | O_NOCTTY, sink->run->config->log_mode);
    int rc = fd < 0 ? -errno : write_pieces(sink, fd);

    if (fd >= 0 && close(fd) != 0 && rc == 0) {
        rc = -errno;
    }
    if (rc == 0 && rename(sink->beside, sink->path) != 0) {
        rc = -errno;
    }
    if (rc < 0 && fd >= 0) {
        (void)unlink(sink->beside);
    }
    return rc;
}

static void write_and_tell(struct openmetrics_sink *sink)
{
    int rc = write_file(sink);

    if (rc < 0 && !sink->told) {
        wk_diag("cannot write metrics to %s: %s (WICK_OPENMETRICS); it is tried again", sink->path, strerror(-rc));
    }
    sink->told = rc < 0;
    pthread_mutex_lock(&sink->lock);
    sink->good = rc == 0;
    pthread_mutex_unlock(&sink->lock);
}

/* The last file is written when the run ends. */
static void *write_files(void *user)
{
    struct openmetrics_sink *sink = user;
    const int64_t every_ns = (int64_t)sink->run->config->openmetrics_every_ms * MS;
    bool stop = false;

    while (!stop) {
        int64_t next_ns = wk_clock_mono_ns() + every_ns;

        pthread_mutex_lock(&sink->lock);
        while (!sink->stop && wk_condition_wait(&sink->changed, &sink->lock, next_ns)) {
            /* nothing but the end is announced */
        }
        stop = sink->stop;
        pthread_mutex_unlock(&sink->lock);
        write_and_tell(sink);
    }
    pthread_mutex_lock(&sink->lock);
    sink->ended = true;
    wk_condition_announce(&sink->changed);
    pthread_mutex_unlock(&sink->lock);
    return NULL;
}

/* ---- in the drain's thread ------------------------------------------------------------------- */

static bool name_files(struct openmetrics_sink *sink)
{
    const struct wk_run *run = sink->run;
    const struct wk_output output = {run->config->openmetrics, run->host, run->pid};
    const char *log = strrchr(run->log(), '/');
    bool fits = wk_directory_expand(sink->path, sizeof sink->path - 16, &output);

    if (fits && run->forked && !strstr(output.pattern, "%p")) { /* the name is the parent's */
        const char *slash = strrchr(sink->path, '/'), *dot = strrchr(slash, '.');
        char suffix[PATH_MAX];

        snprintf(suffix, sizeof suffix, "%s", dot ? dot : "");
        size_t stem = dot ? (size_t)(dot - sink->path) : strlen(sink->path);
        fits = (size_t)snprintf(sink->path + stem, sizeof sink->path - stem, ".%u%s", run->pid, suffix) < sizeof sink->path - stem;
    }
    size_t bytes = strlen(sink->path);
    sink->open = bytes < 5 || strcmp(sink->path + bytes - 5, ".prom") != 0;
    snprintf(sink->beside, sizeof sink->beside, "%s.%u.new", sink->path, run->pid);
    if (log && strlen(log) < sizeof sink->log) {
        memcpy(sink->log, log + 1, strlen(log));
    }
    return fits;
}

static void *refuse(struct openmetrics_sink *sink, const char *why)
{
    wk_diag("no metrics (WICK_OPENMETRICS): %s", why);
    free(sink);
    return NULL;
}

static void *open_sink(const struct wk_run *run)
{
    struct openmetrics_sink *sink = calloc(1, sizeof *sink);

    if (!sink || !wk_run_tree_ask(run->run_tree)) {
        return refuse(sink, "no memory");
    }
    sink->run = run;
    pthread_mutex_init(&sink->lock, NULL);
    if (!name_files(sink)) {
        return refuse(sink, "the path is too long");
    }
    wk_tree_keep_exemplars(run->run_tree->tree);
    sink->good = true;
    sink->worker = (struct wk_worker){.name = "wick-metrics", .run = write_files, .user = sink};
    return wk_worker_start(&sink->worker) ? sink : refuse(sink, "no thread");
}

static void read_stats(struct openmetrics_sink *sink)
{
    struct wick_stats stats = {.size = sizeof stats};

    sink->run->stats(sink->run, &stats);
    pthread_mutex_lock(&sink->lock);
    sink->stats = stats;
    pthread_mutex_unlock(&sink->lock);
}

static void tick(void *user, int64_t now_ns, int64_t oldest_ns)
{
    struct openmetrics_sink *sink = user;
    int64_t mono_ns = wk_clock_mono_ns();

    (void)now_ns;
    (void)oldest_ns;
    if (mono_ns >= sink->stats_ns) {
        sink->stats_ns = mono_ns + (int64_t)STATS_MS * MS;
        read_stats(sink);
    }
}

static bool close_sink(void *user, int64_t end_ns, int64_t deadline_ns)
{
    struct openmetrics_sink *sink = user;

    (void)end_ns;
    read_stats(sink);
    pthread_mutex_lock(&sink->lock);
    sink->stop = true;
    wk_condition_announce(&sink->changed);
    while (!sink->ended && wk_condition_wait(&sink->changed, &sink->lock, deadline_ns)) {
        /* its own announcement comes back, too */
    }
    bool ended = sink->ended, good = ended && sink->good;
    pthread_mutex_unlock(&sink->lock);
    if (!ended) {
        wk_diag("%s: the file system did not take the last metrics in time (WICK_OPENMETRICS)", sink->path);
        pthread_detach(sink->worker.thread); /* it still uses the sink, which is never freed */
        return false;
    }
    pthread_join(sink->worker.thread, NULL);
    pthread_mutex_destroy(&sink->lock);
    free(sink);
    return good;
}

const struct wk_sink_ops wk_openmetrics_sink = {
    .name = "openmetrics",
    .threads = 1,
    .wanted = wanted,
    .open = open_sink,
    .tick = tick,
    .close = close_sink,
};
