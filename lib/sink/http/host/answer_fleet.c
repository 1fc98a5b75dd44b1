/*
 * SPDX-License-Identifier: MIT
 * Answers about the runs of a fleet. See answer_fleet.h.
 */
#include "answer_fleet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "board/program_board.h"
#include "model/tree/board_json.h"
#include "sink/fleet/fleet.h"

enum { MS = 1000000, RUNS_MOST = 100 /* of a message */ };

/* ---- the list -------------------------------------------------------------------------------- */

static void put_numbers(const struct wk_fleet_numbers *n, struct wick_json *json)
{
    wick_json_unsigned(json, "all", n->all);
    wick_json_unsigned(json, "done", n->done);
    wick_json_unsigned(json, "failed", n->failed);
    wick_json_unsigned(json, "in_progress", n->in_progress);
    wick_json_double(json, "done_pct", n->done_pct);
    wick_json_double(json, "progress", n->progress);
    wick_json_double(json, "left_s", (double)n->left_ns / 1e9);
}

static void put_run_locked(const struct wk_fleet_run *run, struct wick_json *json)
{
    const struct wk_redis_run *about = &run->about;
    wick_json_begin(json, NULL, '{');
    wick_json_string(json, "run", about->id);
    wick_json_string(json, "program", about->program);
    wick_json_unsigned(json, "pid", about->pid);
    wick_json_string(json, "host", about->host);
    wick_json_word(json, "live", strcmp(wk_redis_run_state(about), "running") == 0 ? "true" : "false");
    wick_json_time(json, "start_ns", about->start_ms * MS);
    wick_json_string(json, "state", wk_redis_run_state(about));
    wick_json_time(json, "seen_ns", about->seen_ms * MS);
    wick_json_double(json, "age_s", (double)about->age_ms / 1000);
    wick_json_unsigned(json, "processes", about->writers);
    wick_json_unsigned(json, "running", about->running);
    wick_json_unsigned(json, "dropped", about->dropped);
    wick_json_unsigned(json, "refused", about->refused);
    wick_json_double(json, "clock_off_s", (double)about->offset_ns / 1e9);
    wick_json_word(json, "loaded", run->loaded ? "true" : "false");
    put_numbers(&run->numbers, json);
    wick_json_end(json, '}');
}

void wk_fleet_runs_write(struct wk_fleet *fleet, struct wick_json *json)
{
    pthread_mutex_lock(&fleet->lock);
    wick_json_begin(json, NULL, '[');
    for (uint32_t i = 0; i <= fleet->count; i++) {
        const struct wk_fleet_run *run = i ? fleet->runs[i - 1] : &fleet->own;
        if (i || run->changed) {
            wick_json_line(json);
            put_run_locked(run, json);
        }
    }
    wick_json_end(json, ']');
    pthread_mutex_unlock(&fleet->lock);
}

bool wk_fleet_rollups_write(struct wk_fleet *fleet, const char *run, struct wk_growing *to)
{
    struct wick_json json = {.out = {wk_growing_put, to}};
    pthread_mutex_lock(&fleet->lock);
    struct wk_fleet_run *found = wk_fleet_find_locked(fleet, run, strlen(run));
    const struct wk_array *text = found ? wk_fleet_rollups_locked(fleet, found) : NULL;
    if (text) {
        (void)wk_growing_put(to, text->items, text->count);
    } else if (found) { /* they are being read */
        wick_json_begin(&json, NULL, '{');
        wick_json_unsigned(&json, "v", 1);
        wick_json_string(&json, "run", run);
        wick_json_word(&json, "nodes", "null");
        wick_json_end(&json, '}');
        (void)wk_growing_put(to, "\n", 1);
    }
    pthread_mutex_unlock(&fleet->lock);
    return found != NULL;
}

bool wk_fleet_is_up(struct wk_fleet *fleet, char *why, size_t bytes)
{
    pthread_mutex_lock(&fleet->lock);
    bool up = fleet->up;
    snprintf(why, bytes, "%s", fleet->why);
    pthread_mutex_unlock(&fleet->lock);
    return up;
}

/* ---- changes --------------------------------------------------------------------------------- */

static int by_change(const void *x, const void *y)
{
    const struct wk_fleet_run *const *a = x, *const *b = y;
    return ((*a)->changed > (*b)->changed) - ((*a)->changed < (*b)->changed);
}

/* Runs that have changed since the last message, the earliest changes first; whether Redis has gone, or come back, and how many
 * runs there are beyond these. */
static void put_changes_locked(struct wk_fleet *fleet, struct wk_http_updates *u, struct wick_json *json)
{
    const struct wk_fleet_run **changed = calloc(fleet->count + 1, sizeof *changed);
    uint32_t count = 0;
    if (!changed) {
        return;
    }
    if (fleet->own.changed > u->at) {
        changed[count++] = &fleet->own;
    }
    for (uint32_t i = 0; i < fleet->count; i++) {
        if (fleet->runs[i]->changed > u->at) {
            changed[count++] = fleet->runs[i];
        }
    }
    bool away = fleet->told_about > u->at;
    if (count || away) {
        qsort(changed, count, sizeof *changed, by_change);
        u->more = count > RUNS_MOST;
        count = u->more ? RUNS_MOST : count;
        u->at = u->more ? changed[count - 1]->changed : fleet->changes;
        wick_json_begin(json, NULL, '[');
        for (uint32_t i = 0; i < count; i++) {
            put_run_locked(changed[i], json);
        }
        if (away) {
            wick_json_begin(json, NULL, '{');
            wick_json_string(json, "away", fleet->why);
            wick_json_unsigned(json, "left_out", fleet->left_out);
            wick_json_end(json, '}');
        }
        wick_json_end(json, ']');
    }
    free(changed);
}

/* A tracker of a run, whatever changed in the run. */
static void put_tracker_locked(struct wk_fleet *fleet, struct wk_http_updates *u, struct wick_json *json)
{
    const char *slash = memchr(u->key, '/', u->key_bytes);
    const uint32_t run_bytes = (uint32_t)(slash - u->key), key_bytes = u->key_bytes - run_bytes - 1;
    const struct wk_fleet_run *run = wk_fleet_find_locked(fleet, u->key, run_bytes);
    uint32_t tracker = run && run->board ? wick_board_find(run->board, slash + 1, key_bytes) : WICK_NONE;
    if (u->at && (!run || run->changed <= u->at)) {
        return;
    }
    u->at = run && run->changed ? run->changed : 1;
    wick_json_begin(json, NULL, '[');
    wick_json_begin(json, NULL, '{');
    if (tracker != WICK_NONE) {
        (void)wk_board_json(json, run->board, tracker, wk_clock_wall_ns());
    } else {
        wick_json_text(json, "key", slash + 1, key_bytes);
        wick_json_word(json, "missing", "true");
    }
    wick_json_end(json, '}');
    wick_json_end(json, ']');
}

long wk_fleet_updates(struct wk_fleet *fleet, struct wk_http_updates *u, char *to, size_t bytes)
{
    struct wk_growing text = {0};
    struct wick_json json = {.out = {wk_growing_put, &text}};
    const uint64_t before = u->at;
    bool gap = false;
    u->more = false;
    pthread_mutex_lock(&fleet->lock);
    if (u->key_bytes) {
        put_tracker_locked(fleet, u, &json);
    } else if (u->at && fleet->removed > u->at) { /* what is not there any more is not told one by one */
        u->at = fleet->changes;
        gap = true;
    } else {
        put_changes_locked(fleet, u, &json);
    }
    pthread_mutex_unlock(&fleet->lock);
    if (text.failed || text.used > bytes) {
        u->at = before; /* once more, with more room or memory */
    }
    return gap ? -1 : wk_growing_move(&text, to, bytes);
}

/* ---- trackers -------------------------------------------------------------------------------- */

/* Is it a tracker of the server's own? */
static bool is_own(const char *key, uint32_t bytes)
{
    struct wk_visit visit;
    bool own = false;
    if (wk_board_enter_quietly(&visit) == 0) {
        own = wk_program_board.board && wick_board_find(wk_program_board.board, key, bytes) != WICK_NONE;
        wk_board_leave(&visit);
    }
    return own;
}

/* The newest run that has a key. */
static bool find_key(struct wk_fleet *fleet, const struct wk_http_question *question, struct wk_board_owner *owner)
{
    bool found = false;
    pthread_mutex_lock(&fleet->lock);
    for (uint32_t i = 0; i < fleet->count && !found; i++) {
        struct wk_fleet_run *run = fleet->runs[i];
        found = run->board && wick_board_find(run->board, question->key, question->key_bytes) != WICK_NONE;
        if (found) {
            memcpy(owner->run, run->about.id, sizeof owner->run);
        }
    }
    pthread_mutex_unlock(&fleet->lock);
    return found;
}

enum wk_fleet_place wk_fleet_place(struct wk_fleet *fleet, struct wk_http_question *question, struct wk_board_owner *owner)
{
    const char *slash = question->key ? memchr(question->key, '/', question->key_bytes) : NULL;
    *owner = (struct wk_board_owner){.fleet = fleet};
    if (!question->key || !question->key_bytes) {
        return question->key ? WK_FLEET_LIST : WK_FLEET_ALL;
    }
    if (slash) {
        const size_t run_bytes = (size_t)(slash - question->key);
        pthread_mutex_lock(&fleet->lock);
        const struct wk_fleet_run *run = wk_fleet_find_locked(fleet, question->key, run_bytes);
        bool there = run && run->board;
        if (there) {
            memcpy(owner->run, run->about.id, sizeof owner->run);
        }
        pthread_mutex_unlock(&fleet->lock);
        if (there) {
            question->key_bytes -= (uint32_t)run_bytes + 1;
            question->key = question->key_bytes ? slash + 1 : NULL; /* `RUN/`: its roots */
        }
        return there ? WK_FLEET_RUN : WK_FLEET_NONE;
    }
    if (is_own(question->key, question->key_bytes) || wick_board_key_error(question->key, question->key_bytes)) {
        owner->fleet = NULL;
        return WK_FLEET_OWN;
    }
    return find_key(fleet, question, owner) ? WK_FLEET_RUN : WK_FLEET_NONE;
}

struct wk_fleet_answer {
    struct wk_fleet *fleet;
    struct wk_board_answer *current; /* NULL: the next run begins */
    uint32_t depth, at, count;       /* at 0: what was posted to the server itself */
    bool begun, any;
    char runs[][64];
};

struct wk_fleet_answer *wk_fleet_answer_create(struct wk_fleet *fleet, uint32_t depth)
{
    pthread_mutex_lock(&fleet->lock);
    const uint32_t count = fleet->count + 1;
    struct wk_fleet_answer *all = calloc(1, sizeof *all + count * sizeof all->runs[0]);
    for (uint32_t i = 1; all && i < count; i++) {
        memcpy(all->runs[i], fleet->runs[i - 1]->about.id, sizeof all->runs[i]);
    }
    pthread_mutex_unlock(&fleet->lock);
    if (all) {
        all->fleet = fleet;
        all->depth = depth;
        all->count = count;
    }
    return all;
}

/* The next run that is there; a run that has gone meanwhile is left out. */
static bool next_run(struct wk_fleet_answer *all, struct wk_growing *text)
{
    while (!all->current && all->at < all->count) {
        const struct wk_http_question question = {.what = WK_HTTP_STATUS, .depth = all->depth};
        struct wk_board_owner owner = {.fleet = all->at ? all->fleet : NULL};
        struct wk_http_answer answer;
        memcpy(owner.run, all->runs[all->at++], sizeof owner.run);
        all->current = wk_board_answer_create(&question, &owner, &answer);
    }
    if (all->current) {
        (void)wk_growing_put(text, ",", all->any);
        all->any = true;
    }
    return all->current != NULL;
}

bool wk_fleet_answer_step(struct wk_fleet_answer *all, struct wk_growing *text)
{
    struct wick_json json = {.out = {wk_growing_put, text}};
    if (!all->begun) {
        wick_json_begin(&json, NULL, '{');
        wick_json_time(&json, "now_ns", wk_clock_wall_ns());
        wick_json_begin(&json, "runs", '[');
        all->begun = true;
        return true;
    }
    if (!all->current && !next_run(all, text)) {
        (void)wk_growing_put(text, "]}\n", 3);
        return false;
    }
    if (!wk_board_answer_step(all->current, text)) {
        wk_board_answer_destroy(all->current);
        all->current = NULL;
    }
    return !text->failed;
}

void wk_fleet_answer_destroy(struct wk_fleet_answer *all)
{
    if (all) {
        wk_board_answer_destroy(all->current);
        free(all);
    }
}
