/*
 * SPDX-License-Identifier: MIT
 * The sink of WICK_TREE: feeds a tree and writes its text at exit to a file or stderr. Memory grows with the number of
 * nodes, not of events.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <wick/model.h>

#include "base/diag.h"
#include "base/heap.h"
#include "sink/sinks.h"
#include "sink/log/log_file.h"
#include "sink/run_names.h"

struct rollup {
    const struct wk_run *run;
    struct wick_names *names;
    struct wick_tree *tree;
    uint64_t lost;        /* records after memory ran out */
    int fd;
    int error;            /* errno of the output */
};

static bool wanted(const struct wick_config *config)
{
    return config->tree_path != NULL;
}

static void destroy(struct rollup *rollup)
{
    wick_tree_destroy(rollup->tree);
    wick_names_destroy(rollup->names);
    if (rollup->fd >= 0) {
        close(rollup->fd);
    }
    free(rollup);
}

/* Opened at the start, so that a path that cannot be written is reported before the run, not after it. */
static int open_output(const struct wk_run *run)
{
    struct wk_log_file file;
    const struct wk_log_open how = {.pattern = run->config->tree_path,
                                    .host = run->host,
                                    .pid = run->pid,
                                    .mode = run->config->log_mode,
                                    .beside = run->forked};
    char why[PATH_MAX + 64];

    if (wk_log_file_open(&file, &how, why, sizeof why) != 0) {
        wk_diag("cannot write the tree %s (WICK_TREE)", why);
        return -1;
    }
    (void)wk_log_file_empty(&file); /* on failure the tree is appended */
    if (file.direct_fd >= 0) {
        close(file.direct_fd);
    }
    return file.fd;
}

static void *open_rollup(const struct wk_run *run)
{
    struct rollup *rollup = calloc(1, sizeof *rollup);

    if (!rollup) {
        wk_diag("no memory for the tree (WICK_TREE)");
        return NULL;
    }
    rollup->run = run;
    rollup->fd = open_output(run);
    rollup->names = wick_names_create(&wk_heap_allocator);
    rollup->tree = wick_tree_create(&wk_heap_allocator);
    if (rollup->fd >= 0 && (!rollup->names || !rollup->tree)) {
        wk_diag("no memory for the tree (WICK_TREE)");
    }
    if (rollup->fd < 0 || !rollup->names || !rollup->tree) {
        destroy(rollup);
        return NULL;
    }
    return rollup;
}

static bool ready(void *sink)
{
    (void)sink;
    return true;
}

static void records(void *sink, const struct wick_record *from, size_t count)
{
    struct rollup *rollup = sink;

    for (size_t i = 0; i < count; i++) {
        rollup->lost += wk_run_names_cover(rollup->names, rollup->run, &from[i]);
    }
    if (wick_tree_feed(rollup->tree, from, count) != 0) {
        rollup->lost += count;
    }
}

static void tick(void *sink, int64_t now_ns, int64_t oldest_ns)
{
    (void)sink;
    (void)now_ns;
    (void)oldest_ns;
}

static bool flush(void *sink, int64_t deadline_ns)
{
    (void)sink;
    (void)deadline_ns;
    return true; /* the tree is written at the end */
}

static void stats(void *sink, struct wk_sink_stats *out)
{
    struct rollup *rollup = sink;

    *out = (struct wk_sink_stats){.lost = rollup->lost};
}

static int write_text(void *user, const char *bytes, size_t count)
{
    struct rollup *rollup = user;

    while (count > 0) {
        ssize_t part = write(rollup->fd, bytes, count);

        if (part < 0 && errno != EINTR) {
            rollup->error = errno;
            return WICK_E_IO;
        }
        bytes += part > 0 ? part : 0;
        count -= part > 0 ? (size_t)part : 0;
    }
    return 0;
}

static bool close_rollup(void *sink, int64_t end_ns, int64_t deadline_ns)
{
    struct rollup *rollup = sink;
    const struct wick_text_out out = {write_text, rollup};

    (void)deadline_ns;
    bool good = wick_tree_settle(rollup->tree, end_ns) == 0 &&
                wick_tree_render(rollup->tree, rollup->names, NULL, &out) == 0;
    if (rollup->error) {
        wk_diag("%s: %s: the tree is incomplete (WICK_TREE)", rollup->run->config->tree_path, strerror(rollup->error));
    } else if (!good || rollup->lost) {
        wk_diag("no memory for the whole tree: it is incomplete (WICK_TREE)");
    }
    rollup->run->closed->lost += rollup->lost + (rollup->error != 0);
    destroy(rollup);
    return good;
}

static void abandon(void *sink)
{
    struct rollup *rollup = sink;

    close(rollup->fd);
}

const struct wk_sink_ops wk_rollup_sink = {
    .name = "tree",
    .wanted = wanted,
    .open = open_rollup,
    .ready = ready,
    .records = records,
    .tick = tick,
    .flush = flush,
    .stats = stats,
    .close = close_rollup,
    .abandon = abandon,
};
