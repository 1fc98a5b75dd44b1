/*
 * SPDX-License-Identifier: MIT
 * The places of all threads as nodes: threads of one role, and sites of one key under one node, become one.
 * Invariant: a node stands behind its parent, and siblings are in the order of their keys.
 */
#include "model/base/order.h"
#include "summary_state.h"

/* A node that is being put together. */
struct joined {
    struct wick_summary_node node;
    struct wk_exact value_sum;
    struct wk_array selves;
    uint32_t first_child, next_sibling; /* in the order of keys */
};

struct settling {
    struct wick_summary *summary;
    struct wk_array joined;
    struct wk_table table; /* by (parent, key) */
    uint32_t *of_place, *of_site, *of_track;
    uint32_t first_root;
};

static struct joined *joined_at(const struct settling *join, uint32_t index)
{
    return (struct joined *)join->joined.items + index;
}

static uint32_t find(struct settling *join, uint32_t parent, uint32_t key)
{
    const struct wick_allocator *a = join->summary->allocator;
    const uint64_t hash = wk_mem_mix((uint64_t)parent << 32 | key, 13);
    uint32_t probe = 0, found;
    while ((found = wk_table_next(&join->table, hash, &probe)) != WICK_NONE) {
        const struct wick_summary_node *node = &joined_at(join, found)->node;
        if (node->parent == parent && node->key == key) {
            return found;
        }
    }
    if (wk_array_reserve(&join->joined, a, join->joined.count + 1, sizeof(struct joined)) < 0 ||
        wk_table_add(&join->table, a, hash, join->joined.count) < 0) {
        return WICK_NONE;
    }
    *joined_at(join, join->joined.count) = (struct joined){.node = {.parent = parent, .key = key}, .first_child = WICK_NONE, .next_sibling = WICK_NONE};
    return join->joined.count++;
}

/* Add a place to its node. The first one's self times move, since most nodes have one. */
static int add(struct settling *join, uint32_t place)
{
    const struct wick_allocator *a = join->summary->allocator;
    struct wk_fold_place *from = (struct wk_fold_place *)join->summary->places.items + place;
    const bool thread = from->parent == WICK_NONE;
    const uint32_t at = find(join, thread ? WICK_NONE : join->of_place[from->parent], (thread ? join->of_track : join->of_site)[from->site]);
    if (at == WICK_NONE) {
        return WICK_E_NOMEM;
    }
    struct joined *to = joined_at(join, at);
    join->of_place[place] = at;
    to->node.calls += thread ? 1 : from->selves.count;
    to->node.nested += from->nested;
    to->node.failed += from->failed;
    to->node.unfinished += from->unfinished;
    to->node.open += from->open;
    to->node.self_ns += from->self_ns;
    to->node.total_ns += from->total_ns;
    to->node.locks += from->locks;
    to->node.wait_ns += from->wait_ns;
    to->node.values += from->values;
    wk_exact_add(&to->value_sum, from->value_sum);
    if (!to->selves.count) {
        wk_array_free(&to->selves, a, sizeof(int64_t));
        to->selves = from->selves;
        from->selves = (struct wk_array){0};
        return 0;
    }
    const uint32_t count = to->selves.count + from->selves.count;
    if (from->selves.count && wk_array_reserve(&to->selves, a, count, sizeof(int64_t)) < 0) {
        return WICK_E_NOMEM;
    }
    if (from->selves.count) {
        memcpy((int64_t *)to->selves.items + to->selves.count, from->selves.items, from->selves.count * sizeof(int64_t));
    }
    to->selves.count = count;
    wk_array_free(&from->selves, a, sizeof(int64_t));
    return 0;
}

static int by_key(const void *user, const void *x, const void *y)
{
    const struct settling *join = user;
    return joined_at(join, *(const uint32_t *)x)->node.key < joined_at(join, *(const uint32_t *)y)->node.key;
}

/* Chain siblings in the order of their keys: nodes in the order of keys, each put before those of its parent, from the last on. */
static int chain_siblings(struct settling *join)
{
    const struct wick_allocator *a = join->summary->allocator;
    const struct wk_order order = {by_key, join};
    const uint32_t count = join->joined.count;
    uint32_t *sorted = count ? wk_mem_resize(a, NULL, 0, count * sizeof *sorted) : NULL;
    if (count && !sorted) {
        return WICK_E_NOMEM;
    }
    for (uint32_t i = 0; i < count; i++) {
        sorted[i] = i;
    }
    int rc = wk_order_sort(a, sorted, count, sizeof *sorted, &order);
    for (uint32_t i = count; rc == 0 && i > 0; i--) {
        struct joined *child = joined_at(join, sorted[i - 1]);
        uint32_t *first = child->node.parent == WICK_NONE ? &join->first_root : &joined_at(join, child->node.parent)->first_child;
        child->next_sibling = *first;
        *first = sorted[i - 1];
    }
    wk_mem_free(a, sorted, count * sizeof *sorted);
    return rc;
}

/* Write the nodes, parents first, siblings in order. `node.parent` becomes the index in the result as soon as it has one. */
static int put_nodes(struct settling *join)
{
    struct wick_summary *summary = join->summary;
    if (wk_array_reserve(&summary->nodes, summary->allocator, join->joined.count, sizeof(struct wick_summary_node)) < 0) {
        return WICK_E_NOMEM;
    }
    struct wick_summary_node *nodes = summary->nodes.items;
    uint32_t at = join->first_root;
    while (at != WICK_NONE) {
        struct joined *from = joined_at(join, at);
        struct wick_summary_node *to = &nodes[summary->nodes.count];
        const uint32_t up = from->node.parent; /* of the joined nodes, whose `calls` is free for the index in the result */
        *to = from->node;
        to->parent = up == WICK_NONE ? WICK_NONE : (uint32_t)joined_at(join, up)->node.calls;
        to->value_sum = wk_exact_number(&from->value_sum);
        if (from->selves.count) {
            wk_summary_order(to, from->selves.items, from->selves.count);
        }
        from->node.calls = summary->nodes.count++;
        uint32_t next = from->first_child;
        for (uint32_t on = at; next == WICK_NONE && on != WICK_NONE; on = joined_at(join, on)->node.parent) {
            next = joined_at(join, on)->next_sibling;
        }
        at = next;
    }
    return 0;
}

static uint32_t *indices(const struct wick_allocator *a, uint32_t count)
{
    uint32_t *items = wk_mem_resize(a, NULL, 0, (count + 1) * sizeof *items);
    if (items) {
        memset(items, 0xff, (count + 1) * sizeof *items);
    }
    return items;
}

int wick_summary_settle(struct wick_summary *summary, const struct wick_summary_info *info)
{
    const struct wick_allocator *a = summary->allocator;
    const uint32_t sites = wick_names_sites(summary->names), tracks = summary->tracks.count, places = summary->places.count;
    struct settling join = {.summary = summary, .of_place = indices(a, places), .of_site = indices(a, sites), .of_track = indices(a, tracks), .first_root = WICK_NONE};
    summary->info.keep_ids = info->keep_ids;
    int rc = summary->error ? summary->error : join.of_place && join.of_site && join.of_track ? 0 : WICK_E_NOMEM;
    rc = rc < 0 ? rc : wk_summary_make_keys(summary, join.of_site, join.of_track);
    for (uint32_t i = 0; i < places && rc == 0; i++) {
        rc = add(&join, i);
    }
    rc = rc < 0 ? rc : chain_siblings(&join);
    rc = rc < 0 ? rc : put_nodes(&join);
    for (uint32_t i = 0; i < join.joined.count; i++) {
        wk_array_free(&joined_at(&join, i)->selves, a, sizeof(int64_t));
    }
    wk_array_free(&join.joined, a, sizeof(struct joined));
    wk_table_free(&join.table, a);
    wk_mem_free(a, join.of_place, (places + 1) * sizeof(uint32_t));
    wk_mem_free(a, join.of_site, (sites + 1) * sizeof(uint32_t));
    wk_mem_free(a, join.of_track, (tracks + 1) * sizeof(uint32_t));
    wk_summary_unfold(summary);
    summary->info.log = wk_arena_text(&summary->texts, info->log, wk_mem_length(info->log));
    summary->info.lost = info->lost > summary->info.lost ? info->lost : summary->info.lost;
    summary->info.problems = info->problems;
    summary->info.ended = info->ended;
    summary->info.foreign = info->foreign;
    summary->info.keys = summary->keys.count;
    summary->info.nodes = summary->nodes.count;
    return summary->info.log ? rc : WICK_E_NOMEM;
}

void wick_summary_info_read(const struct wick_summary *summary, struct wick_summary_info *info)
{
    *info = summary->info;
}

const struct wick_summary_key *wick_summary_key_at(const struct wick_summary *summary, uint32_t index)
{
    return index < summary->keys.count ? (const struct wick_summary_key *)summary->keys.items + index : NULL;
}

const struct wick_summary_node *wick_summary_node_at(const struct wick_summary *summary, uint32_t index)
{
    return index < summary->nodes.count ? (const struct wick_summary_node *)summary->nodes.items + index : NULL;
}

int wick_summary_property_at(const struct wick_summary *summary, uint32_t index, const char **key, const char **value)
{
    if (index >= summary->properties.count) {
        return 0;
    }
    const struct wk_property *property = (const struct wk_property *)summary->properties.items + index;
    *key = property->key;
    *value = property->value;
    return 1;
}

const char *wick_summary_find(const struct wick_summary *summary, const char *key)
{
    const char *name, *value;
    for (uint32_t i = 0; wick_summary_property_at(summary, i, &name, &value); i++) {
        if (wk_mem_same(name, key)) {
            return value;
        }
    }
    return NULL;
}
