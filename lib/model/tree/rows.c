/*
 * SPDX-License-Identifier: MIT
 * Adds up the nodes of a group, and computes what follows from the sums: means, quantiles, shares.
 * Invariant: the time of a scope inside another scope of its group is in the group's total once.
 */
#include "rows_state.h"

/* ---- one row ---- */

/* The first histogram is borrowed, since most groups have one node, and copied when a second node comes. */
static int add_calls(struct wk_group *to, const struct wick_allocator *a, const struct wk_calls *calls)
{
    if (!to->calls.count) {
        to->calls = *calls;
        return 0;
    }
    if (calls->count && !to->owned) {
        const struct wk_hist *borrowed = to->calls.hist;
        to->calls.hist = NULL;
        to->owned = 1;
        int rc = wk_hist_merge(&to->calls.hist, a, borrowed);
        if (rc < 0) {
            return rc;
        }
    }
    return wk_calls_add(&to->calls, a, calls);
}

static void add_extra(struct wk_group *to, const struct wk_extra *extra)
{
    to->cpu_ns += extra->cpu_ns;
    to->cpu_count += extra->cpu_count;
    to->values += extra->values;
    to->values_not_finite += extra->values_not_finite;
    wk_exact_add(&to->value_sum, extra->value_sum);
}

/* `nested`: the node is below another one of the group. A first node needs no memory. */
static int add_to_group(struct wk_group *to, const struct wick_allocator *a, const struct wk_times *times, int nested)
{
    const struct wk_node *n = times->node;
    to->nodes++;
    to->failed += n->failed;
    to->unfinished += n->unfinished;
    to->open += wk_node_open(n);
    to->total_ns += nested ? 0 : times->total_ns;
    to->self_ns += times->self_ns;
    to->open_ns += times->open_ns;
    to->min_ns = !to->calls.count || (n->count && n->min_ns < to->min_ns) ? n->min_ns : to->min_ns;
    to->max_ns = n->max_ns > to->max_ns ? n->max_ns : to->max_ns;
    to->open_max_ns = times->open_ns > to->open_max_ns ? times->open_ns : to->open_max_ns;
    if (n->extra) {
        add_extra(to, n->extra);
    }
    return add_calls(to, a, &(struct wk_calls){n->hist, n->count, n->total_ns});
}

struct wk_group wk_group_of(const struct wick_tree *tree, uint32_t node, int64_t now_ns)
{
    const struct wk_times times = wk_tree_times(tree, node, now_ns);
    struct wk_group group = {.node = node};
    (void)add_to_group(&group, tree->allocator, &times, 0);
    return group;
}

int64_t wk_group_mean(const struct wk_group *group)
{
    uint64_t count = group->calls.count, all_ns = (uint64_t)group->calls.total_ns;
    return count ? (int64_t)(all_ns / count + (all_ns % count >= count - all_ns % count)) : -1;
}

int64_t wk_group_quantile(const struct wk_group *group, uint32_t per_mille)
{
    /* A single call has no histogram: the least and the greatest are its duration. */
    return group->calls.count ? wk_hist_quantile(group->calls.hist, per_mille, group->min_ns, group->max_ns) : -1;
}

static void read_group(const struct wk_group *group, int64_t whole_ns, struct wick_row_info *info)
{
    int64_t max_ns = group->open_max_ns > group->max_ns ? group->open_max_ns : group->max_ns;
    *info = (struct wick_row_info){
        .node = group->node, .nodes = group->nodes, .calls = group->calls.count, .failed = group->failed,
        .unfinished = group->unfinished, .open = group->open, .total_ns = group->total_ns, .self_ns = group->self_ns,
        .open_ns = group->open_ns, .mean_ns = wk_group_mean(group), .min_ns = group->calls.count ? group->min_ns : -1,
        .p50_ns = wk_group_quantile(group, 500), .p90_ns = wk_group_quantile(group, 900),
        .p99_ns = wk_group_quantile(group, 990), .max_ns = group->calls.count || group->open ? max_ns : -1,
        .cpu_ns = group->cpu_count ? group->cpu_ns : -1, .values = group->values,
        .values_not_finite = group->values_not_finite,
        .value_sum = wk_exact_number(&group->value_sum), .inner = group->inner,
        .share = whole_ns ? (double)group->total_ns / (double)whole_ns : 0};
}

static uint64_t count_inner(const struct wick_tree *tree, uint32_t node)
{
    uint64_t count = 0;
    for (uint32_t child = tree->nodes[node].first_child; child != WICK_NONE; child = tree->nodes[child].next_sibling) {
        count += tree->nodes[child].kind == WICK_NODE_SCOPE ? tree->nodes[child].count : 0;
    }
    return count;
}

void wk_rows_node(const struct wick_tree *tree, uint32_t node, int64_t now_ns, struct wick_row_info *info)
{
    struct wk_group group = wk_group_of(tree, node, now_ns);
    group.inner = count_inner(tree, node);
    const uint64_t count = group.calls.count;
    if (tree->nodes[node].kind != WICK_NODE_SCOPE) {
        group.calls.count = 0; /* marks and threads have no durations */
    }
    read_group(&group, 0, info);
    info->calls = count;
}

void wick_rows_node(const struct wick_tree *tree, uint32_t node, struct wick_row_info *info)
{
    wk_rows_node(tree, node, wk_tree_now(tree), info);
}

/* ---- all rows ---- */

struct grouping {
    const uint32_t *keys;
    uint32_t key_count;
    uint32_t *places; /* per key: its row + 1; 0: none yet */
    uint32_t *around; /* per key: how many of its nodes are around the current one */
};

static int add_node(struct wick_rows *rows, const struct grouping *g, uint32_t node, uint32_t key)
{
    const struct wick_allocator *a = rows->tree->allocator;
    const struct wk_times times = wk_tree_times(rows->tree, node, wk_tree_now(rows->tree));
    if (!g->places[key]) {
        if (wk_array_reserve(&rows->groups, a, rows->groups.count + 1, sizeof(struct wk_group)) < 0) {
            return WICK_E_NOMEM;
        }
        ((struct wk_group *)rows->groups.items)[rows->groups.count] = (struct wk_group){.node = node};
        g->places[key] = ++rows->groups.count;
    }
    struct wk_group *group = (struct wk_group *)rows->groups.items + g->places[key] - 1;
    group->inner += count_inner(rows->tree, node);
    return add_to_group(group, a, &times, g->around[key] > 0);
}

/* The key of a node, or WICK_NONE. A scope without instances only leads to a selected thread below it. */
static uint32_t key_of(const struct wick_tree *tree, const struct grouping *g, uint32_t node)
{
    const struct wk_node *n = &tree->nodes[node];
    uint32_t key = g->keys ? g->keys[node] : n->site;
    return n->kind == WICK_NODE_SCOPE && (n->count || n->level) && key < g->key_count ? key : WICK_NONE;
}

/* Add the node of a named sum to that of its scope's row. */
static int add_sum(struct wick_rows *rows, const struct grouping *g, const struct wk_node *node)
{
    const uint32_t key = node->parent == WICK_NONE ? WICK_NONE : key_of(rows->tree, g, node->parent);
    if (key == WICK_NONE || !node->extra) {
        return 0;
    }
    struct wk_group *group = (struct wk_group *)rows->groups.items + g->places[key] - 1;
    struct wk_named_sum *sums = rows->sums.items;
    uint32_t at = group->first_sum, last = 0;
    while (at && sums[at - 1].site != node->site) {
        last = at;
        at = sums[at - 1].next;
    }
    if (!at) {
        if (wk_array_reserve(&rows->sums, rows->tree->allocator, rows->sums.count + 1, sizeof *sums) < 0) {
            return WICK_E_NOMEM;
        }
        sums = rows->sums.items;
        sums[rows->sums.count] = (struct wk_named_sum){.site = node->site};
        at = ++rows->sums.count;
        *(last ? &sums[last - 1].next : &group->first_sum) = at;
    }
    sums[at - 1].values += node->extra->values;
    sums[at - 1].not_finite += node->extra->values_not_finite;
    wk_exact_add(&sums[at - 1].sum, node->extra->value_sum);
    return 0;
}

/* Depth first, without recursion. */
static int add_nodes(struct wick_rows *rows, const struct grouping *g)
{
    const struct wick_tree *tree = rows->tree;
    uint32_t node = tree->first_root;
    int rc = 0;
    while (node != WICK_NONE && rc >= 0) {
        const struct wk_node *n = &tree->nodes[node];
        rows->whole_ns += n->kind == WICK_NODE_TRACK ? wk_tree_times(tree, node, wk_tree_now(tree)).total_ns : 0;
        uint32_t key = key_of(tree, g, node);
        if (key != WICK_NONE) {
            rc = add_node(rows, g, node, key);
            g->around[key]++;
        } else if (n->kind == WICK_NODE_SUM) {
            rc = add_sum(rows, g, n);
        }
        if (n->first_child != WICK_NONE) {
            node = n->first_child;
            continue;
        }
        for (; node != WICK_NONE; node = tree->nodes[node].parent) {
            key = key_of(tree, g, node);
            if (key != WICK_NONE) {
                g->around[key]--;
            }
            if (tree->nodes[node].next_sibling != WICK_NONE) {
                node = tree->nodes[node].next_sibling;
                break;
            }
        }
    }
    return rc;
}

struct wick_rows *wk_rows_group(const struct wick_tree *tree, const uint32_t *keys, uint32_t key_count)
{
    const struct wick_allocator *a = tree->allocator;
    const size_t bytes = ((size_t)key_count + 1) * 2 * sizeof(uint32_t);
    struct wick_rows *rows = wk_mem_zeroed(a, sizeof *rows);
    uint32_t *places = wk_mem_zeroed(a, bytes);
    int rc = WICK_E_NOMEM;
    if (rows && places) {
        rows->tree = tree;
        rc = add_nodes(rows, &(struct grouping){keys, key_count, places, places + key_count});
    }
    wk_mem_free(a, places, bytes);
    if (rc < 0 && rows) {
        rows->tree = tree;
        wick_rows_destroy(rows);
        rows = NULL;
    }
    return rows;
}

void wick_rows_destroy(struct wick_rows *rows)
{
    if (!rows) {
        return;
    }
    const struct wick_allocator *a = rows->tree->allocator;
    struct wk_group *groups = rows->groups.items;
    for (uint32_t i = 0; i < rows->groups.count; i++) {
        if (groups[i].owned) {
            wk_hist_free(groups[i].calls.hist, a);
        }
    }
    wk_array_free(&rows->groups, a, sizeof *groups);
    wk_array_free(&rows->sums, a, sizeof(struct wk_named_sum));
    wk_mem_free(a, rows, sizeof *rows);
}

uint32_t wick_rows_count(const struct wick_rows *rows)
{
    return rows->groups.count;
}

void wick_rows_read(const struct wick_rows *rows, uint32_t row, struct wick_row_info *info)
{
    read_group((const struct wk_group *)rows->groups.items + row, rows->whole_ns, info);
}

int wick_rows_sum(const struct wick_rows *rows, uint32_t row, uint32_t *cursor, struct wick_sum_info *info)
{
    const uint32_t first = ((const struct wk_group *)rows->groups.items)[row].first_sum, at = *cursor ? *cursor - 1 : first;
    if (!at) {
        return 0;
    }
    const struct wk_named_sum *sum = (const struct wk_named_sum *)rows->sums.items + at - 1;
    *info = (struct wick_sum_info){sum->site, sum->values, sum->not_finite, wk_exact_number(&sum->sum)};
    *cursor = sum->next + 1;
    return 1;
}

int wick_rows_bucket(const struct wick_rows *rows, uint32_t row, uint32_t *cursor, struct wick_bucket_info *info)
{
    const struct wk_group *group = (const struct wk_group *)rows->groups.items + row;
    if (group->calls.count < 2) {
        *info = (struct wick_bucket_info){group->calls.total_ns, group->calls.total_ns, 1};
        return group->calls.count && (*cursor)++ == 0;
    }
    int more = wk_hist_next(group->calls.hist, cursor, info);
    info->low_ns = info->low_ns < group->min_ns ? group->min_ns : info->low_ns;
    info->high_ns = info->high_ns > group->max_ns ? group->max_ns : info->high_ns;
    return more;
}
