/*
 * SPDX-License-Identifier: MIT
 * Runs in Redis, read and removed for the tool. See ../redis_tool.h.
 */
#include "sink/redis/redis_tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/heap.h"
#include "redis_call.h"

/* What is asked. */
struct runs_call {
    struct wk_redis_call call;
    char id[64];
    bool remove;
    struct wk_redis_run *runs;
};

static void destroy(struct wk_redis_call *call)
{
    struct runs_call *asked = (struct runs_call *)call;
    free(asked->runs);
    free(asked);
}

static struct runs_call *create(int64_t (*work)(struct wk_redis_call *call))
{
    struct runs_call *asked = calloc(1, sizeof *asked);
    if (!asked) {
        (void)wk_error_set(WICK_E_NOMEM, "no memory to ask Redis");
        return NULL;
    }
    asked->call.work = work;
    asked->call.destroy = destroy;
    return asked;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* Those that are there, of the listed ones. */
static int64_t read_each(struct runs_call *asked, const struct wk_array *ids, int64_t now_ms)
{
    const char *end = (const char *)ids->items + ids->count;
    struct wk_redis_run *runs = asked->runs;
    size_t count = 0;
    int64_t there = 0;
    for (const char *id = ids->items; id < end; id += strlen(id) + 1) {
        if (wk_redis_run_is_name(id)) {
            snprintf(runs[count++].id, sizeof runs->id, "%s", id);
        }
    }
    if (wk_redis_runs_about(&asked->call.runs, now_ms, runs, count) < 0) {
        return WICK_E_NET;
    }
    for (size_t i = 0; i < count; i++) {
        if (runs[i].writers || runs[i].start_ms) {
            runs[there++] = runs[i];
        }
    }
    return there;
}

static int64_t read_all(struct wk_redis_call *call)
{
    struct runs_call *asked = (struct runs_call *)call;
    struct wk_array ids = {0};
    int64_t now_ms = wk_redis_now_ms(&call->runs), count = now_ms < 0 ? now_ms : wk_redis_runs_list(&call->runs, INT64_MAX, &ids);
    if (count > 0) {
        asked->runs = calloc((size_t)count, sizeof *asked->runs);
        count = asked->runs ? read_each(asked, &ids, now_ms) : WICK_E_NOMEM;
    }
    wk_array_free(&ids, &wk_heap_allocator, 1);
    return count == -1 ? WICK_E_NET : count;
}

int64_t wk_redis_runs_read(const char *url, uint32_t deadline_ms, struct wk_redis_run **runs)
{
    struct runs_call *asked = create(read_all);
    *runs = NULL;
    int64_t count = asked ? wk_redis_call(&asked->call, url, deadline_ms) : WICK_E_NOMEM;
    if (count >= 0) {
        *runs = asked->runs; /* gives */
        asked->runs = NULL;
        wk_redis_call_end(&asked->call);
    }
    return count;
}

/* ---- removing -------------------------------------------------------------------------------- */

static int64_t remove_keys(struct wk_redis_call *call)
{
    struct runs_call *asked = (struct runs_call *)call;
    int64_t count = wk_redis_run_purge(&call->runs, asked->id, !asked->remove);
    return count < 0 ? WICK_E_NET : count;
}

int64_t wk_redis_run_keys(const char *url, uint32_t deadline_ms, const char *id, bool remove)
{
    struct runs_call *asked = create(remove_keys);
    if (!asked) {
        return WICK_E_NOMEM;
    }
    snprintf(asked->id, sizeof asked->id, "%s", id);
    asked->remove = remove;
    int64_t count = wk_redis_call(&asked->call, url, deadline_ms);
    if (count >= 0) {
        wk_redis_call_end(&asked->call);
    }
    return count;
}
