/*
 * SPDX-License-Identifier: MIT
 * The runs in Redis: listed, and purged. See ../README.md for the keys.
 */
#ifndef WICK_LIB_SINK_REDIS_HOST_REDIS_RUNS_H
#define WICK_LIB_SINK_REDIS_HOST_REDIS_RUNS_H

#include <pthread.h>

#include "redis_link.h"
#include "sink/redis/redis_tool.h"

#define WK_REDIS_PREFIX "wick" /* of all keys, unless WICK_REDIS_PREFIX says another */

struct wk_redis_runs {
    struct wk_redis_link *link;
    const char *prefix;
    int64_t deadline_ns;    /* of loading trackers (CLOCK_MONOTONIC); 0: none */
    pthread_mutex_t *lock;  /* held while facts go into a board; NULL: the board is the caller's alone */
};

/* Read a URL and WICK_REDIS_PREFIX (64 bytes). NULL, or what is wrong: one sentence. */
const char *wk_redis_runs_prepare(struct wk_redis_link *link, const char *url, char *prefix);

/* Is it a name that a run may have? It stands between braces in keys, and in front of a slash in ids. */
bool wk_redis_run_is_name(const char *name);
bool wk_redis_prefix_is_good(const char *prefix);

/* The ids of the runs, the newest first: texts with NUL, one after the other, in `ids`; returns how many, < 0: an error, which
 * link->why says. `until_ms`: that began then or before; INT64_MAX: all. */
int64_t wk_redis_runs_list(const struct wk_redis_runs *runs, int64_t until_ms, struct wk_array *ids);
/* The server's clock, or ours where it does not tell; < 0: an error. */
int64_t wk_redis_now_ms(const struct wk_redis_runs *runs);
/* Read what is known of a run. 1; 0: it is not there; < 0: an error. */
int wk_redis_run_read(const struct wk_redis_runs *runs, const char *id, struct wk_redis_run *run);
/* Read what is known of each run from its `id`, by the server's clock `now_ms`; of one that is not there nothing but the id stays.
 * 0, or < 0: an error. */
int wk_redis_runs_about(const struct wk_redis_runs *runs, int64_t now_ms, struct wk_redis_run *all, size_t count);
/* Remove a run: its keys, then its place in the list. How many keys; < 0: an error. `dry`: only count. */
int64_t wk_redis_run_purge(const struct wk_redis_runs *runs, const char *id, bool dry);
/* Remove the runs of which nothing was seen since `until_ms`, but not `own`. */
void wk_redis_purge_old(const struct wk_redis_runs *runs, int64_t until_ms, const char *own);

#endif
