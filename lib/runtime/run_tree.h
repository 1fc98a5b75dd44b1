/*
 * SPDX-License-Identifier: MIT
 * The table of names and the tree of a run, and the mutex by which other threads than their owner's read them. The owner
 * (the drain; a server without one) alone changes them, holding the mutex, and may read them without. It feeds a batch into
 * the tree after the sinks have taken it. Lock order: nothing is locked inside but what sinks lock in `records`.
 */
#ifndef WICK_LIB_RUNTIME_RUN_TREE_H
#define WICK_LIB_RUNTIME_RUN_TREE_H

#include <pthread.h>
#include <stdbool.h>

#include <wick/model.h>

struct wk_run_tree {
    pthread_mutex_t lock;
    struct wick_names *names; /* it only grows */
    struct wick_tree *tree;   /* NULL: nobody has asked */
    uint64_t lost;            /* names, and records, that found no memory */
    bool starved;             /* a site found no memory: records are lost from then on */
    uint32_t holders;
};

/* NULL: no memory. The caller is its first holder. */
struct wk_run_tree *wk_run_tree_create(void);
/* Another holder; the last one to release it frees it. NULL is allowed. */
struct wk_run_tree *wk_run_tree_hold(struct wk_run_tree *run_tree);
void wk_run_tree_release(struct wk_run_tree *run_tree);

/* From now on there is a tree, the same for all who ask. Before the first records. False: no memory. */
bool wk_run_tree_ask(struct wk_run_tree *run_tree);
/* Feed the tree, if there is one. */
void wk_run_tree_feed_locked(struct wk_run_tree *run_tree, const struct wick_record *records, size_t count);

#endif
