/*
 * SPDX-License-Identifier: MIT
 * The inside of the tree, shared by the files that feed it, read it, join parts and render it.
 * Nodes are indices, since the array moves when it grows. Invariant: a parent's index is lower than its children's, so
 * that a walk in index order meets parents first, and no walk needs recursion.
 */
#ifndef WICK_LIB_MODEL_TREE_TREE_STATE_H
#define WICK_LIB_MODEL_TREE_TREE_STATE_H

#include "model/base/exact.h"
#include "hist.h"

#define WK_TREE_TEXT_BYTES 240u /* of an instance's text or message that the tree keeps */

struct wk_mark {
    int64_t time_ns;
    int64_t relative_ns;
    const char *text;
    uint32_t text_bytes;
};

/* The earliest of some texts, in whatever order parts are joined. */
struct wk_earliest {
    const char *text; /* NULL: there is none */
    int64_t time_ns;
    uint32_t bytes;
};

/* Data that only some nodes have. */
struct wk_extra {
    int64_t cpu_ns;
    uint64_t cpu_count;
    uint64_t values, values_not_finite;
    struct wk_exact value_sum; /* of the finite ones */
    char *text; /* of the longest instance; room for WK_TREE_TEXT_BYTES */
    struct wk_earliest message, said; /* of failed instances; of good ones */
    uint32_t text_bytes;
    uint32_t mark_count;
    struct wk_mark *marks; /* WICK_MARKS_KEPT */
};

struct wk_node {
    uint32_t parent;
    uint32_t site;
    uint32_t first_child;
    uint32_t last_child;
    uint32_t next_sibling;
    uint32_t recent; /* the child found last; see wk_tree_child */
    uint32_t after;  /* the sibling found after this node last time */
    uint32_t level;  /* its place among its track's open scopes, from 1; 0: not open. OUTER: the greatest depth below it */
    uint32_t track;
    uint8_t kind;
    uint8_t dirty;   /* the askers in whose lists it is, a bit each */
    uint8_t reserved[2];
    uint64_t count;
    int64_t total_ns; /* of the ended scopes */
    int64_t min_ns;
    int64_t max_ns;
    int64_t self_ns;  /* total_ns without the ended children, as they end: negative while the scope around them is open */
    struct wk_hist *hist; /* NULL while count < 2: total_ns is the value */
    struct wk_extra *extra;
    uint64_t failed;
    uint64_t unfinished;
    uint32_t outer_op; /* WICK_NODE_OUTER: its place in the track's list of outer operations */
    uint32_t padding[3];
};
WICK_I_STATIC_ASSERT(sizeof(struct wk_node) == 128 || sizeof(void *) < 8, "an index becomes an address by a shift");

struct wk_frame {
    int64_t start_ns;
    uint32_t node;
    uint32_t text_start; /* in the track's stack of texts */
};

#define WK_UNSET INT64_MIN          /* not waiting, not holding */
#define WK_UNKNOWN (INT64_MIN + 1)  /* in a part: as before the part began, which only the join knows */

/* One lock that a track waits for or holds. */
struct wk_hold {
    uint32_t lock;
    int64_t wait_ns; /* since */
    int64_t held_ns; /* since */
};

/* In a part: operations on scopes and locks from before the part; replayed when it is joined. */
enum wk_outer_kind { WK_OUTER_END, WK_OUTER_CLEAR, WK_OUTER_NODE, WK_OUTER_UNDER, WK_OUTER_LOCK };

struct wk_outer {
    struct wick_record record; /* END, CLEAR, UNDER, LOCK; text kept in the part's arena */
    uint32_t node;             /* NODE: the outer node; UNDER: its target in the part, or WICK_NONE */
    uint32_t pops;             /* UNDER: outer_pops of the parent track at that time */
    uint8_t kind;
};

struct wk_track_state {
    struct wk_frame *frames;
    char *texts;
    struct wk_hold *holds;
    struct wk_outer *outer;
    uint32_t depth, frame_capacity;
    uint32_t text_used, text_capacity;
    uint32_t hold_count, hold_capacity;
    uint32_t outer_count, outer_capacity;
    uint32_t outer_done; /* while joining: operations replayed so far */
    uint32_t outer_pops; /* in a part: scopes from before it that have ended */
    uint32_t join_depth; /* while joining into this tree: depth when the part began */
    uint32_t root;       /* parent of outermost scopes; WICK_NONE: not made yet */
    uint32_t own;        /* its root while it hangs under no scope; WICK_NONE: not made yet */
    uint32_t under;      /* node that the root hangs under, or WICK_NONE */
    uint64_t lost;
    int64_t first_ns, last_ns;
    uint8_t seen;
};

/* An UNDER whose scope has not been seen yet. */
struct wk_pending_under {
    uint32_t track, root, parent_track;
    int64_t start_ns;
};

struct wk_lock {
    struct wick_lock_info info;
};

struct wk_counter {
    uint32_t site;
    uint64_t count, not_finite;
    struct wick_number min, max; /* of the finite ones, and so the sum */
    struct wk_exact sum;
    uint8_t gauge; /* it was set: earlier additions do not count */
};

struct wick_tree {
    const struct wick_allocator *allocator;
    struct wk_node *nodes;
    struct wk_track_state *tracks;
    uint32_t node_count, node_capacity;
    uint32_t track_count, track_capacity;
    uint32_t first_root, last_root;
    struct wk_table children; /* (parent, site, kind) -> node */
    struct wk_array pending;  /* struct wk_pending_under */
    struct wk_array locks;    /* struct wk_lock */
    struct wk_array counters; /* struct wk_counter */
    struct wk_table lock_table, counter_table;
    struct wk_arena arena;
    struct wick_tree_stats stats;
    int64_t end_ns; /* of the open scopes, as wick_tree_settle says; INT64_MIN: the last record's time */
    int error; /* set once: feeding stops */
    uint8_t part; /* of a part of a log: tracks may have open scopes that it does not know */
    uint8_t askers; /* who asks for changed nodes, a bit each */
    struct wk_array lists[WICK_TREE_ASKERS]; /* uint32_t: an asker's changed nodes, each once */
#ifndef __wasm__
    uint8_t keeps_exemplars;
    struct wk_array exemplars; /* struct wk_exemplar *, by node (exemplars.h) */
#endif
};

/* The times of a node with its open scope so far, if it has one. */
struct wk_times {
    const struct wk_node *node;
    int64_t total_ns; /* of a thread: of its outermost scopes */
    int64_t self_ns;
    int64_t open_ns;
};

/* Read the times of a node at `now_ns`. Changes nothing: several threads may read while none feeds. */
struct wk_times wk_tree_times(const struct wick_tree *tree, uint32_t node, int64_t now_ns);
/* The text of a node's longest instance, or of its open one when none has ended; NULL: the site's literal is the text. */
const char *wk_tree_text(const struct wick_tree *tree, const struct wk_node *node, uint32_t *bytes);

/* The time until which open scopes count. */
static inline int64_t wk_tree_now(const struct wick_tree *tree)
{
    return tree->end_ns == INT64_MIN ? tree->stats.last_ns : tree->end_ns;
}

static inline uint32_t wk_node_open(const struct wk_node *node)
{
    return node->kind == WICK_NODE_SCOPE && node->level > 0;
}

/* Put a changed node into the lists where it is missing (tree_dirty.c). */
void wk_tree_note(struct wick_tree *tree, uint32_t node);
static inline void wk_tree_touch_both(struct wick_tree *tree, uint32_t x, uint32_t y)
{
#ifndef __wasm__ /* nobody asks in the page */
    if (WICK_I_UNLIKELY((tree->nodes[x].dirty & tree->nodes[y].dirty) != tree->askers)) {
        wk_tree_note(tree, x);
        wk_tree_note(tree, y);
    }
#else
    (void)tree, (void)x, (void)y;
#endif
}
static inline void wk_tree_touch(struct wick_tree *tree, uint32_t node)
{
    wk_tree_touch_both(tree, node, node);
}

/* Keep an instance that has ended as the newest of its class (exemplars.c). */
void wk_tree_note_exemplar(struct wick_tree *tree, uint32_t node, int64_t start_ns, int64_t duration_ns);

/* Find or make a child; WICK_NONE: no memory, tree->error is set. May move the nodes. */
uint32_t wk_tree_child(struct wick_tree *tree, uint32_t parent, uint32_t site, uint8_t kind);
/* Double an array of any of the tree's structs; NULL: no memory, tree->error is set. */
void *wk_tree_grow(struct wick_tree *tree, void *block, uint32_t *capacity, size_t item_bytes);
/* The innermost open scope of the track, or its root. WICK_NONE: no memory. */
uint32_t wk_tree_current(struct wick_tree *tree, uint32_t track);
/* The root of a track: its own where `under` is WICK_NONE, else the one below that node. WICK_NONE: no memory. */
uint32_t wk_tree_root(struct wick_tree *tree, uint32_t track, uint32_t under);
struct wk_track_state *wk_tree_track(struct wick_tree *tree, uint32_t track);
struct wk_extra *wk_tree_extra(struct wick_tree *tree, uint32_t node);
/* Open a scope: append its frame and text. */
int wk_tree_push(struct wick_tree *tree, uint32_t track, struct wk_frame frame, const char *text,
                 uint32_t text_bytes);
void wk_tree_end(struct wick_tree *tree, const struct wick_record *record);
void wk_tree_clear(struct wick_tree *tree, const struct wick_record *record);
void wk_tree_under_node(struct wick_tree *tree, uint32_t track, uint32_t target);
void wk_tree_lock_event(struct wick_tree *tree, const struct wick_record *record);
void wk_tree_counter_event(struct wick_tree *tree, const struct wick_record *record);
struct wk_lock *wk_tree_lock_of(struct wick_tree *tree, uint32_t site);
struct wk_counter *wk_tree_counter_of(struct wick_tree *tree, uint32_t site);
struct wk_hold *wk_tree_hold_of(struct wick_tree *tree, uint32_t track, uint32_t lock);
void wk_tree_drop_idle(struct wick_tree *tree, struct wk_track_state *track, struct wk_hold *hold);
/* In a part: keep an operation for the join; the result is valid until the track's next one. NULL: no memory. */
struct wk_outer *wk_tree_outer(struct wick_tree *tree, uint32_t track, uint8_t kind,
                               const struct wick_record *record);

void wk_tree_keep_text(struct wick_tree *tree, uint32_t node, const char *text, uint32_t bytes);
void wk_tree_keep_earliest(struct wick_tree *tree, struct wk_earliest *kept, const struct wk_earliest *text);
/* An open scope of the track by its start, from `depth` outward; WICK_NONE: there is none. */
uint32_t wk_tree_find_open(const struct wick_tree *tree, uint32_t track, uint32_t depth, int64_t start_ns);
/* Keep a mark with its text, unless WICK_MARKS_KEPT are kept. */
void wk_tree_keep_mark(struct wick_tree *tree, uint32_t node, const struct wk_mark *mark);

/* How the indices of a part translate. */
struct wk_maps {
    const uint32_t *tracks;
    const uint32_t *sites;
    const uint8_t *drop_text; /* per site of the part: not 0: the site's literal is the text */
};
/* Add a part's numbers: 1; 0: it cannot be joined, read its bytes into the tree instead; < 0: error. */
int wk_tree_join(struct wick_tree *tree, struct wick_tree *part, const struct wk_maps *maps);

static inline int wk_tree_fail(struct wick_tree *tree, int error)
{
    if (!tree->error) {
        tree->error = error;
    }
    return error;
}

#endif
