/*
 * SPDX-License-Identifier: MIT
 * The thread that keeps a fleet up to date. See fleet.h. Read fleet_main, then look.
 */
#include "fleet.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/error.h"
#include "base/heap.h"
#include "board/program_board.h"
#include "board/tracker_calls.h"
#include "model/tree/board_state.h"
#include "sink/redis/host/redis_read.h"

enum {
    MS = 1000000,
    LOOK_MS = 500,             /* between two looks at the events */
    LIST_MS = 1000,            /* between two looks at the list of runs, and at what is known of each */
    RETRY_MS = 1000,
    TIMEOUT_MS = 5000,         /* of a connection, and of each wait for bytes */
    WANTED_MS = 10000,         /* rollups are read again and again so long after they were asked for */
    RUNS_MOST = 1000,          /* the newest ones */
    TRACKERS_MOST = 1000000,   /* of all runs; a run beyond them has no trackers here */
    SILENT_MS = 10000,         /* a run that goes on and has never had an event is read so often: its program may have no right to tell */
    EVENTS_MOST = 500,         /* of a run at once: behind more all of it is read */
    BATCH = 500                /* commands of a pipeline */
};

/* ---- runs ------------------------------------------------------------------------------------ */

struct wk_fleet_run *wk_fleet_find_locked(const struct wk_fleet *fleet, const char *id, size_t bytes)
{
    for (uint32_t i = 0; i < fleet->count; i++) {
        const char *name = fleet->runs[i]->about.id;
        if (strlen(name) == bytes && memcmp(name, id, bytes) == 0) {
            return fleet->runs[i];
        }
    }
    return NULL;
}

static void destroy_run(struct wk_fleet_run *run)
{
    wick_board_destroy(run->board);
    wk_array_free(&run->rollups, &wk_heap_allocator, 1);
    wk_array_free(&run->keys, &wk_heap_allocator, 1);
    free(run);
}

static void note_change_locked(struct wk_fleet *fleet, struct wk_fleet_run *run)
{
    run->changed = ++fleet->changes;
}

/* The run of a listed name, in its new place; a new one if it is not known. */
static struct wk_fleet_run *take_run(struct wk_fleet *fleet, const char *id)
{
    struct wk_fleet_run *run = wk_fleet_find_locked(fleet, id, strlen(id));
    if (!run && (run = calloc(1, sizeof *run)) != NULL) {
        snprintf(run->about.id, sizeof run->about.id, "%s", id);
        run->number = ++fleet->given;
        run->all_changed = true;
    }
    if (run) {
        run->listed = true;
    }
    return run;
}

/* The listed runs become those of the fleet; others leave it. */
static bool take_list(struct wk_fleet *fleet, const struct wk_array *ids, uint32_t count)
{
    struct wk_fleet_run **runs = calloc(count + 1, sizeof(struct wk_fleet_run *)), **before = fleet->runs;
    const char *id = ids->items, *end = id + ids->count;
    uint32_t taken = 0, left_out = 0, count_before = fleet->count;
    for (; runs && id < end; id += strlen(id) + 1) {
        if (taken == RUNS_MOST || !wk_redis_run_is_name(id)) {
            left_out++;
        } else if ((runs[taken] = take_run(fleet, id)) != NULL) {
            taken++;
        }
    }
    if (!runs) {
        return false;
    }
    pthread_mutex_lock(&fleet->lock);
    fleet->runs = runs;
    fleet->count = taken;
    if (left_out != fleet->left_out) {
        fleet->left_out = left_out;
        fleet->told_about = ++fleet->changes;
    }
    for (uint32_t i = 0; i < count_before; i++) {
        if (!before[i]->listed) {
            fleet->removed = ++fleet->changes;
            destroy_run(before[i]);
        }
    }
    for (uint32_t i = 0; i < taken; i++) {
        runs[i]->listed = false;
    }
    pthread_mutex_unlock(&fleet->lock);
    free(before);
    return true;
}

static bool read_list(struct wk_fleet *fleet)
{
    struct wk_array ids = {0};
    int64_t count = wk_redis_runs_list(&fleet->reads, INT64_MAX, &ids);
    bool good = count >= 0 && take_list(fleet, &ids, (uint32_t)count);
    wk_array_free(&ids, &wk_heap_allocator, 1);
    fleet->now_ms = good ? wk_redis_now_ms(&fleet->reads) : -1;
    return good && fleet->now_ms >= 0;
}

static bool differ(const struct wk_redis_run *x, const struct wk_redis_run *y)
{
    return strcmp(wk_redis_run_state(x), wk_redis_run_state(y)) != 0 || x->seen_ms != y->seen_ms || x->writers != y->writers ||
           x->running != y->running || x->dropped != y->dropped || x->refused != y->refused || strcmp(x->program, y->program) != 0;
}

/* What is known of each. */
static bool read_about(struct wk_fleet *fleet)
{
    struct wk_redis_run *all = calloc(fleet->count + 1, sizeof *all);
    for (uint32_t i = 0; all && i < fleet->count; i++) {
        memcpy(all[i].id, fleet->runs[i]->about.id, sizeof all[i].id);
    }
    bool good = all && wk_redis_runs_about(&fleet->reads, fleet->now_ms, all, fleet->count) == 0;
    pthread_mutex_lock(&fleet->lock);
    for (uint32_t i = 0; good && i < fleet->count; i++) {
        struct wk_fleet_run *run = fleet->runs[i];
        if (differ(&all[i], &run->about)) {
            note_change_locked(fleet, run);
        }
        run->about = all[i];
    }
    pthread_mutex_unlock(&fleet->lock);
    free(all);
    return good;
}

/* ---- events ---------------------------------------------------------------------------------- */

/* Runs of a pipeline. */
struct event_batch {
    struct wk_redis_link *link;
    struct wk_fleet_run **runs;
    bool refused;
};

/* The keys of an event: one in a line, or `*`. */
static void take_keys(struct wk_fleet_run *run, const char *at, size_t bytes)
{
    const char *end = at + bytes;
    if (bytes == 1 && *at == '*') {
        run->all_changed = true;
    }
    while (at < end && !run->all_changed) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        line_end = line_end ? line_end : end;
        if (wk_array_append(&run->keys, &wk_heap_allocator, at, (size_t)(line_end - at)) < 0 ||
            wk_array_append(&run->keys, &wk_heap_allocator, "", 1) < 0) {
            run->all_changed = true;
        }
        at = line_end + 1;
    }
}

/* [[id, [w, WRITER, k, KEYS]], ...] */
static void on_events(void *user, size_t index, const void *reply)
{
    struct event_batch *batch = user;
    const struct wk_redis_module *module = batch->link->module;
    struct wk_fleet_run *run = batch->runs[index];
    struct wk_redis_value all, event, id, fields, name, value;
    module->read(reply, &all);
    run->events = (uint32_t)all.items;
    if (all.kind == WK_REDIS_ERROR && strncmp(all.text, "WRONGTYPE", 9) != 0) { /* what is not ours is one run's trouble */
        snprintf(batch->link->why, sizeof batch->link->why, "%s", all.text);
        batch->refused = true;
    }
    for (size_t i = 0; i < all.items; i++) {
        const void *item = module->item(reply, i);
        module->read(item, &event);
        if (event.items < 2) {
            continue;
        }
        module->read(module->item(item, 0), &id);
        module->read(module->item(item, 1), &fields);
        snprintf(run->event, sizeof run->event, "%s", id.text);
        for (size_t f = 0; f + 1 < fields.items; f += 2) {
            module->read(module->item(module->item(item, 1), f), &name);
            module->read(module->item(module->item(item, 1), f + 1), &value);
            if (strcmp(name.text, "k") == 0) {
                take_keys(run, value.text, value.bytes);
            }
        }
    }
}

/* The events behind the last one; of a run that is read anew the newest alone. */
static void ask_events(struct wk_fleet *fleet, const struct wk_fleet_run *run, struct wk_commands *c)
{
    char key[WK_REDIS_KEY_BYTES], from[64];
    snprintf(from, sizeof from, "(%s", run->event[0] ? run->event : "0-0");
    wk_command_begin(c, run->all_changed ? "XREVRANGE" : "XRANGE", key, wk_redis_key(&fleet->reads, run->about.id, ":e", "", key));
    wk_command_text(c, run->all_changed ? "+" : from);
    wk_command_text(c, run->all_changed ? "-" : "+");
    wk_command_text(c, "COUNT");
    wk_command_number(c, run->all_changed ? 1 : EVENTS_MOST);
    (void)wk_command_end(c);
}

static bool read_events(struct wk_fleet *fleet)
{
    struct wk_commands c = {0};
    bool good = true;
    for (uint32_t at = 0, end; good && at < fleet->count; at = end) {
        struct event_batch batch = {&fleet->link, fleet->runs + at, false};
        end = at + BATCH < fleet->count ? at + BATCH : fleet->count;
        wk_commands_clear(&c);
        for (uint32_t i = at; i < end; i++) {
            ask_events(fleet, fleet->runs[i], &c);
        }
        good = wk_redis_link_run(&fleet->link, &c, on_events, &batch) && !batch.refused;
    }
    wk_commands_fini(&c);
    return good;
}

/* ---- trackers -------------------------------------------------------------------------------- */

static int by_text(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* Each key once. */
static bool sort_keys(struct wk_array *keys)
{
    struct wk_array once = {0};
    const char *at = keys->items, *end = at + keys->count;
    uint32_t count = 0, all = 0;
    for (const char *key = at; key < end; key += strlen(key) + 1) {
        all++;
    }
    const char **sorted = calloc(all + 1, sizeof *sorted);
    bool good = sorted != NULL;
    for (; good && at < end; at += strlen(at) + 1) {
        sorted[count++] = at;
    }
    if (count) {
        qsort(sorted, count, sizeof *sorted, by_text);
    }
    for (uint32_t i = 0; i < count && good; i++) {
        good = (i && strcmp(sorted[i], sorted[i - 1]) == 0) || wk_array_append(&once, &wk_heap_allocator, sorted[i], strlen(sorted[i]) + 1) == 0;
    }
    free(sorted);
    wk_array_free(keys, &wk_heap_allocator, 1);
    *keys = once;
    return good;
}

static uint32_t trackers_of_others(const struct wk_fleet *fleet, const struct wk_fleet_run *run)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < fleet->count; i++) {
        count += fleet->runs[i] != run && fleet->runs[i]->board ? wick_board_entries(fleet->runs[i]->board) : 0;
    }
    return count;
}

/* All trackers of a run into a board that is not seen until they are there, so that numbers do not go up from nothing; facts that
 * came before go into it again. */
static int load_run(struct wk_fleet *fleet, struct wk_fleet_run *run)
{
    uint32_t others = trackers_of_others(fleet, run);
    struct wick_board *board = others < TRACKERS_MOST ? wick_board_create(&wk_heap_allocator, TRACKERS_MOST - others) : NULL;
    struct wk_redis_runs reads = fleet->reads;
    reads.lock = NULL;
    int rc = board ? wk_redis_load(&reads, run->about.id, "", board) : WICK_E_LIMIT;
    if (rc < 0) {
        wick_board_destroy(board);
        board = NULL;
    }
    pthread_mutex_lock(&fleet->lock);
    if (rc >= 0 || rc == WICK_E_LIMIT) {
        wick_board_destroy(run->board);
        run->board = board;
        run->number = ++fleet->given; /* indices of the one before mean nothing */
        run->loaded = board != NULL;
    }
    pthread_mutex_unlock(&fleet->lock);
    bool lost = rc < 0 && rc != WICK_E_LIMIT && !fleet->link.client; /* else this run cannot be read, and others can */
    run->all_changed = lost || rc == WICK_E_NOMEM;
    return lost ? rc : 0;
}

/* What the events of a run named. A board that finds no place for a tracker is read anew, and then has none. */
static int read_run(struct wk_fleet *fleet, struct wk_fleet_run *run)
{
    const int64_t now_ns = wk_clock_mono_ns();
    int rc = 0;
    run->all_changed = run->all_changed || run->events >= EVENTS_MOST || (run->about.running && !run->event[0] && now_ns >= run->silent_ns);
    run->silent_ns = run->all_changed ? now_ns + (int64_t)SILENT_MS * MS : run->silent_ns;
    if (!run->all_changed && run->keys.count && run->board) {
        rc = sort_keys(&run->keys) ? wk_redis_load_keys(&fleet->reads, run->about.id, &run->keys, run->board) : WICK_E_NOMEM;
        run->all_changed = rc < 0 && fleet->link.client;
        rc = fleet->link.client ? 0 : rc;
    }
    run->keys.count = 0;
    return run->all_changed ? load_run(fleet, run) : rc;
}

/* Add a root's numbers to those of the others. */
static void add_root(struct wk_fleet_numbers *n, const struct wick_tracker_info *root, double *weights)
{
    n->all += root->all + 1;
    n->done += root->done + (wk_status_done(root->status) != 0);
    n->failed += root->by_status[WICK_TRACKER_FAILED] + (root->status == WICK_TRACKER_FAILED);
    n->in_progress += root->in_progress + (root->status == WICK_TRACKER_RUNNING);
    n->progress += isnan(root->progress) ? 0 : root->weight * root->progress;
    *weights += root->weight;
    n->left_ns = root->left_ns > n->left_ns ? root->left_ns : n->left_ns;
}

void wk_fleet_numbers_read(struct wick_board *board, int64_t now_ns, struct wk_fleet_numbers *numbers)
{
    struct wk_fleet_numbers n = {0};
    struct wick_tracker_info root;
    int64_t count = wick_board_children(board, WICK_NONE, NULL, 0);
    uint32_t *roots = count > 0 ? calloc((size_t)count, sizeof *roots) : NULL;
    double weights = 0;
    if (roots) {
        count = wick_board_children(board, WICK_NONE, roots, (uint32_t)count);
    }
    for (int64_t i = 0; roots && i < count; i++) {
        if (!wick_board_read(board, roots[i], now_ns, &root)) {
            continue;
        }
        if (count == 1 && root.all) {
            n = (struct wk_fleet_numbers){root.all, root.done, root.by_status[WICK_TRACKER_FAILED], root.in_progress,
                                          isnan(root.progress) ? 0 : root.progress, root.done_pct, root.left_ns};
        } else {
            add_root(&n, &root, &weights);
            n.done_pct = wk_board_share(n.done, n.all);
        }
    }
    n.progress = weights > 0 ? n.progress / weights : n.progress;
    free(roots);
    *numbers = n;
}

static void set_numbers_locked(struct wk_fleet *fleet, struct wk_fleet_run *run, const struct wk_fleet_numbers *n)
{
    const struct wk_fleet_numbers *before = &run->numbers;
    if (n->all != before->all || n->done != before->done || n->failed != before->failed || n->in_progress != before->in_progress ||
        n->progress != before->progress || n->done_pct != before->done_pct || n->left_ns != before->left_ns) {
        run->numbers = *n;
        note_change_locked(fleet, run);
    }
}

/* Numbers of what has changed, and of what goes on: less time is left. */
static void renew_numbers(struct wk_fleet *fleet, struct wk_fleet_run *run)
{
    struct wk_fleet_numbers n;
    if (!run->board) {
        return;
    }
    pthread_mutex_lock(&fleet->lock);
    wk_fleet_numbers_read(run->board, fleet->now_ms * MS, &n);
    set_numbers_locked(fleet, run, &n);
    pthread_mutex_unlock(&fleet->lock);
}

/* What was posted to this process is a run of its own, without a name. */
static void renew_own(struct wk_fleet *fleet)
{
    struct wk_fleet_numbers n = {0};
    struct wk_visit visit;
    if (wk_board_enter_quietly(&visit) == 0) {
        if (wk_program_board.board) {
            wk_fleet_numbers_read(wk_program_board.board, wk_clock_wall_ns(), &n);
        }
        wk_board_leave(&visit);
    }
    pthread_mutex_lock(&fleet->lock);
    set_numbers_locked(fleet, &fleet->own, &n);
    pthread_mutex_unlock(&fleet->lock);
}

/* ---- rollups --------------------------------------------------------------------------------- */

const struct wk_array *wk_fleet_rollups_locked(struct wk_fleet *fleet, struct wk_fleet_run *run)
{
    run->wanted_ns = wk_clock_mono_ns();
    if (!run->rollups.count && fleet->up) {
        fleet->wanted = true;
        wk_condition_announce(&fleet->wake);
    }
    return run->rollups.count ? &run->rollups : NULL;
}

/* Of those runs for which somebody asks; others do not keep them. */
static bool read_rollups(struct wk_fleet *fleet)
{
    bool good = true;
    int64_t now_ns = wk_clock_mono_ns();
    for (uint32_t i = 0; i < fleet->count && good; i++) {
        struct wk_fleet_run *run = fleet->runs[i];
        struct wk_array text = {0};
        pthread_mutex_lock(&fleet->lock);
        bool wanted = run->wanted_ns && now_ns - run->wanted_ns < (int64_t)WANTED_MS * MS;
        bool due = wanted && (!run->rollups.count || now_ns >= run->rollups_ns);
        pthread_mutex_unlock(&fleet->lock);
        if (due) {
            good = wk_fleet_rollups_read(fleet, run->about.id, &text);
            run->rollups_ns = now_ns + (int64_t)LIST_MS * MS;
        }
        pthread_mutex_lock(&fleet->lock);
        if ((due && good) || (!wanted && run->rollups.count)) {
            const struct wk_array before = run->rollups;
            run->rollups = text;
            text = before;
        }
        pthread_mutex_unlock(&fleet->lock);
        wk_array_free(&text, &wk_heap_allocator, 1);
    }
    return good;
}

/* ---- the thread ------------------------------------------------------------------------------ */

static bool is_stopping(struct wk_fleet *fleet)
{
    pthread_mutex_lock(&fleet->lock);
    bool stop = fleet->stop;
    pthread_mutex_unlock(&fleet->lock);
    return stop;
}

static bool read_runs(struct wk_fleet *fleet)
{
    for (uint32_t i = 0; i < fleet->count && !is_stopping(fleet); i++) {
        struct wk_fleet_run *run = fleet->runs[i];
        bool changed = run->all_changed || run->keys.count;
        if (read_run(fleet, run) < 0) {
            return false;
        }
        if (changed || run->about.running) {
            renew_numbers(fleet, run);
        }
    }
    return true;
}

/* One look at everything. */
static bool look(struct wk_fleet *fleet)
{
    int64_t now_ns = wk_clock_mono_ns();
    if (now_ns >= fleet->list_ns) {
        fleet->list_ns = now_ns + (int64_t)LIST_MS * MS;
        if (!read_list(fleet) || !read_about(fleet)) {
            return false;
        }
    }
    return read_events(fleet) && read_runs(fleet) && read_rollups(fleet);
}

/* It is said once, and when it is over. */
static void set_up(struct wk_fleet *fleet, bool up)
{
    pthread_mutex_lock(&fleet->lock);
    if (up != fleet->up) {
        fleet->told_about = ++fleet->changes;
    }
    fleet->up = up;
    snprintf(fleet->why, sizeof fleet->why, "%s", up ? "" : fleet->link.why);
    pthread_mutex_unlock(&fleet->lock);
    if (up && fleet->told) {
        wk_diag("%s: followed again", fleet->link.url.shown);
    } else if (!up && !fleet->told && !is_stopping(fleet)) {
        wk_diag("%s: %s; trying again every second", fleet->link.url.shown, fleet->link.why);
    }
    fleet->told = !up;
}

/* What changed while nothing was heard is not known. */
static bool connect_now(struct wk_fleet *fleet)
{
    fleet->list_ns = 0;
    for (uint32_t i = 0; i < fleet->count; i++) {
        fleet->runs[i]->all_changed = true;
    }
    return wk_redis_link_open(&fleet->link);
}

static void wait_until(struct wk_fleet *fleet, int64_t deadline_ns)
{
    pthread_mutex_lock(&fleet->lock);
    while (!fleet->stop && !fleet->wanted && wk_condition_wait(&fleet->wake, &fleet->lock, deadline_ns)) {
        /* somebody else's */
    }
    pthread_mutex_unlock(&fleet->lock);
}

static bool take_wanted(struct wk_fleet *fleet)
{
    pthread_mutex_lock(&fleet->lock);
    bool wanted = fleet->wanted;
    fleet->wanted = false;
    pthread_mutex_unlock(&fleet->lock);
    return wanted;
}

static void *fleet_main(void *user)
{
    struct wk_fleet *fleet = user;
    int64_t next_ns = 0;
    while (!is_stopping(fleet)) {
        int64_t now_ns = wk_clock_mono_ns();
        if (now_ns >= next_ns) {
            bool up = (fleet->link.client || connect_now(fleet)) && look(fleet);
            if (!up) {
                wk_redis_link_close(&fleet->link);
            }
            set_up(fleet, up);
            renew_own(fleet);
            int64_t took_ns = wk_clock_mono_ns() - now_ns, pause_ns = (int64_t)(up ? LOOK_MS : RETRY_MS) * MS;
            next_ns = wk_clock_mono_ns() + (took_ns < pause_ns / 2 ? pause_ns - took_ns : pause_ns / 2);
        }
        if (take_wanted(fleet) && fleet->link.client) {
            (void)read_rollups(fleet);
        }
        wait_until(fleet, next_ns);
    }
    wk_redis_link_close(&fleet->link);
    pthread_mutex_lock(&fleet->lock);
    fleet->ended = true;
    wk_condition_announce(&fleet->progress);
    pthread_mutex_unlock(&fleet->lock);
    return NULL;
}

/* ---- for other threads ----------------------------------------------------------------------- */

static void destroy(struct wk_fleet *fleet)
{
    for (uint32_t i = 0; i < fleet->count; i++) {
        destroy_run(fleet->runs[i]);
    }
    free(fleet->runs);
    pthread_mutex_destroy(&fleet->lock);
    free(fleet);
}

struct wk_fleet *wk_fleet_start(const char *url)
{
    struct wk_fleet *fleet = calloc(1, sizeof *fleet);
    if (!fleet) {
        (void)wk_error_set(WICK_E_NOMEM, "no memory to follow the runs in Redis");
        return NULL;
    }
    pthread_mutex_init(&fleet->lock, NULL);
    const char *wrong = wk_redis_runs_prepare(&fleet->link, url, fleet->prefix);
    fleet->link.timeout_ms = TIMEOUT_MS;
    fleet->reads = (struct wk_redis_runs){.link = &fleet->link, .prefix = fleet->prefix, .lock = &fleet->lock};
    snprintf(fleet->why, sizeof fleet->why, "not connected yet");
    fleet->told_about = fleet->changes = 1; /* it is not up yet */
    fleet->own = (struct wk_fleet_run){.about = {.program = "posted", .writers = 1, .running = 1}, .loaded = true};
    fleet->worker = (struct wk_worker){.name = "wick-fleet", .run = fleet_main, .user = fleet};
    if (wrong) {
        (void)wk_error_set(WICK_E_CONFIG, "%s", wrong);
    } else if (!wk_redis_link_load(&fleet->link)) {
        (void)wk_error_set(WICK_E_UNSUPPORTED, "%s", fleet->link.why);
    } else if (!wk_worker_start(&fleet->worker)) {
        (void)wk_error_set(WICK_E_NOMEM, "no thread to follow the runs in Redis");
    } else {
        return fleet;
    }
    destroy(fleet);
    return NULL;
}

void wk_fleet_stop(struct wk_fleet *fleet, int64_t deadline_ns)
{
    pthread_mutex_lock(&fleet->lock);
    fleet->stop = true;
    wk_condition_announce(&fleet->wake);
    while (!fleet->ended && wk_condition_wait(&fleet->progress, &fleet->lock, deadline_ns)) {
        /* not yet */
    }
    bool ended = fleet->ended;
    pthread_mutex_unlock(&fleet->lock);
    if (ended) {
        pthread_join(fleet->worker.thread, NULL);
        destroy(fleet);
    } else {
        pthread_detach(fleet->worker.thread); /* it waits for Redis, and still uses the fleet */
    }
}
