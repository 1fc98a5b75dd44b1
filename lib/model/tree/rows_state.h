/*
 * SPDX-License-Identifier: MIT
 * The inside of rows: the sums of a group of nodes, and the groups of a tree.
 * Invariant: a group's numbers do not depend on the order in which its nodes were added.
 */
#ifndef WICK_LIB_MODEL_TREE_ROWS_STATE_H
#define WICK_LIB_MODEL_TREE_ROWS_STATE_H

#include "tree_state.h"

/* The sums of one or more nodes; `node` is the first. Zeroed: of none. */
struct wk_group {
    uint32_t node, nodes;
    uint64_t failed, unfinished, open, values, values_not_finite, inner;
    int64_t total_ns, self_ns, open_ns;
    int64_t min_ns, max_ns; /* of ended scopes */
    int64_t open_max_ns;
    int64_t cpu_ns;
    uint64_t cpu_count;
    struct wk_exact value_sum;
    struct wk_calls calls; /* ended; its histogram is borrowed from the node, unless `owned` */
    uint8_t owned;
    uint32_t first_sum; /* in the rows' sums, + 1; 0: none */
};

/* A named sum of a group. */
struct wk_named_sum {
    uint32_t site, next; /* next: the group's next sum, + 1 */
    uint64_t values, not_finite;
    struct wk_exact sum;
};

/* The sum of one node; borrows its histogram. */
struct wk_group wk_group_of(const struct wick_tree *tree, uint32_t node, int64_t now_ns);
/* wick_rows_node at a time of the caller's, whatever wick_tree_settle says. */
void wk_rows_node(const struct wick_tree *tree, uint32_t node, int64_t now_ns, struct wick_row_info *info);
/* -1: no scope has ended. */
int64_t wk_group_mean(const struct wk_group *group);
int64_t wk_group_quantile(const struct wk_group *group, uint32_t per_mille);

struct wick_rows {
    const struct wick_tree *tree;
    struct wk_array groups; /* struct wk_group */
    struct wk_array sums;   /* struct wk_named_sum */
    int64_t whole_ns;     /* time of all threads */
};

/*
 * Group scopes by a key per node; one that is not below `key_count` is in no row. NULL: no memory.
 *
 * keys  borrows; NULL: by site
 */
struct wick_rows *wk_rows_group(const struct wick_tree *tree, const uint32_t *keys, uint32_t key_count);

#endif
