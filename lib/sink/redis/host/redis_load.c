/*
 * SPDX-License-Identifier: MIT
 * Trackers read from Redis, level by level: the facts of all writers, into a board of the caller's. See redis_read.h.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/heap.h"
#include "model/base/json.h"
#include "model/base/number.h"
#include "redis_read.h"

enum { BATCH = 500 };

/* Hashes of facts on their way into a board. */
struct fact_batch {
    const struct wk_redis_link *link;
    pthread_mutex_t *lock; /* of the board; NULL: none */
    struct wick_board *board;
    const char *keys[BATCH + WICK_KEY_LEVELS]; /* by command */
    uint32_t keys_bytes[BATCH + WICK_KEY_LEVELS];
    uint32_t count;
    bool removals_only;
    uint64_t facts;
    int error;
    char *why;
};

/* A line of a value: `<version> <json>`, of a removal the version alone. */
static void put_line(struct fact_batch *f, struct wick_fact *fact, const char *at, const char *end)
{
    const char *space = memchr(at, ' ', (size_t)(end - at));
    struct wk_json_error error;
    if (fact->field ? !space : space != NULL) {
        return; /* not ours */
    }
    if (!wk_number_unsigned(at, (size_t)((space ? space : end) - at), UINT64_MAX, &fact->version)) {
        return;
    }
    fact->value = space ? space + 1 : NULL;
    fact->value_bytes = space ? (uint32_t)(end - space - 1) : 0;
    if (space && wk_json_check((struct wk_json){space + 1, end}, 0, &error) < 0) {
        return;
    }
    int rc = wick_board_put(f->board, fact);
    f->error = rc == WICK_E_NOMEM || rc == WICK_E_LIMIT ? rc : f->error;
    f->facts++;
}

/* A field: `<writer>.<field>`. */
static void put_field(struct fact_batch *f, size_t index, const struct wk_redis_value *name, const struct wk_redis_value *value)
{
    const char *dot = memchr(name->text, '.', name->bytes), *at = value->text, *end = at + value->bytes;
    struct wick_fact fact = {.key = f->keys[index], .key_bytes = f->keys_bytes[index]};
    if (!dot || !wk_number_hex(name->text, (size_t)(dot - name->text), &fact.writer)) {
        return;
    }
    fact.field = dot + 1;
    fact.field_bytes = (uint32_t)(name->text + name->bytes - dot - 1);
    if (fact.field_bytes == 1 && *fact.field == '-') {
        fact.field = NULL;
        fact.field_bytes = 0;
    } else if (f->removals_only) {
        return;
    }
    while (at < end) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        line_end = line_end ? line_end : end;
        put_line(f, &fact, at, line_end);
        at = line_end + 1;
    }
}

static void on_facts(void *user, size_t index, const void *reply)
{
    struct fact_batch *f = user;
    const struct wk_redis_module *module = f->link->module;
    struct wk_redis_value all, name, value;
    module->read(reply, &all);
    if (all.kind == WK_REDIS_ERROR) {
        snprintf(f->why, sizeof f->link->why, "%s", all.text);
        f->error = WICK_E_NET;
    }
    if (f->lock) {
        pthread_mutex_lock(f->lock);
    }
    for (size_t i = 0; i + 1 < all.items; i += 2) {
        module->read(module->item(reply, i), &name);
        module->read(module->item(reply, i + 1), &value);
        put_field(f, index, &name, &value);
    }
    if (f->lock) {
        pthread_mutex_unlock(f->lock);
    }
}

static void add_key(struct fact_batch *f, struct wk_commands *c, const struct wk_redis_runs *runs, const char *id, const char *tracker)
{
    char key[WK_REDIS_KEY_BYTES];
    f->keys[f->count] = tracker;
    f->keys_bytes[f->count++] = (uint32_t)strlen(tracker);
    wk_command_begin(c, "HGETALL", key, wk_redis_key(runs, id, ":n:", tracker, key));
    (void)wk_command_end(c);
}

static int run_facts(struct fact_batch *f, struct wk_commands *c, const struct wk_redis_runs *runs)
{
    bool late = runs->deadline_ns && wk_clock_mono_ns() > runs->deadline_ns;
    if (late) {
        snprintf(runs->link->why, sizeof runs->link->why, "not read in time");
    }
    bool good = !late && wk_redis_link_run(runs->link, c, on_facts, f);
    wk_commands_clear(c);
    f->count = 0;
    return late ? WICK_E_TIMEOUT : !good ? WICK_E_NET : f->error;
}

/* The removals of those above a tracker remove it, too. */
static int load_above(struct fact_batch *f, struct wk_commands *c, const struct wk_redis_runs *runs, const char *id, const char *key)
{
    char above[WICK_KEY_LEVELS][WICK_KEY_BYTES + 1];
    uint32_t count = 0;
    for (const char *dot = strchr(key, '.'); dot && count < WICK_KEY_LEVELS; dot = strchr(dot + 1, '.')) {
        snprintf(above[count], sizeof above[count], "%.*s", (int)(dot - key), key);
        add_key(f, c, runs, id, above[count++]);
    }
    f->removals_only = true;
    int rc = count ? run_facts(f, c, runs) : 0;
    f->removals_only = false;
    f->facts = 0;
    return rc;
}

static int load_level(struct fact_batch *f, struct wk_commands *c, const struct wk_redis_runs *runs, const char *id,
                      const struct wk_array *level)
{
    const char *at = level->items, *end = at + level->count;
    int rc = 0;
    while (at < end && rc == 0) {
        for (uint32_t i = 0; i < BATCH && at < end; i++, at += strlen(at) + 1) {
            if (*at && !wick_board_key_error(at, (uint32_t)strlen(at))) {
                add_key(f, c, runs, id, at);
            }
        }
        rc = f->count ? run_facts(f, c, runs) : 0;
    }
    return rc;
}

int wk_redis_load_keys(const struct wk_redis_runs *runs, const char *id, const struct wk_array *keys, struct wick_board *board)
{
    struct fact_batch f = {.link = runs->link, .lock = runs->lock, .board = board, .why = runs->link->why};
    struct wk_commands c = {0};
    int rc = load_level(&f, &c, runs, id, keys);
    wk_commands_fini(&c);
    return rc;
}

int wk_redis_load(const struct wk_redis_runs *runs, const char *id, const char *key, struct wick_board *board)
{
    struct fact_batch f = {.link = runs->link, .lock = runs->lock, .board = board, .why = runs->link->why};
    struct wk_commands c = {0};
    struct wk_array level = {0}, below = {0};
    int rc = *key ? load_above(&f, &c, runs, id, key) : 0;
    int64_t count = wk_array_append(&level, &wk_heap_allocator, key, strlen(key) + 1) == 0;
    for (uint32_t depth = 0; rc == 0 && count > 0 && depth <= WICK_KEY_LEVELS; depth++) {
        rc = load_level(&f, &c, runs, id, &level);
        below.count = 0;
        count = rc == 0 ? wk_redis_children(runs, id, &level, &below) : 0;
        const struct wk_array done = level;
        level = below;
        below = done;
        rc = count < 0 ? WICK_E_NET : rc;
    }
    wk_array_free(&level, &wk_heap_allocator, 1);
    wk_array_free(&below, &wk_heap_allocator, 1);
    wk_commands_fini(&c);
    return rc < 0 ? rc : f.facts > 0;
}
