/*
 * SPDX-License-Identifier: MIT
 * One tree out of the runs of a build. See joined_runs.h.
 */
#include "stats/joined_runs.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"

static uint64_t hash_key(uint32_t parent, const struct wick_summary_key *key)
{
    const uint64_t name = wk_mem_hash(key->name, strlen(key->name), key->kind);
    return wk_mem_mix(wk_mem_hash(key->function, strlen(key->function), name), ((uint64_t)parent << 32) + key->ordinal);
}

static bool is_same_key(const struct wick_summary_key *x, const struct wick_summary_key *y)
{
    return x->kind == y->kind && x->ordinal == y->ordinal && strcmp(x->name, y->name) == 0 && strcmp(x->function, y->function) == 0;
}

uint32_t wk_joined_find(const struct wk_joined *joined, uint32_t parent, const struct wick_summary_key *key)
{
    const uint64_t hash = hash_key(parent, key);
    uint32_t probe = 0, found;
    while ((found = wk_table_next(&joined->by_key, hash, &probe)) != WICK_NONE) {
        const struct wk_joined_place *place = &joined->places[found];
        if (place->parent == parent && is_same_key(place->key, key)) {
            return found;
        }
    }
    return WICK_NONE;
}

/* The place, made if need be; WICK_NONE: no memory. */
static uint32_t enter(struct wk_joined *joined, uint32_t parent, const struct wick_summary_key *key)
{
    uint32_t place = wk_joined_find(joined, parent, key);
    if (place != WICK_NONE) {
        return place;
    }
    if (joined->count == joined->capacity) {
        const uint32_t capacity = joined->capacity ? joined->capacity * 2 : 256;
        struct wk_joined_place *grown = realloc(joined->places, capacity * sizeof *grown);
        if (!grown) {
            return WICK_NONE;
        }
        joined->places = grown;
        joined->capacity = capacity;
    }
    place = joined->count;
    if (wk_table_add(&joined->by_key, &wk_heap_allocator, hash_key(parent, key), place) < 0) {
        return WICK_NONE;
    }
    joined->places[joined->count++] =
        (struct wk_joined_place){.key = key, .parent = parent, .first = WICK_NONE, .last = WICK_NONE, .next = WICK_NONE};
    uint32_t *first = parent == WICK_NONE ? &joined->first : &joined->places[parent].first;
    uint32_t *last = parent == WICK_NONE ? &joined->last : &joined->places[parent].last;
    *(*last == WICK_NONE ? first : &joined->places[*last].next) = place;
    *last = place;
    return place;
}

static int join(struct wk_joined *joined, const struct wick_summary *run, uint32_t *place_of)
{
    const struct wick_summary_node *node;
    for (uint32_t i = 0; (node = wick_summary_node_at(run, i)) != NULL; i++) {
        const uint32_t parent = node->parent == WICK_NONE ? WICK_NONE : place_of[node->parent];
        place_of[i] = enter(joined, parent, wick_summary_key_at(run, node->key));
        if (place_of[i] == WICK_NONE) {
            return WICK_E_NOMEM;
        }
        joined->places[place_of[i]].calls += node->calls;
    }
    return 0;
}

int wk_joined_make(struct wk_joined *joined, struct wick_summary *const *runs, uint32_t count)
{
    *joined = (struct wk_joined){.first = WICK_NONE, .last = WICK_NONE, .place_of = calloc((size_t)count + 1, sizeof *joined->place_of)};
    int rc = joined->place_of ? 0 : WICK_E_NOMEM;
    for (uint32_t i = 0; i < count && rc == 0; i++) {
        struct wick_summary_info info;
        wick_summary_info_read(runs[i], &info);
        uint32_t *place_of = malloc(((size_t)info.nodes + 1) * sizeof *place_of);
        joined->place_of[joined->runs++] = place_of;
        rc = place_of ? join(joined, runs[i], place_of) : WICK_E_NOMEM;
    }
    return rc;
}

void wk_joined_free(struct wk_joined *joined)
{
    for (uint32_t i = 0; i < joined->runs; i++) {
        free(joined->place_of[i]);
    }
    free(joined->place_of);
    free(joined->places);
    wk_table_free(&joined->by_key, &wk_heap_allocator);
    *joined = (struct wk_joined){.first = WICK_NONE, .last = WICK_NONE};
}

/* ---- likeness ---- */

/* Share of the children's keys that both places have, of all keys that one of them has; `none` if there are no children. */
static double common_children(const struct wk_joined *x, uint32_t place_x, const struct wk_joined *y, uint32_t place_y, double none)
{
    uint32_t both = 0, all = 0;
    for (uint32_t i = wk_joined_first(x, place_x); i != WICK_NONE; i = x->places[i].next, all++) {
        both += wk_joined_find(y, place_y, x->places[i].key) != WICK_NONE;
    }
    for (uint32_t i = wk_joined_first(y, place_y); i != WICK_NONE; i = y->places[i].next) {
        all++;
    }
    return all ? (double)both / (all - both) : none;
}

/* Dice's coefficient of the pairs of bytes. */
static double common_letters(const char *x, const char *y)
{
    enum { PAIRS = 64 };
    uint16_t pairs[PAIRS];
    uint32_t count_x = 0, count_y = 0, both = 0;
    for (; x[count_x] && x[count_x + 1] && count_x < PAIRS; count_x++) {
        memcpy(&pairs[count_x], x + count_x, 2);
    }
    uint32_t left = count_x;
    for (; y[count_y] && y[count_y + 1] && count_y < PAIRS; count_y++) {
        uint16_t pair;
        memcpy(&pair, y + count_y, 2);
        for (uint32_t i = 0; i < left; i++) {
            if (pairs[i] == pair) {
                pairs[i] = pairs[--left];
                both++;
                break;
            }
        }
    }
    return count_x + count_y ? 2. * both / (count_x + count_y) : strcmp(x, y) == 0;
}

double wk_joined_likeness(const struct wk_joined *x, uint32_t place_x, const struct wk_joined *y, uint32_t place_y)
{
    const struct wk_joined_place *a = &x->places[place_x], *b = &y->places[place_y];
    if (a->key->kind != b->key->kind) {
        return 0;
    }
    /* As calls per run: the sides may have different numbers of runs. */
    const bool equal = a->calls * y->runs == b->calls * x->runs;
    return 0.5 * common_children(x, place_x, y, place_y, 0.5) + 0.3 * equal + 0.2 * common_letters(a->key->name, b->key->name);
}

/* ---- without a partner ---- */

int wk_lonely_make(struct wk_lonely *lonely, const struct wk_joined *joined, const uint32_t *other)
{
    *lonely = (struct wk_lonely){.joined = joined};
    for (uint32_t i = 0; i < joined->count; i++) {
        if (other[i] == WICK_NONE && wk_table_add(&lonely->by_key, &wk_heap_allocator, hash_key(0, joined->places[i].key), i) < 0) {
            return WICK_E_NOMEM;
        }
    }
    return 0;
}

uint32_t wk_lonely_find(const struct wk_lonely *lonely, const struct wick_summary_key *key)
{
    uint32_t probe = 0, found, only = WICK_NONE;
    while ((found = wk_table_next(&lonely->by_key, hash_key(0, key), &probe)) != WICK_NONE) {
        if (is_same_key(lonely->joined->places[found].key, key)) {
            if (only != WICK_NONE) {
                return WICK_NONE;
            }
            only = found;
        }
    }
    return only;
}

void wk_lonely_free(struct wk_lonely *lonely)
{
    wk_table_free(&lonely->by_key, &wk_heap_allocator);
}
