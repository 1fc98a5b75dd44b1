/*
 * SPDX-License-Identifier: MIT
 * Calls to Redis. See redis_call.h.
 */
#include "redis_call.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/error.h"

enum { MS = 1000000 };

void wk_redis_call_end(struct wk_redis_call *call)
{
    pthread_mutex_destroy(&call->lock);
    call->destroy(call);
}

static void *call_main(void *user)
{
    struct wk_redis_call *call = user;
    int64_t result = wk_redis_link_open(&call->link) ? call->work(call) : WICK_E_NET;
    wk_redis_link_close(&call->link);
    pthread_mutex_lock(&call->lock);
    bool left = call->left;
    call->result = result;
    call->done = true;
    wk_condition_announce(&call->ended);
    pthread_mutex_unlock(&call->lock);
    if (left) {
        wk_redis_call_end(call);
    }
    return NULL;
}

static int begin(struct wk_redis_call *call, const char *url, uint32_t deadline_ms)
{
    const char *wrong = wk_redis_runs_prepare(&call->link, url, call->prefix);
    if (wrong) {
        return wk_error_set(WICK_E_INVAL, "%s", wrong);
    }
    call->link.timeout_ms = deadline_ms ? deadline_ms : 1;
    call->runs = (struct wk_redis_runs){&call->link, call->prefix, wk_clock_mono_ns() + (int64_t)call->link.timeout_ms * MS, NULL};
    if (!wk_redis_link_load(&call->link)) {
        return wk_error_set(WICK_E_UNSUPPORTED, "%s", call->link.why);
    }
    call->worker = (struct wk_worker){.name = "wick-load", .run = call_main, .user = call};
    return wk_worker_start(&call->worker) ? 0 : wk_error_set(WICK_E_NOMEM, "no thread to ask Redis");
}

/* Wait for the thread. False: it is late, and destroys the call. */
static bool wait_for(struct wk_redis_call *call)
{
    bool in_time = true;
    pthread_mutex_lock(&call->lock);
    while (!call->done && in_time) {
        in_time = wk_condition_wait(&call->ended, &call->lock, call->runs.deadline_ns);
    }
    const bool left = !call->done;
    const pthread_t thread = call->worker.thread;
    call->left = left;
    if (left) { /* under the lock: after it the call may be gone */
        pthread_detach(thread);
    }
    pthread_mutex_unlock(&call->lock);
    if (!left) {
        pthread_join(thread, NULL);
    }
    return !left;
}

int64_t wk_redis_call(struct wk_redis_call *call, const char *url, uint32_t deadline_ms)
{
    pthread_mutex_init(&call->lock, NULL);
    int rc = begin(call, url, deadline_ms);
    if (rc < 0) {
        wk_redis_call_end(call);
        return rc;
    }
    struct wk_redis_url shown = call->link.url;
    if (!wait_for(call)) {
        return wk_error_set(WICK_E_TIMEOUT, "%s: no answer in time", shown.shown);
    }
    int64_t result = call->result;
    if (result == WICK_E_NOMEM || result == WICK_E_LIMIT) {
        rc = wk_error_set((int)result, result == WICK_E_NOMEM ? "no memory for what is in Redis" : "more trackers than a board can have");
    } else if (result < 0) {
        rc = wk_error_set((int)result, "%s: %s", shown.shown, call->link.why);
    }
    if (result < 0) {
        wk_redis_call_end(call);
        return rc;
    }
    return result;
}
