/*
 * SPDX-License-Identifier: MIT
 * Merges the nodes of a tree into graphs: from the outermost scope, from the innermost, callers and callees of a site.
 * Invariant: the total of a frame is the sum of its children's and its own.
 */
#include "selection.h"

#include "model/base/order.h"
#include "model/tree/tree_state.h"

/* Per node of the tree: its width, and the part that is not its children's. */
struct weights {
    double *total, *self;
};

struct build {
    const struct wick_tree *tree;
    const struct wick_allocator *a;
    const struct wk_flame_ask *ask;
    struct weights weights;
    uint32_t *frame; /* per node: its frame; WICK_NONE: none */
    struct wk_array frames;
    struct wk_table table; /* (parent, site, track) -> frame */
};

static double own_weight(const struct wick_tree *tree, uint32_t at, uint32_t weight)
{
    const struct wk_node *node = &tree->nodes[at];
    if (weight == WK_FLAME_COUNT) {
        return (double)(node->count + wk_node_open(node));
    }
    if (weight == WK_FLAME_VALUE) {
        return node->extra ? wk_exact_read(&node->extra->value_sum) : 0;
    }
    return (double)wk_tree_times(tree, at, wk_tree_now(tree)).self_ns;
}

/* One pass from the last node, since children have higher indices. A node's CPU time includes its children's. */
static void weigh(const struct build *b)
{
    const struct wick_tree *tree = b->tree;
    uint32_t weight = b->ask->weight;
    for (uint32_t i = tree->node_count; i-- > 0;) {
        const struct wk_node *node = &tree->nodes[i];
        double children = b->weights.total[i];
        if (node->kind != WICK_NODE_SCOPE) {
            if (node->parent != WICK_NONE && b->ask->kind != WK_FLAME_THREADS) {
                b->weights.total[node->parent] += children; /* a thread under a scope of another */
            }
            continue;
        }
        double self = own_weight(tree, i, weight);
        double total = children + self;
        if (weight == WK_FLAME_CPU) {
            total = node->extra && node->extra->cpu_count ? (double)node->extra->cpu_ns : children;
            total = total > children ? total : children;
            self = total - children;
        }
        b->weights.total[i] = total;
        b->weights.self[i] = self;
        if (node->parent != WICK_NONE) {
            b->weights.total[node->parent] += total;
        }
    }
}

static struct wk_flame_frame *frame_at(const struct build *b, uint32_t frame)
{
    return (struct wk_flame_frame *)b->frames.items + frame;
}

/* Find or make a frame; WICK_NONE: no memory. */
static uint32_t frame_of(struct build *b, uint32_t parent, uint32_t site, uint32_t track)
{
    uint64_t hash = wk_mem_mix((uint64_t)parent << 32 | site, track);
    uint32_t probe = 0, found;
    while ((found = wk_table_next(&b->table, hash, &probe)) != WICK_NONE) {
        const struct wk_flame_frame *f = frame_at(b, found);
        if (f->parent == parent && f->site == site && f->track == track) {
            return found;
        }
    }
    if (wk_array_reserve(&b->frames, b->a, b->frames.count + 1, sizeof(struct wk_flame_frame)) < 0 ||
        wk_table_add(&b->table, b->a, hash, b->frames.count) < 0) {
        return WICK_NONE;
    }
    *frame_at(b, b->frames.count) = (struct wk_flame_frame){
        .parent = parent, .site = site, .track = track,
        .depth = parent == WICK_NONE ? 0 : frame_at(b, parent)->depth + 1};
    return b->frames.count++;
}

static void add_counts(struct wk_flame_frame *f, const struct wk_node *node)
{
    f->count += (double)(node->count + wk_node_open(node));
    f->failed += (double)node->failed;
    f->unfinished += (double)node->unfinished;
    f->value += node->extra ? wk_exact_read(&node->extra->value_sum) : 0;
}

/* Merged graph, by thread, and callees: a node's frame is a child of its parent's frame. */
static int build_down(struct build *b)
{
    const struct wick_tree *tree = b->tree;
    uint32_t kind = b->ask->kind;
    for (uint32_t i = 0; i < tree->node_count; i++) {
        const struct wk_node *node = &tree->nodes[i];
        uint32_t up = node->parent == WICK_NONE ? WICK_NONE : b->frame[node->parent], track = WICK_NONE;
        b->frame[i] = node->kind == WICK_NODE_TRACK ? up : WICK_NONE;
        if (node->kind == WICK_NODE_SUM) {
            continue;
        }
        if (node->kind == WICK_NODE_TRACK ? kind != WK_FLAME_THREADS
                                          : kind == WK_FLAME_CALLEES && up == WICK_NONE &&
                                                node->site != b->ask->site) {
            continue;
        }
        if (node->kind == WICK_NODE_TRACK) {
            track = node->track;
            up = WICK_NONE; /* by thread: each thread is a root */
        }
        uint32_t at = frame_of(b, up, node->kind == WICK_NODE_TRACK ? WICK_NONE : node->site, track);
        if (at == WICK_NONE) {
            return WICK_E_NOMEM;
        }
        b->frame[i] = at;
        frame_at(b, at)->total += b->weights.total[i];
        frame_at(b, at)->self += b->weights.self[i];
        add_counts(frame_at(b, at), node);
    }
    return 0;
}

/* Add the path from a node to its root, innermost first, with this width. */
static int add_path(struct build *b, uint32_t node, double width, const struct wk_node *counted)
{
    const struct wick_tree *tree = b->tree;
    uint32_t frame = WICK_NONE;
    for (uint32_t level = 0; level < WK_FLAME_DEEP && node != WICK_NONE; level++) {
        const struct wk_node *n = &tree->nodes[node];
        if (n->kind != WICK_NODE_SCOPE) {
            node = n->parent;
            continue;
        }
        frame = frame_of(b, frame, n->site, WICK_NONE);
        if (frame == WICK_NONE) {
            return WICK_E_NOMEM;
        }
        frame_at(b, frame)->total += width;
        add_counts(frame_at(b, frame), counted);
        node = n->parent;
    }
    if (frame != WICK_NONE) {
        frame_at(b, frame)->self += width;
    }
    return 0;
}

static int build_up(struct build *b)
{
    const struct wick_tree *tree = b->tree;
    int rc = 0;
    for (uint32_t i = 0; i < tree->node_count && rc >= 0; i++) {
        const struct wk_node *node = &tree->nodes[i];
        b->frame[i] = WICK_NONE;
        if (node->kind != WICK_NODE_SCOPE) {
            b->frame[i] = node->parent == WICK_NONE ? WICK_NONE : b->frame[node->parent];
            continue;
        }
        if (b->ask->kind == WK_FLAME_INVERTED) {
            rc = b->weights.self[i] > 0 ? add_path(b, i, b->weights.self[i], node) : 0;
            continue;
        }
        /* Callers: frame 0 marks nodes at or below one of the site, so that recursion counts once. */
        int around = node->parent != WICK_NONE && b->frame[node->parent] == 0;
        b->frame[i] = around || node->site == b->ask->site ? 0 : WICK_NONE;
        if (node->site == b->ask->site && !around) {
            rc = add_path(b, i, b->weights.total[i], node);
        }
    }
    return rc;
}

static int is_before(const void *user, const void *x, const void *y)
{
    const struct wk_flame_frame *frames = user;
    const struct wk_flame_frame *p = &frames[*(const uint32_t *)x], *q = &frames[*(const uint32_t *)y];
    if (p->depth != q->depth) {
        return p->depth < q->depth;
    }
    if (p->parent != q->parent) {
        return p->parent + 1 < q->parent + 1;
    }
    if (p->total != q->total) {
        return p->total > q->total;
    }
    return p->site != q->site ? p->site < q->site : p->track < q->track;
}

/* Put frames in their final order: by depth, siblings together, largest first, from left to right. */
static int put_in_order(struct build *b, struct wk_array *out)
{
    uint32_t count = b->frames.count, last = WICK_NONE - 1;
    uint32_t *order = wk_mem_resize(b->a, NULL, 0, (count + 1) * 2 * sizeof *order);
    uint32_t *place = order ? order + count : NULL;
    const struct wk_order by = {is_before, b->frames.items};
    double next = 0;
    int rc = order ? wk_array_reserve(out, b->a, count, sizeof(struct wk_flame_frame)) : WICK_E_NOMEM;
    for (uint32_t i = 0; i < count && rc >= 0; i++) {
        order[i] = i;
        place[i] = WICK_NONE;
    }
    rc = rc < 0 ? rc : wk_order_sort(b->a, order, count, sizeof *order, &by);
    for (uint32_t i = 0; i < count && rc >= 0; i++) {
        struct wk_flame_frame f = *frame_at(b, order[i]);
        uint32_t parent = f.parent == WICK_NONE ? WICK_NONE : place[f.parent];
        if (f.total < b->ask->min || (f.parent != WICK_NONE && parent == WICK_NONE)) {
            continue;
        }
        if (f.parent != last) {
            last = f.parent;
            next = parent == WICK_NONE ? 0 : ((struct wk_flame_frame *)out->items)[parent].offset;
        }
        f.parent = parent;
        f.offset = next;
        next += f.total;
        place[order[i]] = out->count;
        ((struct wk_flame_frame *)out->items)[out->count++] = f;
    }
    wk_mem_free(b->a, order, (count + 1) * 2 * sizeof *order);
    return rc;
}

int wk_flame_build(const struct wick_tree *tree, const struct wick_allocator *a, const struct wk_flame_ask *ask,
                   struct wk_array *frames)
{
    struct build b = {.tree = tree, .a = a, .ask = ask};
    size_t nodes = tree->node_count ? tree->node_count : 1;
    b.weights.total = wk_mem_zeroed(a, nodes * sizeof(double));
    b.weights.self = wk_mem_zeroed(a, nodes * sizeof(double));
    b.frame = wk_mem_zeroed(a, nodes * sizeof *b.frame);
    int rc = WICK_E_NOMEM;
    if (b.weights.total && b.weights.self && b.frame) {
        weigh(&b);
        rc = ask->kind == WK_FLAME_INVERTED || ask->kind == WK_FLAME_CALLERS ? build_up(&b) : build_down(&b);
        rc = rc < 0 ? rc : put_in_order(&b, frames);
    }
    wk_mem_free(a, b.weights.total, nodes * sizeof(double));
    wk_mem_free(a, b.weights.self, nodes * sizeof(double));
    wk_mem_free(a, b.frame, nodes * sizeof *b.frame);
    wk_array_free(&b.frames, a, sizeof(struct wk_flame_frame));
    wk_table_free(&b.table, a);
    return rc;
}
