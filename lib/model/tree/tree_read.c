/*
 * SPDX-License-Identifier: MIT
 * Reads the tree: self times, open scopes, the public views of nodes, locks and counters.
 * Invariant: settling changes no counted number and gives the same result when repeated.
 */
#include "tree_state.h"

static void measure_open(struct wick_tree *tree, int64_t end_ns)
{
    for (uint32_t i = 0; i < tree->track_count; i++) {
        const struct wk_track_state *t = &tree->tracks[i];
        for (uint32_t level = 0; level < t->depth; level++) {
            const char *text;
            uint32_t bytes = wick_tree_open_text(tree, i, level, &text);
            if (bytes && !tree->nodes[t->frames[level].node].count) {
                /* No instance has ended: show the open one's text. The first end replaces it, if it has a text. */
                wk_tree_keep_text(tree, t->frames[level].node, text, bytes);
            }
            struct wk_node *node = &tree->nodes[t->frames[level].node];
            int64_t so_far_ns = end_ns > t->frames[level].start_ns ? end_ns - t->frames[level].start_ns : 0;
            node->open++;
            node->open_ns += so_far_ns;
            node->open_max_ns = so_far_ns > node->open_max_ns ? so_far_ns : node->open_max_ns;
            tree->stats.open++;
        }
    }
}

/* From the last node to the first, so that children come before their parent: until its turn, a node's self_ns is minus
 * the time of its children. */
static void measure_self(struct wick_tree *tree)
{
    for (uint32_t i = tree->node_count; i-- > 0;) {
        struct wk_node *node = &tree->nodes[i];
        int64_t time_ns = node->total_ns + node->open_ns;
        if (node->kind == WICK_NODE_TRACK) {
            /* A thread's total is the time of its outermost scopes; it has no self time. It is not subtracted from a
             * scope that it hangs under: that is another thread's time. */
            node->total_ns = -node->self_ns;
            node->self_ns = 0;
            continue;
        }
        if (node->kind != WICK_NODE_SCOPE) {
            continue;
        }
        node->self_ns += time_ns;
        node->self_ns = node->self_ns < 0 ? 0 : node->self_ns;
        if (node->parent != WICK_NONE) {
            tree->nodes[node->parent].self_ns -= time_ns;
        }
    }
}

int wick_tree_settle(struct wick_tree *tree, int64_t end_ns)
{
    for (uint32_t i = 0; i < tree->node_count; i++) {
        tree->nodes[i].open = 0;
        tree->nodes[i].open_ns = 0;
        tree->nodes[i].open_max_ns = 0;
        tree->nodes[i].self_ns = 0;
    }
    tree->stats.open = 0;
    measure_open(tree, end_ns == INT64_MIN ? tree->stats.last_ns : end_ns);
    measure_self(tree);
    return tree->error;
}

static void read_extra(const struct wk_extra *extra, struct wick_node_info *info)
{
    info->cpu_ns = extra->cpu_count ? extra->cpu_ns : -1;
    info->values = extra->values;
    info->value_sum = wk_exact_read(&extra->value_sum);
    info->text = extra->text;
    info->text_bytes = extra->text_bytes;
    info->message = extra->message;
    info->message_bytes = extra->message_bytes;
}

void wick_tree_node(const struct wick_tree *tree, uint32_t node, struct wick_node_info *info)
{
    *info = (struct wick_node_info){.parent = WICK_NONE, .first_child = WICK_NONE,
                                    .next_sibling = WICK_NONE, .site = WICK_NONE, .track = WICK_NONE,
                                    .cpu_ns = -1};
    if (node >= tree->node_count) {
        return;
    }
    const struct wk_node *n = &tree->nodes[node];
    info->parent = n->parent;
    info->first_child = n->first_child;
    info->next_sibling = n->next_sibling;
    info->site = n->kind == WICK_NODE_TRACK ? WICK_NONE : n->site;
    info->track = n->track;
    info->kind = n->kind;
    info->count = n->count;
    info->errors = n->errors;
    info->unfinished = n->unfinished;
    info->open = n->open;
    info->total_ns = n->total_ns;
    info->self_ns = n->self_ns;
    info->open_ns = n->open_ns;
    info->min_ns = n->min_ns;
    info->max_ns = n->max_ns;
    if (n->extra) {
        read_extra(n->extra, info);
    }
}

uint32_t wick_tree_first_root(const struct wick_tree *tree)
{
    return tree->first_root;
}

uint32_t wick_tree_marks(const struct wick_tree *tree, uint32_t node, struct wick_mark_info *marks,
                         uint32_t capacity)
{
    const struct wk_node *n = node < tree->node_count ? &tree->nodes[node] : NULL;
    if (!n || n->kind != WICK_NODE_MARK || !n->extra) {
        return 0;
    }
    for (uint32_t i = 0; i < n->extra->mark_count && i < capacity; i++) {
        const struct wk_mark *m = &n->extra->marks[i];
        marks[i] = (struct wick_mark_info){m->time_ns, m->relative_ns, m->text ? m->text : "",
                                           m->text ? m->text_bytes : 0};
    }
    return n->extra->mark_count;
}

int wick_tree_lock(const struct wick_tree *tree, uint32_t index, struct wick_lock_info *info)
{
    if (index >= tree->locks.count) {
        return 0;
    }
    *info = ((const struct wk_lock *)tree->locks.items)[index].info;
    return 1;
}

int wick_tree_counter(const struct wick_tree *tree, uint32_t index, struct wick_counter_info *info)
{
    if (index >= tree->counters.count) {
        return 0;
    }
    const struct wk_counter *c = (const struct wk_counter *)tree->counters.items + index;
    double now = wk_exact_read(&c->sum);
    *info = (struct wick_counter_info){c->site, c->count, now, c->min, c->max, now};
    return 1;
}

uint64_t wick_tree_track_lost(const struct wick_tree *tree, uint32_t track)
{
    return track < tree->track_count ? tree->tracks[track].lost : 0;
}

int wick_tree_open_scope(const struct wick_tree *tree, uint32_t track, uint32_t level, uint32_t *node,
                         int64_t *start_ns)
{
    if (track >= tree->track_count || level >= tree->tracks[track].depth) {
        return 0;
    }
    const struct wk_frame *frame = &tree->tracks[track].frames[level];
    *node = frame->node;
    *start_ns = frame->start_ns;
    return 1;
}

uint32_t wick_tree_open_text(const struct wick_tree *tree, uint32_t track, uint32_t level, const char **text)
{
    *text = "";
    if (track >= tree->track_count || level >= tree->tracks[track].depth) {
        return 0;
    }
    const struct wk_track_state *t = &tree->tracks[track];
    uint32_t end = level + 1 < t->depth ? t->frames[level + 1].text_start : t->text_used;
    uint32_t bytes = end - t->frames[level].text_start;
    if (bytes) {
        *text = t->texts + t->frames[level].text_start;
    }
    return bytes;
}

uint32_t wick_tree_depth(const struct wick_tree *tree, uint32_t track)
{
    return track < tree->track_count ? tree->tracks[track].depth : 0;
}

void wick_tree_stats_read(const struct wick_tree *tree, struct wick_tree_stats *stats)
{
    *stats = tree->stats;
    stats->nodes = tree->node_count;
    stats->tracks = tree->track_count;
}
