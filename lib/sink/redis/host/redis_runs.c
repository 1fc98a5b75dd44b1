/*
 * SPDX-License-Identifier: MIT
 * Runs in Redis. See redis_runs.h.
 */
#include "redis_runs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/heap.h"
#include "model/base/json.h"
#include "redis_read.h"

enum { MS = 1000000, BATCH = 500 };

bool wk_redis_run_is_name(const char *name)
{
    size_t bytes = strlen(name);
    return bytes > 0 && bytes < sizeof ((struct wk_redis_run *)0)->id && !strpbrk(name, "/{} \t\n");
}

bool wk_redis_prefix_is_good(const char *prefix)
{
    size_t bytes = strlen(prefix);
    return bytes > 0 && bytes < 64 && !strpbrk(prefix, "{} \t\n");
}

const char *wk_redis_runs_prepare(struct wk_redis_link *link, const char *url, char *prefix)
{
    const char *given = secure_getenv("WICK_REDIS_PREFIX"), *wrong = wk_redis_url_read(url, &link->url);
    given = given && given[0] ? given : WK_REDIS_PREFIX;
    if (!wrong && !wk_redis_prefix_is_good(given)) {
        wrong = "WICK_REDIS_PREFIX: at most 63 bytes, without blanks and braces";
    }
    snprintf(prefix, 64, "%s", wrong ? "" : given);
    return wrong;
}

/* ---- the list -------------------------------------------------------------------------------- */

/* A command whose reply is a list of texts. */
struct text_list {
    const struct wk_redis_link *link;
    struct wk_array *texts;
    int64_t count; /* < 0: an error */
    char *why;
};

static void on_texts(void *user, size_t index, const void *reply)
{
    struct text_list *list = user;
    const struct wk_redis_module *module = list->link->module;
    struct wk_redis_value value, text;
    (void)index;
    module->read(reply, &value);
    if (value.kind == WK_REDIS_ERROR) {
        snprintf(list->why, sizeof list->link->why, "%s", value.text);
        list->count = -1;
    }
    for (size_t i = 0; i < value.items && list->count >= 0; i++) {
        module->read(module->item(reply, i), &text);
        list->count = wk_array_append(list->texts, &wk_heap_allocator, text.text, text.bytes + 1) < 0 ? -1 : list->count + 1;
    }
}

int64_t wk_redis_texts(struct wk_redis_link *link, const struct wk_commands *commands, struct wk_array *texts)
{
    struct text_list list = {link, texts, 0, link->why};
    return wk_redis_link_run(link, commands, on_texts, &list) ? list.count : -1;
}

int64_t wk_redis_runs_list(const struct wk_redis_runs *runs, int64_t until_ms, struct wk_array *ids)
{
    struct wk_commands c = {0};
    char key[96];
    int bytes = snprintf(key, sizeof key, "%s:runs", runs->prefix);
    wk_command_begin(&c, "ZREVRANGEBYSCORE", key, (size_t)bytes);
    if (until_ms == INT64_MAX) {
        wk_command_text(&c, "+inf");
    } else {
        wk_command_number(&c, until_ms);
    }
    wk_command_text(&c, "-inf");
    (void)wk_command_end(&c);
    int64_t count = wk_redis_texts(runs->link, &c, ids);
    wk_commands_fini(&c);
    return count;
}

int64_t wk_redis_now_ms(const struct wk_redis_runs *runs)
{
    struct wk_commands c = {0};
    struct wk_array texts = {0};
    wk_command_begin(&c, "TIME", "", 0);
    (void)wk_command_end(&c);
    int64_t count = wk_redis_texts(runs->link, &c, &texts);
    int64_t now_ms = count == 2 ? strtoll(texts.items, NULL, 10) * 1000 : runs->link->client ? wk_clock_wall_ns() / MS : -1;
    wk_array_free(&texts, &wk_heap_allocator, 1);
    wk_commands_fini(&c);
    return now_ms;
}

/* ---- one run --------------------------------------------------------------------------------- */

/* Fields of a run's hash while they are read. */
struct run_fields {
    const struct wk_redis_link *link;
    struct wk_redis_run *run;
    int64_t first_ns;   /* start of the first process */
    char first[32];     /* its field's end: the writer */
};

static void read_writer(struct run_fields *f, const char *writer, struct wk_json json)
{
    struct wk_redis_run *run = f->run;
    int64_t seen_ns = 0, start_ns = 0, offset_ns = 0;
    uint64_t dropped = 0, refused = 0;
    (void)wk_json_signed(wk_json_find(json, "seen_ns"), &seen_ns);
    (void)wk_json_signed(wk_json_find(json, "start_ns"), &start_ns);
    (void)wk_json_unsigned(wk_json_find(json, "dropped"), &dropped);
    (void)wk_json_unsigned(wk_json_find(json, "refused"), &refused);
    (void)wk_json_signed(wk_json_find(json, "offset_ns"), &offset_ns);
    run->offset_ns = llabs(offset_ns) > llabs(run->offset_ns) ? offset_ns : run->offset_ns;
    run->writers++;
    run->running += (uint32_t)(wk_json_is(wk_json_find(json, "state"), "running") != 0);
    run->dropped += dropped;
    run->refused += refused;
    run->seen_ms = seen_ns / MS > run->seen_ms ? seen_ns / MS : run->seen_ms;
    if (!f->first_ns || start_ns < f->first_ns) {
        f->first_ns = start_ns;
        snprintf(f->first, sizeof f->first, "%s", writer);
        char pid[24];
        run->host[wk_json_text(wk_json_find(json, "host"), run->host, sizeof run->host - 1)] = 0;
        pid[wk_json_text(wk_json_find(json, "pid"), pid, sizeof pid - 1)] = 0;
        run->pid = strtoull(pid, NULL, 10);
    }
}

static void read_field(struct run_fields *f, const struct wk_redis_value *name, const struct wk_redis_value *value)
{
    const struct wk_json json = {value->text, value->text + value->bytes};
    struct wk_json_error error;
    if (strcmp(name->text, "start_ns") == 0) {
        f->run->start_ms = strtoll(value->text, NULL, 10) / MS;
    } else if (strncmp(name->text, "w.", 2) == 0 && *value->text == '{' && wk_json_check(json, 0, &error) == 0) {
        read_writer(f, name->text + 2, json);
    }
}

static void read_program(struct run_fields *f, const struct wk_redis_value *name, const struct wk_redis_value *value)
{
    const struct wk_json json = {value->text, value->text + value->bytes};
    struct wk_json_error error;
    char *to = f->run->program;
    if (strncmp(name->text, "m.", 2) == 0 && strcmp(name->text + 2, f->first) == 0 && *value->text == '{' &&
        wk_json_check(json, 0, &error) == 0) {
        to[wk_json_text(wk_json_find(json, "program"), to, sizeof f->run->program - 1)] = 0;
    }
}

/* Fields of a run's hash, whose names and values take turns. */
static void read_fields(struct run_fields *f, const void *reply, size_t items)
{
    const struct wk_redis_module *module = f->link->module;
    struct wk_redis_value name, value;
    for (int second = 0; second < 2; second++) { /* the programs when it is known who was first */
        for (size_t i = 0; i + 1 < items; i += 2) {
            module->read(module->item(reply, i), &name);
            module->read(module->item(reply, i + 1), &value);
            if (second) {
                read_program(f, &name, &value);
            } else {
                read_field(f, &name, &value);
            }
        }
    }
}

/* Runs while they are read. */
struct about_batch {
    struct wk_redis_link *link;
    struct wk_redis_run *runs;
    bool failed;
};

static void on_run(void *user, size_t index, const void *reply)
{
    struct about_batch *batch = user;
    struct run_fields fields = {.link = batch->link, .run = &batch->runs[index]};
    struct wk_redis_value all;
    batch->link->module->read(reply, &all);
    if (all.kind == WK_REDIS_ERROR && strncmp(all.text, "WRONGTYPE", 9) != 0) { /* else it is no run of ours */
        snprintf(batch->link->why, sizeof batch->link->why, "%s", all.text);
        batch->failed = true;
    }
    read_fields(&fields, reply, all.items);
}

uint32_t wk_redis_key(const struct wk_redis_runs *runs, const char *id, const char *part, const char *key, char to[WK_REDIS_KEY_BYTES])
{
    int bytes = snprintf(to, WK_REDIS_KEY_BYTES, "%s:{%s}%s%s", runs->prefix, id, part, key);
    return bytes < WK_REDIS_KEY_BYTES ? (uint32_t)bytes : WK_REDIS_KEY_BYTES - 1;
}

int wk_redis_runs_about(const struct wk_redis_runs *runs, int64_t now_ms, struct wk_redis_run *all, size_t count)
{
    struct about_batch batch = {.link = runs->link};
    struct wk_commands c = {0};
    char key[WK_REDIS_KEY_BYTES];
    bool good = true;
    for (size_t at = 0, end; good && !batch.failed && at < count; at = end) {
        end = at + BATCH < count ? at + BATCH : count;
        batch.runs = all + at;
        wk_commands_clear(&c);
        for (size_t i = at; i < end; i++) {
            struct wk_redis_run kept = {0};
            memcpy(kept.id, all[i].id, sizeof kept.id);
            all[i] = kept;
            wk_command_begin(&c, "HGETALL", key, wk_redis_key(runs, kept.id, "", "", key));
            (void)wk_command_end(&c);
        }
        good = wk_redis_link_run(runs->link, &c, on_run, &batch);
        for (size_t i = at; i < end; i++) {
            all[i].age_ms = all[i].seen_ms && now_ms > all[i].seen_ms ? now_ms - all[i].seen_ms : 0;
        }
    }
    wk_commands_fini(&c);
    return good && !batch.failed ? 0 : -1;
}

int wk_redis_run_read(const struct wk_redis_runs *runs, const char *id, struct wk_redis_run *run)
{
    *run = (struct wk_redis_run){0};
    snprintf(run->id, sizeof run->id, "%s", id);
    return wk_redis_runs_about(runs, 0, run, 1) < 0 ? -1 : run->writers || run->start_ms ? 1 : 0;
}

/* ---- purge ----------------------------------------------------------------------------------- */

/* Add the commands that remove a key, or count it. */
static void add_removal(struct wk_commands *c, const char *key, uint32_t bytes, bool dry)
{
    wk_command_begin(c, dry ? "EXISTS" : "UNLINK", key, bytes);
    (void)wk_command_end(c);
}

struct removals {
    const struct wk_redis_link *link;
    int64_t count; /* < 0: an error */
    char *why;
};

static void on_removed(void *user, size_t index, const void *reply)
{
    struct removals *r = user;
    struct wk_redis_value value;
    (void)index;
    r->link->module->read(reply, &value);
    if (value.kind == WK_REDIS_ERROR) {
        snprintf(r->why, sizeof r->link->why, "%s", value.text);
        r->count = -1;
    } else if (r->count >= 0) {
        r->count += value.integer;
    }
}

static int64_t run_removals(const struct wk_redis_runs *runs, struct wk_commands *c)
{
    struct removals r = {runs->link, 0, runs->link->why};
    bool good = !c->list.count || wk_redis_link_run(runs->link, c, on_removed, &r);
    wk_commands_clear(c);
    return good ? r.count : -1;
}

/* The keys of the trackers below those of `level`, which are removed. */
static int64_t purge_level(const struct wk_redis_runs *runs, const char *id, const struct wk_array *level, bool dry)
{
    const char *at = level->items, *end = at + level->count;
    struct wk_commands c = {0};
    char key[WK_REDIS_KEY_BYTES];
    int64_t count = 0, got = 0;
    while (at < end && got >= 0) {
        for (uint32_t i = 0; i < BATCH && at < end; i++, at += strlen(at) + 1) {
            if (*at) {
                add_removal(&c, key, wk_redis_key(runs, id, ":n:", at, key), dry);
            }
            add_removal(&c, key, wk_redis_key(runs, id, ":c:", at, key), dry);
        }
        got = run_removals(runs, &c);
        count += got;
    }
    wk_commands_fini(&c);
    return got < 0 ? got : count;
}

int64_t wk_redis_children(const struct wk_redis_runs *runs, const char *id, const struct wk_array *level, struct wk_array *below)
{
    const char *at = level->items, *end = at + level->count;
    struct wk_commands c = {0};
    char key[WK_REDIS_KEY_BYTES];
    int64_t count = 0, got = 0;
    while (at < end && got >= 0) {
        wk_commands_clear(&c);
        for (uint32_t i = 0; i < BATCH && at < end; i++, at += strlen(at) + 1) {
            wk_command_begin(&c, "ZRANGE", key, wk_redis_key(runs, id, ":c:", at, key));
            wk_command_text(&c, "0");
            wk_command_text(&c, "-1");
            (void)wk_command_end(&c);
        }
        got = wk_redis_texts(runs->link, &c, below);
        count += got;
    }
    wk_commands_fini(&c);
    return got < 0 ? got : count;
}

/* The trackers, from the lowest level up: what is interrupted can be found again. */
static int64_t purge_trackers(const struct wk_redis_runs *runs, const char *id, bool dry)
{
    struct wk_array levels[WICK_KEY_LEVELS + 2] = {0};
    uint32_t depth = 0;
    int64_t got = wk_array_append(&levels[0], &wk_heap_allocator, "", 1) < 0 ? -1 : 1, count = 0;
    for (; got > 0 && depth < WICK_KEY_LEVELS; depth++) {
        got = wk_redis_children(runs, id, &levels[depth], &levels[depth + 1]);
    }
    for (uint32_t i = depth + 1; i-- > 0 && got >= 0;) {
        got = purge_level(runs, id, &levels[i], dry);
        count += got;
    }
    for (uint32_t i = 0; i < WICK_KEY_LEVELS + 2; i++) {
        wk_array_free(&levels[i], &wk_heap_allocator, 1);
    }
    return got < 0 ? got : count;
}

/* Rollups, events, the run itself. */
static int64_t purge_rest(const struct wk_redis_runs *runs, const char *id, bool dry)
{
    struct wk_commands c = {0};
    struct wk_array fields = {0};
    char key[WK_REDIS_KEY_BYTES];
    wk_command_begin(&c, "HKEYS", key, wk_redis_key(runs, id, "", "", key));
    (void)wk_command_end(&c);
    int64_t got = wk_redis_texts(runs->link, &c, &fields);
    wk_commands_clear(&c);
    const char *at = fields.items, *end = at + fields.count;
    for (; got >= 0 && at < end; at += strlen(at) + 1) {
        if (strncmp(at, "w.", 2) == 0) {
            add_removal(&c, key, wk_redis_key(runs, id, ":r:", at + 2, key), dry);
        }
    }
    add_removal(&c, key, wk_redis_key(runs, id, ":e", "", key), dry);
    add_removal(&c, key, wk_redis_key(runs, id, "", "", key), dry);
    got = got < 0 ? got : run_removals(runs, &c);
    if (got >= 0 && !dry) {
        int bytes = snprintf(key, sizeof key, "%s:runs", runs->prefix);
        wk_command_begin(&c, "ZREM", key, (size_t)bytes);
        wk_command_text(&c, id);
        (void)wk_command_end(&c);
        got = run_removals(runs, &c) < 0 ? -1 : got;
    }
    wk_array_free(&fields, &wk_heap_allocator, 1);
    wk_commands_fini(&c);
    return got;
}

int64_t wk_redis_run_purge(const struct wk_redis_runs *runs, const char *id, bool dry)
{
    int64_t trackers = purge_trackers(runs, id, dry), rest = trackers < 0 ? trackers : purge_rest(runs, id, dry);
    return rest < 0 ? rest : trackers + rest;
}

void wk_redis_purge_old(const struct wk_redis_runs *runs, int64_t until_ms, const char *own)
{
    struct wk_array ids = {0};
    struct wk_redis_run run;
    bool good = wk_redis_runs_list(runs, until_ms, &ids) >= 0;
    const char *end = (const char *)ids.items + ids.count;
    for (const char *id = ids.items; good && id < end; id += strlen(id) + 1) {
        good = strcmp(id, own) == 0 || !wk_redis_run_is_name(id) ||
               (wk_redis_run_read(runs, id, &run) >= 0 && (run.seen_ms > until_ms || wk_redis_run_purge(runs, id, false) >= 0));
    }
    wk_array_free(&ids, &wk_heap_allocator, 1);
}
