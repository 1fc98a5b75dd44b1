/*
 * SPDX-License-Identifier: MIT
 * Records into nodes: starts, ends, marks, values; the only place where nesting is computed.
 * Invariants: an END ends the innermost open scope of its track, whatever its site; an END without a START is counted
 * and changes nothing else; every sum is an integer (durations) or fixed point (values), so order does not matter.
 */
#include "tree_state.h"

struct wick_tree *wick_tree_create(const struct wick_allocator *allocator)
{
    struct wick_tree *tree = wk_mem_zeroed(allocator, sizeof *tree);
    if (tree) {
        tree->allocator = allocator;
        tree->first_root = tree->last_root = WICK_NONE;
        tree->stats.first_ns = INT64_MAX;
        tree->stats.last_ns = INT64_MIN;
        tree->end_ns = INT64_MIN;
        wk_arena_init(&tree->arena, allocator);
    }
    return tree;
}

static void free_track(struct wick_tree *tree, struct wk_track_state *track)
{
    const struct wick_allocator *a = tree->allocator;
    wk_mem_free(a, track->frames, track->frame_capacity * sizeof *track->frames);
    wk_mem_free(a, track->texts, track->text_capacity);
    wk_mem_free(a, track->holds, track->hold_capacity * sizeof *track->holds);
    wk_mem_free(a, track->outer, track->outer_capacity * sizeof *track->outer);
}

void wick_tree_destroy(struct wick_tree *tree)
{
    if (!tree) {
        return;
    }
    const struct wick_allocator *a = tree->allocator;
    for (uint32_t i = 0; i < tree->track_count; i++) {
        free_track(tree, &tree->tracks[i]);
    }
    for (uint32_t i = 0; i < tree->node_count; i++) {
        wk_hist_free(tree->nodes[i].hist, a);
    }
    wk_mem_free(a, tree->tracks, tree->track_capacity * sizeof *tree->tracks);
    wk_mem_free(a, tree->nodes, tree->node_capacity * sizeof *tree->nodes);
    wk_array_free(&tree->pending, a, sizeof(struct wk_pending_under));
    wk_array_free(&tree->locks, a, sizeof(struct wk_lock));
    wk_array_free(&tree->counters, a, sizeof(struct wk_counter));
    wk_table_free(&tree->children, a);
    wk_table_free(&tree->lock_table, a);
    wk_table_free(&tree->counter_table, a);
    for (uint32_t i = 0; i < WICK_TREE_ASKERS; i++) {
        wk_array_free(&tree->lists[i], a, sizeof(uint32_t));
    }
#ifndef __wasm__ /* nobody asks for them in the page */
    wk_array_free(&tree->exemplars, a, sizeof(void *));
#endif
    wk_arena_fini(&tree->arena);
    wk_mem_free(a, tree, sizeof *tree);
}

static uint32_t new_node(struct wick_tree *tree, uint32_t parent, uint32_t site, uint8_t kind)
{
    if (tree->node_count == tree->node_capacity) {
        struct wk_node *nodes = wk_tree_grow(tree, tree->nodes, &tree->node_capacity, sizeof *nodes);
        if (!nodes) {
            return WICK_NONE;
        }
        tree->nodes = nodes;
    }
    /* Appended, and never given another parent: that keeps a parent's index below its children's. */
    uint32_t index = tree->node_count++;
    tree->nodes[index] = (struct wk_node){
        .parent = parent, .site = site, .kind = kind, .first_child = WICK_NONE,
        .last_child = WICK_NONE, .next_sibling = WICK_NONE, .recent = WICK_NONE, .after = WICK_NONE,
        .track = parent == WICK_NONE ? WICK_NONE : tree->nodes[parent].track};
    uint32_t *first = parent == WICK_NONE ? &tree->first_root : &tree->nodes[parent].first_child;
    uint32_t *last = parent == WICK_NONE ? &tree->last_root : &tree->nodes[parent].last_child;
    if (*last == WICK_NONE) {
        *first = index;
    } else {
        tree->nodes[*last].next_sibling = index;
    }
    *last = index;
    wk_tree_touch(tree, index);
    return index;
}

static uint32_t find_or_make(struct wick_tree *tree, uint32_t parent, uint32_t site, uint8_t kind)
{
    uint64_t hash = wk_mem_mix((uint64_t)parent << 32 | site, kind);
    uint32_t probe = 0, found;
    while ((found = wk_table_next(&tree->children, hash, &probe)) != WICK_NONE) {
        const struct wk_node *node = &tree->nodes[found];
        if (node->parent == parent && node->site == site && node->kind == kind) {
            return found;
        }
    }
    found = new_node(tree, parent, site, kind);
    if (found != WICK_NONE && wk_table_add(&tree->children, tree->allocator, hash, found) < 0) {
        wk_tree_fail(tree, WICK_E_NOMEM);
        return WICK_NONE;
    }
    return found;
}

/* Two guesses come before the hash: the child found last, and the one that followed it last time (a loop repeats its
 * calls). `recent` and `after` are set here alone, with children of `parent`, and a node keeps its parent: so an equal
 * site and kind is the right node, and a wrong guess costs the lookup only. */
uint32_t wk_tree_child(struct wick_tree *tree, uint32_t parent, uint32_t site, uint8_t kind)
{
    struct wk_node *up = &tree->nodes[parent];
    uint32_t recent = up->recent;
    if (recent != WICK_NONE) {
        struct wk_node *last = &tree->nodes[recent];
        if (last->site == site && last->kind == kind) {
            return recent;
        }
        uint32_t guess = last->after;
        if (guess != WICK_NONE && tree->nodes[guess].site == site && tree->nodes[guess].kind == kind) {
            up->recent = guess;
            return guess;
        }
    }
    uint32_t found = find_or_make(tree, parent, site, kind); /* may move the nodes: `up` is not used after it */
    if (found != WICK_NONE) {
        if (recent != WICK_NONE) {
            tree->nodes[recent].after = found;
        }
        tree->nodes[parent].recent = found;
    }
    return found;
}

/* May move the states of all tracks. */
struct wk_track_state *wk_tree_track(struct wick_tree *tree, uint32_t track)
{
    while (WICK_I_UNLIKELY(track >= tree->track_count)) {
        if (tree->track_count == tree->track_capacity) {
            struct wk_track_state *tracks = wk_tree_grow(tree, tree->tracks, &tree->track_capacity, sizeof *tracks);
            if (!tracks) {
                return NULL;
            }
            tree->tracks = tracks;
        }
        tree->tracks[tree->track_count++] =
            (struct wk_track_state){.root = WICK_NONE, .own = WICK_NONE, .under = WICK_NONE};
    }
    return &tree->tracks[track];
}

struct wk_extra *wk_tree_extra(struct wick_tree *tree, uint32_t node)
{
    struct wk_extra *extra = tree->nodes[node].extra;
    if (!extra) {
        extra = wk_arena_take(&tree->arena, sizeof *extra, 16);
        if (!extra) {
            wk_tree_fail(tree, WICK_E_NOMEM);
            return NULL;
        }
        memset(extra, 0, sizeof *extra);
        tree->nodes[node].extra = extra;
    }
    return extra;
}

uint32_t wk_tree_root(struct wick_tree *tree, uint32_t track, uint32_t under)
{
    struct wk_track_state *t = wk_tree_track(tree, track);
    if (!t) {
        return WICK_NONE;
    }
    /* One root per track and scope that it hangs under. Its key is a site number that no site has; its kind keeps it
     * apart from scopes and marks. */
    uint32_t root =
        under != WICK_NONE    ? find_or_make(tree, under, WICK_NONE - 1 - track, WICK_NODE_TRACK)
        : t->own != WICK_NONE ? t->own
                              : new_node(tree, WICK_NONE, WICK_NONE, WICK_NODE_TRACK);
    if (root != WICK_NONE) {
        tree->nodes[root].track = track;
        t->own = under == WICK_NONE ? root : t->own;
    }
    return root;
}

/* The root of a track: the thread's own, or in a part a stand-in for the scope that is open outside, which the join
 * finds by replaying the track's operations up to `outer_op`. */
static uint32_t make_root(struct wick_tree *tree, uint32_t track)
{
    struct wk_track_state *t = &tree->tracks[track];
    if (tree->part) {
        uint32_t node = new_node(tree, WICK_NONE, WICK_NONE, WICK_NODE_OUTER);
        struct wk_outer *op = node == WICK_NONE ? NULL : wk_tree_outer(tree, track, WK_OUTER_NODE, NULL);
        if (!op) {
            return WICK_NONE;
        }
        op->node = node;
        tree->nodes[node].outer_op = t->outer_count - 1;
        tree->nodes[node].track = track;
        t->root = node;
    } else {
        t->root = wk_tree_root(tree, track, t->under);
    }
    return t->root;
}

uint32_t wk_tree_current(struct wick_tree *tree, uint32_t track)
{
    struct wk_track_state *t = &tree->tracks[track];
    if (WICK_I_LIKELY(t->depth)) {
        return t->frames[t->depth - 1].node;
    }
    return t->root != WICK_NONE ? t->root : make_root(tree, track);
}

static int push_text(struct wick_tree *tree, struct wk_track_state *t, const char *text, uint32_t text_bytes)
{
    uint32_t bytes = text_bytes < WK_TREE_TEXT_BYTES ? text_bytes : WK_TREE_TEXT_BYTES;
    while (bytes > t->text_capacity - t->text_used) {
        char *texts = wk_tree_grow(tree, t->texts, &t->text_capacity, 1);
        if (!texts) {
            return WICK_E_NOMEM;
        }
        t->texts = texts;
    }
    memcpy(t->texts + t->text_used, text, bytes);
    t->text_used += bytes;
    return 0;
}

int wk_tree_push(struct wick_tree *tree, uint32_t track, struct wk_frame frame, const char *text,
                 uint32_t text_bytes)
{
    struct wk_track_state *t = &tree->tracks[track];
    if (WICK_I_UNLIKELY(t->depth == t->frame_capacity)) {
        struct wk_frame *frames = wk_tree_grow(tree, t->frames, &t->frame_capacity, sizeof *frames);
        if (!frames) {
            return WICK_E_NOMEM;
        }
        t->frames = frames;
        /* find_closed reads frames above the depth: unused ones get a start that no scope has. */
        memset(frames + t->depth, 0xff, (t->frame_capacity - t->depth) * sizeof *frames);
    }
    frame.text_start = t->text_used; /* a scope's text ends where the next one's begins, or at text_used */
    if (WICK_I_UNLIKELY(text_bytes) && push_text(tree, t, text, text_bytes) < 0) {
        return WICK_E_NOMEM;
    }
    t->frames[t->depth++] = frame;
    tree->nodes[frame.node].level = t->depth;
    wk_tree_touch(tree, frame.node);
    return 0;
}

/* A thread may hang under a scope whose START comes later in the log: across threads, order is only rough. */
static void resolve_pending(struct wick_tree *tree, uint32_t track, const struct wk_frame *frame)
{
    struct wk_pending_under *pending = tree->pending.items;
    for (uint32_t i = 0; i < tree->pending.count;) {
        struct wk_pending_under wait = pending[i];
        if (wait.parent_track != track || wait.start_ns != frame->start_ns) {
            i++;
            continue;
        }
        pending[i] = pending[--tree->pending.count]; /* the last one moves here and is looked at next */
        wk_tree_under_node(tree, wait.track, frame->node);
    }
}

static void start(struct wick_tree *tree, const struct wick_record *r)
{
    uint32_t parent = wk_tree_current(tree, r->track);
    uint32_t node = parent == WICK_NONE ? WICK_NONE : wk_tree_child(tree, parent, r->site, WICK_NODE_SCOPE);
    struct wk_frame frame = {.start_ns = r->time_ns, .node = node};
    if (node == WICK_NONE || wk_tree_push(tree, r->track, frame, r->text, r->text_bytes) < 0) {
        return;
    }
    struct wk_track_state *t = &tree->tracks[r->track];
    if (WICK_I_UNLIKELY(tree->part)) {
        /* The absolute depth is known only to the join: keep the greatest depth below each outer node. */
        uint32_t root = tree->nodes[t->frames[0].node].parent;
        if (t->depth > tree->nodes[root].level) {
            tree->nodes[root].level = t->depth;
        }
    } else if (t->depth > tree->stats.depth_max) {
        tree->stats.depth_max = t->depth;
    }
    if (WICK_I_UNLIKELY(tree->pending.count)) {
        resolve_pending(tree, r->track, &frame);
    }
}

/* Keep the text of the longest instance; `bytes` is at most WK_TREE_TEXT_BYTES. Callers choose the smallest text among
 * instances of equal duration, so that their order does not matter. */
void wk_tree_keep_text(struct wick_tree *tree, uint32_t node, const char *text, uint32_t bytes)
{
    struct wk_extra *extra = wk_tree_extra(tree, node);
    if (extra && !extra->text) {
        extra->text = wk_arena_take(&tree->arena, WK_TREE_TEXT_BYTES, 1);
    }
    if (!extra || !extra->text) {
        wk_tree_fail(tree, WICK_E_NOMEM);
        return;
    }
    memcpy(extra->text, text, bytes);
    extra->text_bytes = bytes;
}

static int text_is_smaller(const char *x, uint32_t x_bytes, const char *y, uint32_t y_bytes)
{
    int order = memcmp(x, y, x_bytes < y_bytes ? x_bytes : y_bytes);
    return order < 0 || (order == 0 && x_bytes < y_bytes);
}

/* Of equally early ones the smallest stays, so that the order of the calls does not matter. */
void wk_tree_keep_earliest(struct wick_tree *tree, struct wk_earliest *kept, const struct wk_earliest *text)
{
    uint32_t bytes = text->bytes < WK_TREE_TEXT_BYTES ? text->bytes : WK_TREE_TEXT_BYTES;
    if (kept->text && (text->time_ns > kept->time_ns ||
                       (text->time_ns == kept->time_ns && !text_is_smaller(text->text, bytes, kept->text, kept->bytes)))) {
        return;
    }
    const char *copy = wk_arena_text(&tree->arena, text->text, bytes);
    if (!copy) {
        wk_tree_fail(tree, WICK_E_NOMEM);
        return;
    }
    *kept = (struct wk_earliest){copy, text->time_ns, bytes};
}

/* An end says something. */
static void keep_said(struct wick_tree *tree, uint32_t node, const struct wick_record *r)
{
    struct wk_extra *extra = r->text_bytes ? wk_tree_extra(tree, node) : NULL;
    if (extra) {
        const struct wk_earliest text = {r->text, r->time_ns, r->text_bytes};
        wk_tree_keep_earliest(tree, r->kind == WICK_RECORD_ENDER ? &extra->message : &extra->said, &text);
    }
}

static void count_failure(struct wick_tree *tree, uint32_t node, const struct wick_record *r)
{
    if (r->unfinished) {
        tree->nodes[node].unfinished++;
        tree->stats.unfinished++;
        return;
    }
    tree->nodes[node].failed++;
    tree->stats.failed++;
    keep_said(tree, node, r);
}

static void add_duration(struct wick_tree *tree, struct wk_node *node, int64_t duration_ns)
{
    int rc = 0;
    /* The first duration is total_ns itself: most nodes have one instance and need no histogram. */
    if (node->count) {
        if (!node->hist) {
            rc = wk_hist_add(&node->hist, tree->allocator, node->total_ns);
        }
        if (rc >= 0) {
            rc = wk_hist_add(&node->hist, tree->allocator, duration_ns);
        }
        if (rc < 0) {
            wk_tree_fail(tree, rc);
        }
    }
    if (!node->count || duration_ns < node->min_ns) {
        node->min_ns = duration_ns;
    }
    if (duration_ns > node->max_ns) {
        node->max_ns = duration_ns;
    }
    node->count++;
    node->total_ns += duration_ns;
}

void wk_tree_end(struct wick_tree *tree, const struct wick_record *r)
{
    struct wk_track_state *t = &tree->tracks[r->track];
    if (WICK_I_UNLIKELY(!t->depth)) {
        if (tree->part) {
            /* It ends a scope from before the part, if there is one. What follows belongs to the next scope outward:
             * it gets an outer node of its own. */
            wk_tree_outer(tree, r->track, WK_OUTER_END, r);
            t->root = WICK_NONE;
            t->outer_pops += t->outer_pops < UINT32_MAX; /* after a CLEAR: all of them have ended */
        } else {
            tree->stats.stray_ends++;
        }
        return;
    }
    struct wk_frame *frame = &t->frames[--t->depth];
    uint32_t index = frame->node;
    int64_t duration_ns = r->time_ns - frame->start_ns;
    if (WICK_I_UNLIKELY(duration_ns < 0)) {
        tree->stats.backwards++;
        duration_ns = 0;
    }
    struct wk_node *node = &tree->nodes[index];
    /* Before add_duration: the text is compared with the longest instance so far. */
    if (WICK_I_UNLIKELY(t->text_used > frame->text_start)) {
        const char *text = t->texts + frame->text_start;
        uint32_t bytes = t->text_used - frame->text_start;
        if (!node->count || duration_ns > node->max_ns ||
            (duration_ns == node->max_ns && node->extra && node->extra->text &&
             text_is_smaller(text, bytes, node->extra->text, node->extra->text_bytes))) {
            wk_tree_keep_text(tree, index, text, bytes);
        }
        t->text_used = frame->text_start;
    }
    node->level = 0;
    node->self_ns += duration_ns;
    tree->nodes[node->parent].self_ns -= duration_ns; /* of a thread: minus the time of its outermost scopes */
    wk_tree_touch_both(tree, index, node->parent);
    add_duration(tree, node, duration_ns);
#ifndef __wasm__ /* nobody asks in the page */
    if (WICK_I_UNLIKELY(tree->keeps_exemplars)) {
        wk_tree_note_exemplar(tree, index, frame->start_ns, duration_ns);
    }
#endif
    tree->stats.scopes++;
    if (WICK_I_UNLIKELY(r->kind == WICK_RECORD_ENDER)) {
        count_failure(tree, index, r);
    } else if (WICK_I_UNLIKELY(r->text_bytes)) {
        keep_said(tree, index, r);
    }
    if (WICK_I_UNLIKELY(r->u.cpu_ns >= 0)) {
        struct wk_extra *extra = wk_tree_extra(tree, index);
        if (extra) {
            extra->cpu_ns += r->u.cpu_ns;
            extra->cpu_count++;
        }
    }
}

/* Context's CLEAR ends every open scope of the track; they count as unfinished. wick's own logs end each of them by a
 * line of its own before the CLEAR, which then finds none. */
void wk_tree_clear(struct wick_tree *tree, const struct wick_record *r)
{
    struct wick_record end = *r;
    end.kind = WICK_RECORD_ENDER;
    end.unfinished = WICK_UNFINISHED_CLEAR;
    end.text_bytes = 0;
    end.u.cpu_ns = -1;
    struct wk_track_state *t = &tree->tracks[r->track];
    while (t->depth && !tree->error) {
        wk_tree_end(tree, &end);
    }
    if (tree->part) {
        wk_tree_outer(tree, r->track, WK_OUTER_CLEAR, r);
        t->root = WICK_NONE;
        t->outer_pops = UINT32_MAX; /* all of them have ended */
    } else {
        tree->stats.clears++;
    }
}

static void mark(struct wick_tree *tree, const struct wick_record *r)
{
    const struct wk_track_state *t = &tree->tracks[r->track];
    uint32_t parent = wk_tree_current(tree, r->track);
    uint32_t node = parent == WICK_NONE ? WICK_NONE : wk_tree_child(tree, parent, r->site, WICK_NODE_MARK);
    if (node == WICK_NONE) {
        return;
    }
    tree->stats.marks++;
    tree->nodes[node].count++;
    wk_tree_touch(tree, node);
    /* In a part, below an outer node, the start is not known: add_extra subtracts it when the part is joined. */
    int64_t start_ns = t->depth ? t->frames[t->depth - 1].start_ns : tree->part ? 0 : t->first_ns;
    wk_tree_keep_mark(tree, node, &(struct wk_mark){.time_ns = r->time_ns, .text = r->text,
                                                    .relative_ns = r->time_ns - start_ns,
                                                    .text_bytes = r->text_bytes});
}

void wk_tree_keep_mark(struct wick_tree *tree, uint32_t node, const struct wk_mark *mark)
{
    struct wk_extra *extra = wk_tree_extra(tree, node);
    if (!extra || extra->mark_count == WICK_MARKS_KEPT) {
        return;
    }
    if (!extra->marks) {
        extra->marks = wk_arena_take(&tree->arena, WICK_MARKS_KEPT * sizeof *extra->marks, 8);
    }
    uint32_t bytes = mark->text_bytes < WK_TREE_TEXT_BYTES ? mark->text_bytes : WK_TREE_TEXT_BYTES;
    char *text = extra->marks ? wk_arena_text(&tree->arena, mark->text, bytes) : NULL;
    if (!text) {
        wk_tree_fail(tree, WICK_E_NOMEM);
        return;
    }
    struct wk_mark *kept = &extra->marks[extra->mark_count++];
    *kept = *mark;
    kept->text = mark->text ? text : NULL; /* NULL: the site's literal is its text */
    kept->text_bytes = bytes;
}

/* Of the innermost open scope, or of its sum of this name. */
static void value(struct wick_tree *tree, const struct wick_record *r)
{
    uint32_t node = wk_tree_current(tree, r->track);
    if (node != WICK_NONE && r->kind == WICK_RECORD_AMOUNT) {
        node = wk_tree_child(tree, node, r->site, WICK_NODE_SUM);
    }
    struct wk_extra *extra = node == WICK_NONE ? NULL : wk_tree_extra(tree, node);
    if (extra) {
        extra->values++;
        const struct wick_number number = wk_number_of(r);
        if (wk_exact_finite(number.value)) {
            wk_exact_add(&extra->value_sum, wk_exact_of(&number));
        } else {
            extra->values_not_finite++;
        }
        wk_tree_touch(tree, node);
    }
}

/* From now on the outermost scopes of this track hang under `target`. The root is made when the first one begins. */
void wk_tree_under_node(struct wick_tree *tree, uint32_t track, uint32_t target)
{
    struct wk_track_state *t = &tree->tracks[track];
    t->under = target;
    t->root = WICK_NONE;
}

/* A scope is known by its start; of equal ones the innermost is meant. */
uint32_t wk_tree_find_open(const struct wick_tree *tree, uint32_t track, uint32_t depth, int64_t start_ns)
{
    const struct wk_track_state *t = track < tree->track_count ? &tree->tracks[track] : NULL;
    for (uint32_t level = t ? depth : 0; level > 0; level--) {
        if (t->frames[level - 1].start_ns == start_ns) {
            return t->frames[level - 1].node;
        }
    }
    return WICK_NONE;
}

/* The rings of two threads are drained one after the other, so that in the log a scope may end before a thread hangs
 * under it. Above the depth, the frame of the last scope of each level is still there. */
static uint32_t find_closed(const struct wick_tree *tree, uint32_t track, int64_t start_ns)
{
    const struct wk_track_state *t = track < tree->track_count ? &tree->tracks[track] : NULL;
    for (uint32_t level = t ? t->depth : 0; t && level < t->frame_capacity; level++) {
        if (t->frames[level].start_ns == start_ns) {
            return t->frames[level].node;
        }
    }
    return WICK_NONE;
}

static void under(struct wick_tree *tree, const struct wick_record *r)
{
    uint32_t depth = r->parent_track < tree->track_count ? tree->tracks[r->parent_track].depth : 0;
    uint32_t target = wk_tree_find_open(tree, r->parent_track, depth, r->first_ns);
    if (target == WICK_NONE) {
        target = find_closed(tree, r->parent_track, r->first_ns);
    }
    if (tree->part) {
        /* Kept even when the target is known: the join must hang the track between its other operations. */
        struct wk_outer *op = wk_tree_outer(tree, r->track, WK_OUTER_UNDER, r);
        if (op) {
            op->node = target;
            op->pops = r->parent_track < tree->track_count ? tree->tracks[r->parent_track].outer_pops : 0;
        }
        tree->tracks[r->track].root = WICK_NONE;
        return;
    }
    if (target != WICK_NONE) {
        wk_tree_under_node(tree, r->track, target);
        return;
    }
    int rc = wk_array_reserve(&tree->pending, tree->allocator, tree->pending.count + 1,
                              sizeof(struct wk_pending_under));
    if (rc < 0) {
        wk_tree_fail(tree, rc);
        return;
    }
    ((struct wk_pending_under *)tree->pending.items)[tree->pending.count++] = (struct wk_pending_under){
        .track = r->track, .parent_track = r->parent_track, .start_ns = r->first_ns};
}

static void rare(struct wick_tree *tree, const struct wick_record *r)
{
    tree->stats.kinds[r->kind < WICK_RECORD_KINDS ? r->kind : WICK_RECORD_CLEAR]++;
    switch (r->kind) {
    case WICK_RECORD_MARK:
        mark(tree, r);
        break;
    case WICK_RECORD_CLEAR:
        wk_tree_clear(tree, r);
        break;
    case WICK_RECORD_VALUE:
    case WICK_RECORD_VALUE_INT:
    case WICK_RECORD_VALUE_UINT:
    case WICK_RECORD_AMOUNT:
        value(tree, r);
        break;
#ifndef __wasm__ /* the page reads locks and counters from the index */
    case WICK_RECORD_LOCKW:
    case WICK_RECORD_LOCKA:
    case WICK_RECORD_LOCKR:
        wk_tree_lock_event(tree, r);
        break;
    case WICK_RECORD_GAUGE:
    case WICK_RECORD_SUM:
    case WICK_RECORD_GAUGE_INT:
    case WICK_RECORD_SUM_INT:
    case WICK_RECORD_GAUGE_UINT:
    case WICK_RECORD_SUM_UINT:
        wk_tree_counter_event(tree, r);
        break;
#endif
    case WICK_RECORD_LOST:
        tree->tracks[r->track].lost += r->u.count;
        tree->stats.lost += r->u.count;
        break;
    case WICK_RECORD_UNDER:
        under(tree, r);
        break;
    default: /* THREAD_NAME concerns the names only */
        break;
    }
}

int wick_tree_feed(struct wick_tree *tree, const struct wick_record *records, size_t count)
{
    int64_t first_ns = tree->stats.first_ns, last_ns = tree->stats.last_ns;
    for (size_t i = 0; i < count && !tree->error; i++) {
        const struct wick_record *r = &records[i];
        struct wk_track_state *t = wk_tree_track(tree, r->track);
        if (WICK_I_UNLIKELY(!t)) {
            break;
        }
        first_ns = r->time_ns < first_ns ? r->time_ns : first_ns;
        last_ns = r->time_ns > last_ns ? r->time_ns : last_ns;
        if (WICK_I_UNLIKELY(!t->seen)) {
            t->seen = 1;
            t->first_ns = r->time_ns;
            t->last_ns = r->time_ns;
        }
        t->last_ns = r->time_ns > t->last_ns ? r->time_ns : t->last_ns;
        if (r->kind == WICK_RECORD_START) {
            start(tree, r);
        } else if (r->kind <= WICK_RECORD_ENDER) {
            wk_tree_end(tree, r);
        } else {
            rare(tree, r);
        }
    }
    tree->stats.records += count;
    tree->stats.first_ns = first_ns;
    tree->stats.last_ns = last_ns;
    return tree->error;
}
