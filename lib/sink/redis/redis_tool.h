/*
 * SPDX-License-Identifier: MIT
 * The runs in Redis, for `wick redis`: one call each, in a thread of its own whose signals are blocked. And a run as its hash tells.
 */
#ifndef WICK_LIB_SINK_REDIS_REDIS_TOOL_H
#define WICK_LIB_SINK_REDIS_REDIS_TOOL_H

#include <stdbool.h>
#include <stdint.h>

/* A run, as its hash tells. */
struct wk_redis_run {
    char id[64];
    int64_t start_ms;       /* since the epoch, as the next; of its first process */
    int64_t seen_ms;        /* the last sign of life of any of its processes; 0: never */
    int64_t age_ms;         /* since then, by the server's clock */
    uint32_t writers, running;
    uint64_t dropped;       /* of all recorders */
    uint64_t refused;       /* changes that their mirrors had no memory for */
    uint64_t pid;           /* of its first process */
    int64_t offset_ns;      /* the server's clock minus a process's, where they differ most */
    char host[64];          /* of its first process */
    char program[128];      /* likewise; "": unknown */
};

enum { WK_REDIS_SILENT_MS = 10000 };

/* `running`, `ended`, or `silent`: a process that was killed never says that it has ended. */
static inline const char *wk_redis_run_state(const struct wk_redis_run *run)
{
    return !run->running ? "ended" : run->age_ms < WK_REDIS_SILENT_MS ? "running" : "silent";
}

/* Read all runs, the newest first: an array that the caller frees; NULL and a count of 0: none, or an error, which
 * wick_error_detail says. Returns the count, or an error (wick_tracker_load). */
int64_t wk_redis_runs_read(const char *url, uint32_t deadline_ms, struct wk_redis_run **runs);
/* How many keys a run has; with `remove` they are removed. < 0: an error, likewise. */
int64_t wk_redis_run_keys(const char *url, uint32_t deadline_ms, const char *id, bool remove);

#endif
