/*
 * SPDX-License-Identifier: MIT
 * The sink of WICK_TREE: writes the run's tree as text at exit, to a file or stderr. Memory grows with the number of
 * nodes, not of events.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <wick/model.h>

#include "base/diag.h"
#include "runtime/run_tree.h"
#include "sink/sinks.h"
#include "sink/log/log_file.h"

struct rollup {
    const struct wk_run *run;
    int fd;
    int error;            /* errno of the output */
    uint64_t pauses, left_out; /* that the drain has told */
};

static bool wanted(const struct wick_config *config)
{
    return config->tree_path != NULL;
}

static void destroy(struct rollup *rollup)
{
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
    if (rollup->fd < 0) { /* which was said */
        destroy(rollup);
        return NULL;
    }
    if (!wk_run_tree_ask(run->run_tree)) {
        wk_diag("no memory for the tree (WICK_TREE)");
        destroy(rollup);
        return NULL;
    }
    return rollup;
}

static void count_line(void *sink, int64_t time_ns, enum wick_line line, const char *text)
{
    struct rollup *rollup = sink;

    (void)time_ns;
    rollup->pauses += line == WICK_LINE_PAUSE;
    if (line == WICK_LINE_STAT && strncmp(text, "left_out ", 9) == 0) {
        rollup->left_out = strtoull(text + 9, NULL, 10);
    }
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

static int write_left_out(const struct rollup *rollup, const struct wick_text_out *out)
{
    const struct wick_config *config = rollup->run->config;

    return wick_text_left_out(&(struct wick_left_out){.filter = config->filter, .min_ns = (int64_t)config->min_ns,
                                                      .scopes = rollup->left_out, .pauses = rollup->pauses},
                              out);
}

static bool close_rollup(void *sink, int64_t end_ns, int64_t deadline_ns)
{
    struct rollup *rollup = sink;
    const struct wick_text_out out = {write_text, rollup};

    const struct wk_run_tree *run_tree = rollup->run->run_tree;

    (void)end_ns;
    (void)deadline_ns;
    bool good = wick_tree_render(run_tree->tree, run_tree->names, NULL, &out) == 0 && write_left_out(rollup, &out) == 0 &&
                !run_tree->lost;
    if (rollup->error) {
        wk_diag("%s: %s: the tree is incomplete (WICK_TREE)", rollup->run->config->tree_path, strerror(rollup->error));
    } else if (!good) {
        wk_diag("no memory for the whole tree: it is incomplete (WICK_TREE)");
    }
    rollup->run->closed->lost += rollup->error != 0;
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
    .line = count_line,
    .close = close_rollup,
    .abandon = abandon,
};
