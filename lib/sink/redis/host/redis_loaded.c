/*
 * SPDX-License-Identifier: MIT
 * wick_tracker_load: finds a tracker by its id in Redis, and loads it. See redis_call.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wick/board.h>

#include "base/error.h"
#include "base/heap.h"
#include "redis_call.h"
#include "redis_read.h"

struct load_job {
    struct wk_redis_call call;
    char env_run[64];
    char id[64 + 1 + WICK_KEY_BYTES + 1];
    struct wick_loaded loaded;
};

/* ---- finding --------------------------------------------------------------------------------- */

/* Load a key of a run anew: 1, 0: it is not there, < 0. */
static int load_key(struct load_job *job, const char *run, const char *key)
{
    wick_board_destroy(job->loaded.board);
    job->loaded.board = wick_board_create(&wk_heap_allocator, 0);
    if (!job->loaded.board) {
        return WICK_E_NOMEM;
    }
    int rc = wk_redis_load(&job->call.runs, run, key, job->loaded.board);
    if (rc < 0) {
        return rc;
    }
    snprintf(job->loaded.run, sizeof job->loaded.run, "%s", run);
    job->loaded.tracker = *key ? wick_board_find(job->loaded.board, key, (uint32_t)strlen(key)) : WICK_NONE;
    return *key ? job->loaded.tracker != WICK_NONE : rc;
}

/* A key by its friendly name, from the facts of the whole run. */
static int find_friendly(struct load_job *job, const char *run, const char *name)
{
    char text[WICK_KEY_BYTES + 1];
    struct wick_tracker_info info;
    int rc = load_key(job, run, "");
    const struct wick_board *board = job->loaded.board;
    for (uint32_t i = 0; rc > 0 && i < wick_board_entries(board); i++) {
        if (wick_board_text(board, i, "friendly", text, sizeof text) && strcmp(text, name) == 0 &&
            wick_board_read(job->loaded.board, i, 0, &info)) {
            snprintf(text, sizeof text, "%.*s", (int)info.key_bytes, info.key);
            return load_key(job, run, text);
        }
    }
    return rc < 0 ? rc : 0;
}

static int find_in_run(struct load_job *job, const char *run, const char *name)
{
    int rc = wick_board_key_error(name, (uint32_t)strlen(name)) ? 0 : load_key(job, run, name);
    return rc ? rc : find_friendly(job, run, name);
}

/* In all runs, the newest first. */
static int find_anywhere(struct load_job *job, const char *name)
{
    struct wk_array ids = {0};
    int64_t count = wk_redis_runs_list(&job->call.runs, INT64_MAX, &ids);
    int rc = count < 0 ? WICK_E_NET : 0;
    const char *end = (const char *)ids.items + ids.count;
    for (const char *id = ids.items; rc == 0 && id < end; id += strlen(id) + 1) {
        if (wk_redis_run_is_name(id)) {
            rc = find_in_run(job, id, name);
        }
    }
    wk_array_free(&ids, &wk_heap_allocator, 1);
    return rc;
}

/* The newest run, or that of the environment. */
static int find_newest(struct load_job *job)
{
    struct wk_array ids = {0};
    if (job->env_run[0]) {
        return load_key(job, job->env_run, "");
    }
    int64_t count = wk_redis_runs_list(&job->call.runs, INT64_MAX, &ids);
    int rc = count < 0 ? WICK_E_NET : count == 0 || !wk_redis_run_is_name(ids.items) ? 0 : load_key(job, ids.items, "");
    wk_array_free(&ids, &wk_heap_allocator, 1);
    return rc;
}

/* RUN/KEY, RUN/FRIENDLY, RUN, KEY, FRIENDLY, or nothing. */
static int find(struct load_job *job)
{
    struct wk_redis_run run;
    char *slash = strchr(job->id, '/');
    if (!job->id[0]) {
        return find_newest(job);
    }
    if (slash) {
        *slash = 0;
        int rc = wk_redis_run_is_name(job->id) ? find_in_run(job, job->id, slash + 1) : 0;
        *slash = '/';
        return rc;
    }
    int rc = wk_redis_run_is_name(job->id) ? wk_redis_run_read(&job->call.runs, job->id, &run) : 0;
    if (rc != 0) {
        return rc < 0 ? WICK_E_NET : load_key(job, job->id, "");
    }
    rc = job->env_run[0] ? find_in_run(job, job->env_run, job->id) : 0;
    return rc ? rc : find_anywhere(job, job->id);
}

/* ---- the job --------------------------------------------------------------------------------- */

static void destroy(struct wk_redis_call *call)
{
    struct load_job *job = (struct load_job *)call;
    wick_board_destroy(job->loaded.board);
    free(job);
}

static int64_t find_in_call(struct wk_redis_call *call)
{
    return find((struct load_job *)call);
}

int wick_tracker_load(const char *url, const char *id, uint32_t deadline_ms, struct wick_loaded *loaded)
{
    const char *run = secure_getenv("WICK_RUN");
    if (loaded->size < sizeof *loaded) {
        return wk_error_set(WICK_E_INVAL, "wick_loaded.size is %u: set it to sizeof(struct wick_loaded)", loaded->size);
    }
    struct load_job *job = calloc(1, sizeof *job);
    if (!job) {
        return wk_error_set(WICK_E_NOMEM, "no memory to load trackers");
    }
    job->call.work = find_in_call;
    job->call.destroy = destroy;
    snprintf(job->env_run, sizeof job->env_run, "%s", run && wk_redis_run_is_name(run) ? run : "");
    snprintf(job->id, sizeof job->id, "%s", id ? id : "");
    int rc = (int)wk_redis_call(&job->call, url, deadline_ms);
    if (rc < 0) {
        return rc;
    }
    if (rc > 0) {
        const uint32_t size = loaded->size;
        *loaded = job->loaded; /* gives the board */
        loaded->size = size;
        job->loaded.board = NULL;
        rc = 0;
    } else if (id && *id) {
        rc = wk_error_set(WICK_E_INVAL, "not found: '%s' is in no run at %s", job->id, job->call.link.url.shown);
    } else {
        rc = wk_error_set(WICK_E_INVAL, "not found: there are no trackers at %s", job->call.link.url.shown);
    }
    wk_redis_call_end(&job->call);
    return rc;
}
