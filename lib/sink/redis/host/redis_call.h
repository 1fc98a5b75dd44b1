/*
 * SPDX-License-Identifier: MIT
 * One piece of work with Redis for a caller who waits, in a thread of its own: its signals are blocked, and a look-up of a name
 * that hangs does not hang the caller.
 */
#ifndef WICK_LIB_SINK_REDIS_HOST_REDIS_CALL_H
#define WICK_LIB_SINK_REDIS_HOST_REDIS_CALL_H

#include "base/condition.h"
#include "base/worker.h"
#include "redis_runs.h"

/* The first member of what the work needs. */
struct wk_redis_call {
    struct wk_redis_link link;
    struct wk_redis_runs runs;
    int64_t (*work)(struct wk_redis_call *call); /* connected; an error, or its result */
    void (*destroy)(struct wk_redis_call *call); /* frees what it is part of */
    int64_t result;
    /* Of the call itself. */
    char prefix[64];
    struct wk_worker worker;
    pthread_mutex_t lock;
    struct wk_condition ended;
    bool done, left; /* nobody waits any more: the thread destroys it */
};

/* Run it: its result. An error is set as wick_error_detail, and then the call is destroyed, or will be. */
int64_t wk_redis_call(struct wk_redis_call *call, const char *url, uint32_t deadline_ms);
/* After a result. */
void wk_redis_call_end(struct wk_redis_call *call);

#endif
