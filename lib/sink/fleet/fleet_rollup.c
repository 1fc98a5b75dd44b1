/*
 * SPDX-License-Identifier: MIT
 * Totals of a run's scopes, read from Redis: those of all its processes and threads, added up by path, as JSON. ../redis/README.md
 * describes the values. Must not know who asks for them.
 */
#include <stdlib.h>
#include <string.h>

#include <wick/json.h>

#include "base/heap.h"
#include "fleet.h"
#include "sink/redis/host/mirror.h"
#include "sink/redis/host/redis_read.h"

/* A bar of a histogram: so many calls took from `low_ns` on, `width_ns` longer at most. */
struct rollup_bar {
    uint64_t low_ns, width_ns, count;
};

struct scope_total {
    char *path;            /* names joined by /, as in Redis */
    uint64_t count, failed, unfinished, total_ns, self_ns, min_ns, max_ns;
    struct wk_array bars;  /* struct rollup_bar */
};

struct rollups {
    const struct wk_redis_module *module;
    struct wk_array all;   /* struct scope_total */
    bool failed;
};

/* ---- values ---------------------------------------------------------------------------------- */

/* The next number; false: there is none. */
static bool take_number(const unsigned char **at, const unsigned char *end, uint64_t *number)
{
    *number = 0;
    for (uint32_t shift = 0; *at < end && shift < 64; shift += 7) {
        *number |= (uint64_t)(**at & 0x7f) << shift;
        if (!(*(*at)++ & 0x80)) {
            return true;
        }
    }
    return false;
}

static void take_bars(struct rollups *r, struct scope_total *to, const unsigned char *at, const unsigned char *end)
{
    struct rollup_bar bar;
    uint64_t distance, low_ns = 0;
    while (take_number(&at, end, &distance) && take_number(&at, end, &bar.width_ns) && take_number(&at, end, &bar.count)) {
        bar.low_ns = low_ns += distance;
        if (wk_array_reserve(&to->bars, &wk_heap_allocator, to->bars.count + 1, sizeof bar) < 0) {
            r->failed = true;
            return;
        }
        ((struct rollup_bar *)to->bars.items)[to->bars.count++] = bar;
    }
}

static void take_value(struct rollups *r, struct scope_total *to, const struct wk_redis_value *value)
{
    const unsigned char *at = (const unsigned char *)value->text, *end = at + value->bytes;
    to->min_ns = UINT64_MAX;
    if (at == end || *at++ != WK_ROLLUP_FORM || !take_number(&at, end, &to->count) || !take_number(&at, end, &to->failed) ||
        !take_number(&at, end, &to->unfinished) || !take_number(&at, end, &to->total_ns) || !take_number(&at, end, &to->self_ns) ||
        !take_number(&at, end, &to->min_ns) || !take_number(&at, end, &to->max_ns)) {
        return; /* a later version's */
    }
    if (!to->count) {
        to->min_ns = UINT64_MAX;
    }
    take_bars(r, to, at, end);
}

/* Fields `TRACK:PATH` of a process. */
static void on_rollups(void *user, size_t index, const void *reply)
{
    struct rollups *r = user;
    struct wk_redis_value all, name, value;
    (void)index;
    r->module->read(reply, &all);
    r->failed = r->failed || all.kind == WK_REDIS_ERROR;
    for (size_t i = 0; i + 1 < all.items && !r->failed; i += 2) {
        r->module->read(r->module->item(reply, i), &name);
        r->module->read(r->module->item(reply, i + 1), &value);
        const char *colon = memchr(name.text, ':', name.bytes);
        char *path = colon ? strdup(colon + 1) : NULL;
        if (!path || wk_array_reserve(&r->all, &wk_heap_allocator, r->all.count + 1, sizeof(struct scope_total)) < 0) {
            r->failed = r->failed || colon;
            free(path);
            continue;
        }
        struct scope_total *to = (struct scope_total *)r->all.items + r->all.count++;
        *to = (struct scope_total){.path = path};
        take_value(r, to, &value);
    }
}

/* ---- sums ------------------------------------------------------------------------------------ */

static int by_path(const void *x, const void *y)
{
    const unsigned char *a = (const unsigned char *)((const struct scope_total *)x)->path, *b = (const unsigned char *)((const struct scope_total *)y)->path;
    while (*a && *a == *b) {
        a++;
        b++;
    }
    const unsigned below = *a == '/' ? 1 : *a, other = *b == '/' ? 1 : *b; /* what is below a path comes right behind it */
    return (below > other) - (below < other);
}

static int by_low(const void *x, const void *y)
{
    const struct rollup_bar *a = x, *b = y;
    return a->low_ns != b->low_ns ? (a->low_ns > b->low_ns) - (a->low_ns < b->low_ns) : (a->width_ns > b->width_ns) - (a->width_ns < b->width_ns);
}

static void add_to(struct rollups *r, struct scope_total *to, struct scope_total *more)
{
    const struct rollup_bar *bars = more->bars.items;
    to->count += more->count;
    to->failed += more->failed;
    to->unfinished += more->unfinished;
    to->total_ns += more->total_ns;
    to->self_ns += more->self_ns;
    to->min_ns = more->min_ns < to->min_ns ? more->min_ns : to->min_ns;
    to->max_ns = more->max_ns > to->max_ns ? more->max_ns : to->max_ns;
    if (wk_array_reserve(&to->bars, &wk_heap_allocator, to->bars.count + more->bars.count, sizeof *bars) < 0) {
        r->failed = true;
    } else if (more->bars.count) {
        memcpy((struct rollup_bar *)to->bars.items + to->bars.count, bars, more->bars.count * sizeof *bars);
        to->bars.count += more->bars.count;
    }
}

static void free_rollup(struct scope_total *rollup)
{
    free(rollup->path);
    wk_array_free(&rollup->bars, &wk_heap_allocator, sizeof(struct rollup_bar));
}

/* One of each path, in order. */
static void add_up(struct rollups *r)
{
    struct scope_total *all = r->all.items;
    uint32_t kept = 0;
    if (r->all.count) {
        qsort(all, r->all.count, sizeof *all, by_path);
    }
    for (uint32_t i = 0; i < r->all.count; i++) {
        if (kept && strcmp(all[kept - 1].path, all[i].path) == 0) {
            add_to(r, &all[kept - 1], &all[i]);
            free_rollup(&all[i]);
        } else {
            all[kept++] = all[i];
        }
    }
    r->all.count = kept;
    for (uint32_t i = 0; i < kept; i++) {
        if (all[i].bars.count) {
            qsort(all[i].bars.items, all[i].bars.count, sizeof(struct rollup_bar), by_low);
        }
    }
}

/* The value of a quantile's nearest rank: of a bar its middle, but not beyond the least and the greatest value. */
static uint64_t quantile(const struct scope_total *r, uint32_t per_mille)
{
    const struct rollup_bar *bars = r->bars.items;
    uint64_t calls = 0, seen = 0;
    for (uint32_t i = 0; i < r->bars.count; i++) {
        calls += bars[i].count;
    }
    const uint64_t rank = calls / 1000 * per_mille + (calls % 1000 * per_mille + 999) / 1000;
    for (uint32_t i = 0; i < r->bars.count; i++) {
        seen += bars[i].count;
        if (seen >= rank) {
            const uint64_t middle = bars[i].low_ns + bars[i].width_ns / 2;
            return middle < r->min_ns ? r->min_ns : middle > r->max_ns ? r->max_ns : middle;
        }
    }
    return 0;
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static int append(void *user, const char *bytes, size_t count)
{
    return wk_array_append(user, &wk_heap_allocator, bytes, count);
}

/* A name as it was before / and % in it became %2f and %25. */
static void put_name(struct wick_json *json, const char *at, size_t bytes)
{
    char name[4096];
    size_t used = 0;
    for (size_t i = 0; i < bytes && used < sizeof name; i++) {
        const bool escape = at[i] == '%' && i + 2 < bytes;
        name[used++] = !escape ? at[i] : at[i + 2] == 'f' ? '/' : '%';
        i += escape ? 2 : 0;
    }
    wick_json_text(json, NULL, name, used);
}

static void put_time(struct wick_json *json, const char *name, const struct scope_total *r, uint64_t ns)
{
    if (r->count) {
        wick_json_unsigned(json, name, ns);
    } else {
        wick_json_word(json, name, "null");
    }
}

static void put_rollup(struct wick_json *json, const struct scope_total *r)
{
    wick_json_line(json);
    wick_json_begin(json, NULL, '{');
    wick_json_begin(json, "path", '[');
    for (const char *at = r->path, *end; at; at = *end ? end + 1 : NULL) {
        end = at + strcspn(at, "/");
        put_name(json, at, (size_t)(end - at));
    }
    wick_json_end(json, ']');
    wick_json_unsigned(json, "count", r->count);
    wick_json_unsigned(json, "failed", r->failed);
    wick_json_unsigned(json, "unfinished", r->unfinished);
    wick_json_unsigned(json, "total_ns", r->total_ns);
    wick_json_unsigned(json, "self_ns", r->self_ns);
    put_time(json, "mean_ns", r, r->count ? r->total_ns / r->count : 0);
    put_time(json, "min_ns", r, r->min_ns);
    put_time(json, "p50_ns", r, quantile(r, 500));
    put_time(json, "p90_ns", r, quantile(r, 900));
    put_time(json, "p99_ns", r, quantile(r, 990));
    put_time(json, "max_ns", r, r->max_ns);
    wick_json_end(json, '}');
}

static void put_rollups(struct wick_json *json, const char *id, const struct rollups *r)
{
    wick_json_begin(json, NULL, '{');
    wick_json_unsigned(json, "v", 1);
    wick_json_string(json, "run", id);
    wick_json_begin(json, "nodes", '[');
    for (uint32_t i = 0; i < r->all.count; i++) {
        put_rollup(json, (const struct scope_total *)r->all.items + i);
    }
    wick_json_end(json, ']');
    wick_json_end(json, '}');
}

/* The names of the writers stand in the run's hash. */
bool wk_fleet_rollups_read(struct wk_fleet *fleet, const char *id, struct wk_array *text)
{
    struct rollups r = {.module = fleet->link.module};
    struct wk_commands c = {0};
    struct wk_array fields = {0};
    char key[WK_REDIS_KEY_BYTES];
    wk_command_begin(&c, "HKEYS", key, wk_redis_key(&fleet->reads, id, "", "", key));
    (void)wk_command_end(&c);
    bool good = wk_redis_texts(&fleet->link, &c, &fields) >= 0;
    const char *at = fields.items, *end = at + fields.count;
    wk_commands_clear(&c);
    for (; good && at < end; at += strlen(at) + 1) {
        if (strncmp(at, "w.", 2) == 0) {
            wk_command_begin(&c, "HGETALL", key, wk_redis_key(&fleet->reads, id, ":r:", at + 2, key));
            (void)wk_command_end(&c);
        }
    }
    good = good && (!c.list.count || wk_redis_link_run(&fleet->link, &c, on_rollups, &r)) && !r.failed;
    if (good) {
        struct wick_json json = {.out = {append, text}};
        add_up(&r);
        put_rollups(&json, id, &r);
        good = !r.failed && append(text, "\n", 1) == 0;
    }
    for (uint32_t i = 0; i < r.all.count; i++) {
        free_rollup((struct scope_total *)r.all.items + i);
    }
    wk_array_free(&r.all, &wk_heap_allocator, sizeof(struct scope_total));
    wk_array_free(&fields, &wk_heap_allocator, 1);
    wk_commands_fini(&c);
    return good;
}
