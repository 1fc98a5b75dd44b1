/*
 * SPDX-License-Identifier: MIT
 * The tree: computes nesting from records, and the numbers of each node. Part of wick/model.h.
 */
#ifndef WICK_TREE_H
#define WICK_TREE_H

#include "names.h"

WICK_I_EXTERN_BEGIN

enum wick_node_kind {
    WICK_NODE_TRACK = 0, /* a thread's root, possibly under a scope of another (WICK_THREAD_UNDER) */
    WICK_NODE_SCOPE,
    WICK_NODE_MARK,
    WICK_NODE_OUTER,     /* only in a part: a scope that was open before the part began */
    WICK_NODE_SUM        /* a named sum (WICK_SUM) of the scope above: values, value_sum; unit: the site's category */
};

/* The numbers of a node. Times in ns. */
struct wick_node_info {
    uint32_t parent;        /* WICK_NONE for a root */
    uint32_t first_child;   /* in order of first appearance; WICK_NONE when none */
    uint32_t next_sibling;  /* WICK_NONE after the last */
    uint32_t site;          /* WICK_NODE_TRACK: WICK_NONE */
    uint32_t track;         /* of its root */
    uint8_t kind;           /* enum wick_node_kind */
    uint64_t count;         /* ended scopes: good, failed and unfinished; of a mark: how many */
    uint64_t failed;        /* of these, ended as failed */
    uint64_t unfinished;    /* of these, unfinished; not counted as failed */
    uint64_t open;          /* scopes that have not ended: 0 or 1 */
    int64_t total_ns;       /* of the ended scopes */
    int64_t self_ns;        /* total without the children of the same thread */
    int64_t open_ns;        /* of the open scope until wick_tree_settle's time; included in self_ns */
    int64_t min_ns;         /* 0 when count is 0 */
    int64_t max_ns;
    int64_t cpu_ns;         /* of the ended scopes that recorded it; -1: none did */
    uint64_t values;        /* number of recorded values, and the sum of the finite ones */
    struct wick_number value_sum;
    uint64_t values_not_finite; /* NaN or infinite: not in the sum */
    const char *text;       /* of the longest instance; NULL when the site's literal is the text */
    uint32_t text_bytes;
    const char *message;    /* of the first failed instance with a message; else NULL */
    uint32_t message_bytes;
    const char *said;       /* of the first good end with a text; else NULL */
    uint32_t said_bytes;
};

/* A kept mark: the first WICK_MARKS_KEPT of a site in a scope are kept, the rest are only counted. */
#define WICK_MARKS_KEPT 8
struct wick_mark_info {
    int64_t time_ns;      /* since the epoch */
    int64_t relative_ns;  /* since the start of the enclosing scope; of its thread when there is none */
    const char *text;
    uint32_t text_bytes;
};

struct wick_lock_info {
    uint32_t site;
    uint64_t waits, holds;          /* waits: LOCKW events; holds: releases of a held lock */
    int64_t wait_ns, hold_ns;       /* sums */
    int64_t wait_max_ns, hold_max_ns;
};

struct wick_counter_info {
    uint32_t site;
    uint64_t count;
    struct wick_number last, least, most, sum; /* last and sum: the last set value plus all additions since; without a finite value NaN, the sum 0 */
    uint64_t not_finite;            /* of count: NaN or infinite; not in the others */
};

struct wick_tree_stats {
    uint64_t records;
    uint64_t scopes;        /* ended */
    uint64_t marks;
    uint64_t failed;
    uint64_t unfinished;
    uint64_t open;          /* have not ended */
    uint64_t lost;          /* events that the recorder refused */
    uint64_t kinds[WICK_RECORD_KINDS]; /* records by kind; of starts and ends none */
    uint64_t stray_ends;    /* ENDs without a START */
    uint64_t backwards;     /* scopes that ended before they began: counted as 0 ns */
    uint64_t clears;
    int64_t first_ns;       /* earliest and latest time of any record; INT64_MAX, INT64_MIN when none */
    int64_t last_ns;
    uint32_t nodes, tracks, depth_max;
};

struct wick_tree;

/*
 * Create an empty tree. NULL when there is no memory.
 *
 * allocator  borrows until wick_tree_destroy
 * Threads    one at a time per tree     Signals   not safe
 * Since      0.1
 */
WICK_API struct wick_tree *wick_tree_create(const struct wick_allocator *allocator);
WICK_API void wick_tree_destroy(struct wick_tree *tree);

/*
 * Feed records: in order for each track, in any order across tracks. The START's text of the longest instance is kept:
 * pass it (text_bytes > 0) only where it differs from the site's literal. An END ends the innermost open scope of its
 * track; site and depth are ignored.
 *
 * records    borrows
 * Cost       about 10 ns per record; memory grows with nodes, depth and tracks, not with records
 * Errors     WICK_E_NOMEM: the rest of this and of every later call is ignored
 * Since      0.1
 */
WICK_API int wick_tree_feed(struct wick_tree *tree, const struct wick_record *records, size_t count);

/*
 * Set the time until which open scopes count when nodes are read. Feeding may continue after it.
 *
 * end_ns     INT64_MIN, as at first: the last record's time
 * Cost       none: open scopes are added when a node is read
 * Errors     WICK_E_NOMEM: an earlier feed's
 * Since      0.1
 */
WICK_API int wick_tree_settle(struct wick_tree *tree, int64_t end_ns);

/*
 * Ask for changed nodes: from now on the tree keeps a list of those whose numbers have changed since wick_tree_clean, each
 * once; at first all nodes. A scope that begins or ends, a mark and a value change their node, an end its parent, too. The
 * time so far of open scopes changes nothing.
 *
 * Returns    the asker's number, for the next two
 * Cost       below 1 ns per record; 4 bytes per node
 * Errors     WICK_E_LIMIT: WICK_TREE_ASKERS ask already; WICK_E_NOMEM
 * Since      0.1
 */
#define WICK_TREE_ASKERS 8
WICK_API int wick_tree_ask(struct wick_tree *tree);

/* Read an asker's list; returns its length. Borrowed until the next feed or wick_tree_clean. Since 0.1 */
WICK_API uint32_t wick_tree_dirty(const struct wick_tree *tree, int asker, const uint32_t **nodes);

/* Empty an asker's list. Since 0.1 */
WICK_API void wick_tree_clean(struct wick_tree *tree, int asker);

/* Read a node (0 .. stats.nodes - 1); pointers in it are borrowed until the next feed. Since 0.1 */
WICK_API void wick_tree_node(const struct wick_tree *tree, uint32_t node, struct wick_node_info *info);

/* Return the first root; the others are its siblings. WICK_NONE when the tree is empty. Since 0.1 */
WICK_API uint32_t wick_tree_first_root(const struct wick_tree *tree);

/* Read at most `capacity` kept marks of a WICK_NODE_MARK node; returns how many are kept. Since 0.1 */
WICK_API uint32_t wick_tree_marks(const struct wick_tree *tree, uint32_t node,
                                  struct wick_mark_info *marks, uint32_t capacity);

/* Read a lock or counter, in order of first appearance; 0 when index is past the last. Since 0.1 */
WICK_API int wick_tree_lock(const struct wick_tree *tree, uint32_t index, struct wick_lock_info *info);
WICK_API int wick_tree_counter(const struct wick_tree *tree, uint32_t index,
                               struct wick_counter_info *info);

/* Return how many events the recorder refused on this track. Since 0.1 */
WICK_API uint64_t wick_tree_track_lost(const struct wick_tree *tree, uint32_t track);

/*
 * Read a scope of a track that is open after the last record; level 0 is the outermost.
 *
 * Returns    1, or 0 when level is not below the number of open scopes
 * Since      0.1
 */
WICK_API int wick_tree_open_scope(const struct wick_tree *tree, uint32_t track, uint32_t level,
                                  uint32_t *node, int64_t *start_ns);

/* Read the text of that scope; returns its size, 0 when the site's literal is the text. Borrowed until the next feed.
 * Since 0.1 */
WICK_API uint32_t wick_tree_open_text(const struct wick_tree *tree, uint32_t track, uint32_t level,
                                      const char **text);

/* Return how many scopes of a track are open after the last record. Since 0.1 */
WICK_API uint32_t wick_tree_depth(const struct wick_tree *tree, uint32_t track);

/* Read the totals of the tree. Since 0.1 */
WICK_API void wick_tree_stats_read(const struct wick_tree *tree, struct wick_tree_stats *stats);

/* ---- text: the tree for people -------------------------------------------------------------- */

/* The receiver of text. A negative result ends the rendering, which returns it. */
struct wick_text_out {
    int (*write)(void *user, const char *bytes, size_t count);
    void *user;
};

struct wick_text_options {
    uint32_t width;        /* columns; 0: 100 */
    uint32_t depth;        /* levels to show; 0: all */
    uint32_t children;     /* shown per scope, the longest; 0: all */
    uint32_t tracks;       /* shown, the longest; 0: all */
    int64_t min_ns;        /* leave out scopes whose total is shorter */
    uint8_t no_times;      /* print only what does not vary between runs: names, counts, failed, marks */
    uint8_t colours;       /* ANSI escapes */
    uint8_t by_total;      /* longest first; otherwise in order of first appearance */
    const uint8_t *hidden; /* one per node; not 0: leave out the node and those below it; NULL: none */
};

/*
 * Render the tree as text: two spaces per level, `name elapsed`, marks as `@absolute(relative) text`.
 *
 * tree       settled by the caller; not changed
 * options    NULL: the defaults
 * Errors     WICK_E_NOMEM, or what out->write returned
 * Since      0.1
 */
WICK_API int wick_tree_render(const struct wick_tree *tree, const struct wick_names *names,
                              const struct wick_text_options *options, const struct wick_text_out *out);

/* What a run, or the runs of a log, were told to leave out. Zeroed: nothing. */
struct wick_left_out {
    const char *filter; /* WICK_FILTER; NULL: none */
    int64_t min_ns;     /* WICK_MIN; 0: none */
    uint64_t scopes;    /* left out by either, without those that a name switched off */
    uint64_t pauses;    /* of recording */
    uint64_t lost;      /* events */
    uint8_t differ;     /* several runs were told different things; filter and min_ns are those of the first */
};

/* Write what was left out, as lines for people below a table that it falsifies; none where nothing was left out. Returns 0
 * or what out->write returned. Since 0.1 */
WICK_API int wick_text_left_out(const struct wick_left_out *left_out, const struct wick_text_out *out);

/*
 * Copy a text as a terminal may get it: controls (but LF and tab) and bidirectional controls as escapes, `\x1b` or
 * `\u202e`, and U+FFFD for bytes that are not UTF-8. Returns the bytes of the whole, without a NUL.
 *
 * to         gets what fits into `capacity` whole characters
 * Since      0.1
 */
WICK_API size_t wick_text_safe(char *to, size_t capacity, const char *text, size_t bytes);

WICK_I_EXTERN_END

#endif
