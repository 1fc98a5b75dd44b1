/*
 * SPDX-License-Identifier: MIT
 * Reads the tree: the public views of nodes, locks and counters.
 * Invariant: reading changes nothing; the time so far of open scopes is added when a node is read.
 */
#include "tree_state.h"

static int64_t so_far(const struct wk_frame *frame, int64_t now_ns)
{
    return now_ns > frame->start_ns ? now_ns - frame->start_ns : 0;
}

/* A node is open at most once: its track's open scopes are nodes one below the other. */
struct wk_times wk_tree_times(const struct wick_tree *tree, uint32_t node, int64_t now_ns)
{
    const struct wk_node *n = &tree->nodes[node];
    const struct wk_track_state *t = &tree->tracks[n->track];
    const uint32_t level = n->level; /* 0 for a thread: what is open below it is outermost */
    struct wk_times times = {.node = n, .open_ns = level ? so_far(&t->frames[level - 1], now_ns) : 0};
    int64_t child_ns = 0;
    if (level < t->depth && tree->nodes[t->frames[level].node].parent == node) {
        child_ns = so_far(&t->frames[level], now_ns);
    }
    times.total_ns = n->total_ns + times.open_ns;
    times.self_ns = n->self_ns + times.open_ns - child_ns;
    if (n->kind == WICK_NODE_TRACK) {
        /* It has no self time, and is not subtracted from a scope that it hangs under: that is another thread's time. */
        times.total_ns = -times.self_ns;
    }
    times.self_ns = n->kind == WICK_NODE_TRACK || times.self_ns < 0 ? 0 : times.self_ns;
    return times;
}

const char *wk_tree_text(const struct wick_tree *tree, const struct wk_node *node, uint32_t *bytes)
{
    const char *text = node->extra ? node->extra->text : NULL;
    *bytes = text ? node->extra->text_bytes : 0;
    if (!node->count && wk_node_open(node)) {
        *bytes = wick_tree_open_text(tree, node->track, node->level - 1, &text);
        text = *bytes ? text : NULL;
    }
    return text;
}

int wick_tree_settle(struct wick_tree *tree, int64_t end_ns)
{
    tree->end_ns = end_ns;
    return tree->error;
}

static void read_extra(const struct wk_extra *extra, struct wick_node_info *info)
{
    info->cpu_ns = extra->cpu_count ? extra->cpu_ns : -1;
    info->values = extra->values;
    info->values_not_finite = extra->values_not_finite;
    info->value_sum = wk_exact_number(&extra->value_sum);
    info->message = extra->message.text;
    info->message_bytes = extra->message.bytes;
    info->said = extra->said.text;
    info->said_bytes = extra->said.bytes;
}

void wick_tree_node(const struct wick_tree *tree, uint32_t node, struct wick_node_info *info)
{
    *info = (struct wick_node_info){.parent = WICK_NONE, .first_child = WICK_NONE,
                                    .next_sibling = WICK_NONE, .site = WICK_NONE, .track = WICK_NONE,
                                    .cpu_ns = -1, .value_sum.is_whole = 1};
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
    info->failed = n->failed;
    info->unfinished = n->unfinished;
    const struct wk_times times = wk_tree_times(tree, node, wk_tree_now(tree));
    info->open = wk_node_open(n);
    info->total_ns = times.total_ns - times.open_ns;
    info->self_ns = times.self_ns;
    info->open_ns = times.open_ns;
    info->text = wk_tree_text(tree, n, &info->text_bytes);
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
    const struct wick_number now = wk_exact_number(&c->sum), none = {__builtin_nan(""), 0, 0};
    int any = c->count > c->not_finite;
    *info = (struct wick_counter_info){c->site, c->count, any ? now : none, any ? c->min : none, any ? c->max : none, now, c->not_finite};
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
    for (uint32_t i = 0; i < tree->track_count; i++) {
        stats->open += tree->tracks[i].depth;
    }
    stats->nodes = tree->node_count;
    stats->tracks = tree->track_count;
}
