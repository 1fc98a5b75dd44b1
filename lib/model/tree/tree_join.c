/*
 * SPDX-License-Identifier: MIT
 * Joins a part of a log to the tree of the log before it: replays the part's operations on scopes and locks from before
 * the part, then adds its nodes.
 * Invariant: the tree is then the one that a single pass would have made, node order included.
 */
#include "tree_state.h"

struct join {
    struct wick_tree *tree;
    struct wick_tree *part;
    const struct wk_maps *maps;
    uint32_t *nodes;    /* node of the part -> node of the tree */
    int64_t *starts_ns; /* outer node of the part -> start of the scope that it stands for */
};

static uint32_t under_target(const struct join *j, const struct wk_outer *op)
{
    if (op->node != WICK_NONE) {
        /* Mapped already: the target is older than the UNDER, and so than every node whose place replays it. */
        return j->nodes[op->node];
    }
    uint32_t parent = j->maps->tracks[op->record.parent_track];
    uint32_t depth = parent < j->tree->track_count ? j->tree->tracks[parent].join_depth : 0;
    /* Of the scopes open when the part began, those that it had ended by then do not count, however far the replay of
     * the parent track is. Their frames are intact: a replay only pops, and join_frames pushes after all replays. */
    depth = op->pops < depth ? depth - op->pops : 0;
    return wk_tree_find_open(j->tree, parent, depth, op->record.first_ns);
}

/* Is every scope that a thread of the part hangs under known, in the part or open before it? Otherwise (it begins
 * later, or has ended) only one pass can tell. Asked before anything is changed. */
static int can_join(const struct join *j)
{
    if (j->tree->pending.count) {
        return 0;
    }
    for (uint32_t i = 0; i < j->part->track_count; i++) {
        const struct wk_track_state *t = &j->part->tracks[i];
        for (uint32_t k = 0; k < t->outer_count; k++) {
            const struct wk_outer *op = &t->outer[k];
            if (op->kind == WK_OUTER_UNDER && op->node == WICK_NONE && under_target(j, op) == WICK_NONE) {
                return 0;
            }
        }
    }
    return 1;
}

/* Replay one operation; WK_OUTER_NODE only marks where place_outer stops. */
static void replay(struct join *j, uint32_t track, struct wk_outer *op)
{
    op->record.track = j->maps->tracks[track];
    switch (op->kind) {
    case WK_OUTER_END:
        wk_tree_end(j->tree, &op->record);
        break;
    case WK_OUTER_CLEAR:
        wk_tree_clear(j->tree, &op->record);
        break;
    case WK_OUTER_UNDER:
        wk_tree_under_node(j->tree, op->record.track, under_target(j, op));
        break;
    case WK_OUTER_LOCK:
        op->record.site = j->maps->sites[op->record.site];
        wk_tree_lock_event(j->tree, &op->record);
        break;
    default:
        break;
    }
}

static void replay_until(struct join *j, uint32_t track, uint32_t end)
{
    struct wk_track_state *t = &j->part->tracks[track];
    while (t->outer_done < end && !j->tree->error) {
        replay(j, track, &t->outer[t->outer_done++]);
    }
}

/* Find the scope that an outer node stands for: the innermost open one after the operations before the node. Its
 * track's operations are replayed once, in order, since nodes come in the order in which they were made. */
static void place_outer(struct join *j, uint32_t node)
{
    const struct wk_node *from = &j->part->nodes[node];
    replay_until(j, from->track, from->outer_op);
    uint32_t track = j->maps->tracks[from->track];
    j->nodes[node] = wk_tree_current(j->tree, track);
    const struct wk_track_state *t = &j->tree->tracks[track];
    j->starts_ns[node] = t->depth ? t->frames[t->depth - 1].start_ns : t->first_ns;
    uint32_t depth = t->depth + from->level; /* the part's greatest depth below this node */
    if (depth > j->tree->stats.depth_max) {
        j->tree->stats.depth_max = depth;
    }
}

static void add_extra(struct join *j, uint32_t node)
{
    const struct wk_node *from = &j->part->nodes[node];
    const struct wk_extra *extra = from->extra;
    struct wk_extra *to = wk_tree_extra(j->tree, j->nodes[node]);
    if (!to) {
        return;
    }
    to->cpu_ns += extra->cpu_ns;
    to->cpu_count += extra->cpu_count;
    to->values += extra->values;
    to->values_not_finite += extra->values_not_finite;
    wk_exact_add(&to->value_sum, extra->value_sum);
    if (extra->message.text) {
        wk_tree_keep_earliest(j->tree, &to->message, &extra->message);
    }
    if (extra->said.text) {
        wk_tree_keep_earliest(j->tree, &to->said, &extra->said);
    }
    /* The part's marks come after the tree's, as in one pass: the first WICK_MARKS_KEPT of all are kept. */
    for (uint32_t i = 0; i < extra->mark_count; i++) {
        struct wk_mark mark = extra->marks[i];
        if (j->part->nodes[from->parent].kind == WICK_NODE_OUTER) {
            mark.relative_ns -= j->starts_ns[from->parent];
        }
        wk_tree_keep_mark(j->tree, j->nodes[node], &mark);
    }
}

static void add_times(struct wick_tree *tree, struct wk_node *to, const struct wk_node *from)
{
    struct wk_calls calls = {to->hist, to->count, to->total_ns};
    int rc = wk_calls_add(&calls, tree->allocator, &(struct wk_calls){from->hist, from->count, from->total_ns});
    if (rc < 0) {
        wk_tree_fail(tree, rc);
    }
    to->hist = calls.hist;
    to->total_ns = calls.total_ns;
    to->min_ns = !to->count || from->min_ns < to->min_ns ? from->min_ns : to->min_ns;
    to->max_ns = from->max_ns > to->max_ns ? from->max_ns : to->max_ns;
}

/* Does the part's text replace the tree's? The same choice as in wk_tree_end. */
static int longer_text(const struct wk_node *to, const struct wk_node *from)
{
    if (!to->count || from->max_ns != to->max_ns || !to->extra || !to->extra->text) {
        return !to->count || from->max_ns > to->max_ns;
    }
    uint32_t mine = to->extra->text_bytes, theirs = from->extra->text_bytes;
    int order = memcmp(from->extra->text, to->extra->text, mine < theirs ? mine : theirs);
    return order < 0 || (order == 0 && theirs < mine);
}

static void add_node(struct join *j, uint32_t node)
{
    const struct wk_node *from = &j->part->nodes[node];
    uint32_t target = j->nodes[node];
    if (from->kind == WICK_NODE_SCOPE && from->count) {
        /* The text first, then the times, then the count: each looks at what the node had before the part. */
        if (from->extra && from->extra->text && !j->maps->drop_text[from->site] &&
            longer_text(&j->tree->nodes[target], from)) {
            wk_tree_keep_text(j->tree, target, from->extra->text, from->extra->text_bytes);
        }
        add_times(j->tree, &j->tree->nodes[target], from);
    }
    j->tree->nodes[target].self_ns += from->self_ns;
    j->tree->nodes[target].count += from->count;
    j->tree->nodes[target].failed += from->failed;
    j->tree->nodes[target].unfinished += from->unfinished;
    wk_tree_touch(j->tree, target);
    if (from->extra) {
        add_extra(j, node);
    }
}

/* In index order: parents are mapped before their children, and new nodes get the order of one pass. */
static void join_nodes(struct join *j)
{
    for (uint32_t node = 0; node < j->part->node_count && !j->tree->error; node++) {
        const struct wk_node *from = &j->part->nodes[node];
        if (from->kind == WICK_NODE_OUTER) {
            place_outer(j, node);
        } else {
            j->nodes[node] = wk_tree_child(j->tree, j->nodes[from->parent], j->maps->sites[from->site],
                                           from->kind);
        }
        if (j->nodes[node] != WICK_NONE && !j->tree->error) {
            add_node(j, node);
        }
    }
}

/* Push the scopes that are open at the end of the part. */
static void join_frames(struct join *j, uint32_t track)
{
    const struct wk_track_state *t = &j->part->tracks[track];
    for (uint32_t level = 0; level < t->depth && !j->tree->error; level++) {
        const struct wk_frame *from = &t->frames[level];
        uint32_t end = level + 1 < t->depth ? t->frames[level + 1].text_start : t->text_used;
        uint32_t bytes = end - from->text_start;
        if (bytes && j->maps->drop_text[j->part->nodes[from->node].site]) {
            bytes = 0;
        }
        struct wk_frame frame = {.start_ns = from->start_ns, .node = j->nodes[from->node]};
        wk_tree_push(j->tree, j->maps->tracks[track], frame, bytes ? t->texts + from->text_start : NULL, bytes);
    }
}

/* After the replay, the part's last state of each lock holds, where it is known. */
static void join_holds(struct join *j, uint32_t track)
{
    const struct wk_track_state *t = &j->part->tracks[track];
    uint32_t to_track = j->maps->tracks[track];
    for (uint32_t i = 0; i < t->hold_count; i++) {
        struct wk_hold *to = wk_tree_hold_of(j->tree, to_track, j->maps->sites[t->holds[i].lock]);
        if (!to) {
            return;
        }
        to->wait_ns = t->holds[i].wait_ns == WK_UNKNOWN ? to->wait_ns : t->holds[i].wait_ns;
        to->held_ns = t->holds[i].held_ns == WK_UNKNOWN ? to->held_ns : t->holds[i].held_ns;
        wk_tree_drop_idle(j->tree, &j->tree->tracks[to_track], to);
    }
}

static void join_locks(struct join *j)
{
    const struct wk_lock *locks = j->part->locks.items;
    for (uint32_t i = 0; i < j->part->locks.count; i++) {
        const struct wick_lock_info *from = &locks[i].info;
        struct wk_lock *lock = wk_tree_lock_of(j->tree, j->maps->sites[from->site]);
        if (!lock) {
            return;
        }
        struct wick_lock_info *to = &lock->info;
        to->waits += from->waits;
        to->holds += from->holds;
        to->wait_ns += from->wait_ns;
        to->hold_ns += from->hold_ns;
        to->wait_max_ns = from->wait_max_ns > to->wait_max_ns ? from->wait_max_ns : to->wait_max_ns;
        to->hold_max_ns = from->hold_max_ns > to->hold_max_ns ? from->hold_max_ns : to->hold_max_ns;
    }
}

static void join_counters(struct join *j)
{
    const struct wk_counter *counters = j->part->counters.items;
    for (uint32_t i = 0; i < j->part->counters.count; i++) {
        const struct wk_counter *from = &counters[i];
        struct wk_counter *to = wk_tree_counter_of(j->tree, j->maps->sites[from->site]);
        if (!to) {
            return;
        }
        if (from->count > from->not_finite) {
            int first = to->count == to->not_finite;
            to->min = first || wk_number_below(&from->min, &to->min) ? from->min : to->min;
            to->max = first || wk_number_below(&to->max, &from->max) ? from->max : to->max;
        }
        to->count += from->count;
        to->not_finite += from->not_finite;
        if (from->gauge) { /* set in the part: what was added before does not count */
            to->gauge = 1;
            to->sum = from->sum;
        } else {
            wk_exact_add(&to->sum, from->sum);
        }
    }
}

static void begin_tracks(struct join *j)
{
    for (uint32_t i = 0; i < j->part->track_count; i++) {
        const struct wk_track_state *from = &j->part->tracks[i];
        if (!from->seen) {
            continue;
        }
        struct wk_track_state *to = wk_tree_track(j->tree, j->maps->tracks[i]);
        if (!to) {
            return;
        }
        if (!to->seen) {
            to->seen = 1;
            to->first_ns = from->first_ns;
            to->last_ns = from->last_ns;
        }
        to->last_ns = from->last_ns > to->last_ns ? from->last_ns : to->last_ns;
        to->lost += from->lost;
    }
}

/* stray_ends and clears are counted by the replay, depth_max by place_outer. */
static void join_stats(struct wick_tree_stats *to, const struct wick_tree_stats *from)
{
    to->records += from->records;
    to->scopes += from->scopes;
    to->marks += from->marks;
    to->failed += from->failed;
    to->unfinished += from->unfinished;
    to->lost += from->lost;
    for (uint32_t i = 0; i < WICK_RECORD_KINDS; i++) {
        to->kinds[i] += from->kinds[i];
    }
    to->backwards += from->backwards;
    to->first_ns = from->first_ns < to->first_ns ? from->first_ns : to->first_ns;
    to->last_ns = from->last_ns > to->last_ns ? from->last_ns : to->last_ns;
}

static int join(struct join *j)
{
    /* can_join and the replay need the depth at the beginning of the part. */
    for (uint32_t i = 0; i < j->tree->track_count; i++) {
        j->tree->tracks[i].join_depth = j->tree->tracks[i].depth;
    }
    if (!can_join(j)) {
        return 0;
    }
    begin_tracks(j);
    join_locks(j); /* before any replay, which would add new locks in the order of tracks, not of appearance */
    join_nodes(j);
    for (uint32_t i = 0; i < j->part->track_count && !j->tree->error; i++) {
        replay_until(j, i, j->part->tracks[i].outer_count);
    }
    for (uint32_t i = 0; i < j->part->track_count && !j->tree->error; i++) {
        if (j->part->tracks[i].seen) {
            join_frames(j, i);
            join_holds(j, i);
        }
    }
    join_counters(j);
    join_stats(&j->tree->stats, &j->part->stats);
    return j->tree->error ? j->tree->error : 1;
}

int wk_tree_join(struct wick_tree *tree, struct wick_tree *part, const struct wk_maps *maps)
{
    if (tree->error || part->error) {
        return tree->error ? tree->error : part->error;
    }
    size_t count = part->node_count ? part->node_count : 1;
    struct join j = {.tree = tree, .part = part, .maps = maps};
    j.nodes = wk_mem_resize(tree->allocator, NULL, 0, count * sizeof *j.nodes);
    j.starts_ns = wk_mem_resize(tree->allocator, NULL, 0, count * sizeof *j.starts_ns);
    int rc = j.nodes && j.starts_ns ? join(&j) : WICK_E_NOMEM;
    wk_mem_free(tree->allocator, j.nodes, count * sizeof *j.nodes);
    wk_mem_free(tree->allocator, j.starts_ns, count * sizeof *j.starts_ns);
    return rc;
}
