/*
 * SPDX-License-Identifier: MIT
 * Life of a run's names and tree. See run_tree.h.
 */
#include "run_tree.h"

#include <stdlib.h>

#include "base/heap.h"

struct wk_run_tree *wk_run_tree_create(void)
{
    struct wk_run_tree *run_tree = calloc(1, sizeof *run_tree);

    if (!run_tree) {
        return NULL;
    }
    pthread_mutex_init(&run_tree->lock, NULL);
    run_tree->holders = 1;
    run_tree->names = wick_names_create(&wk_heap_allocator);
    if (!run_tree->names) {
        wk_run_tree_release(run_tree);
        return NULL;
    }
    return run_tree;
}

struct wk_run_tree *wk_run_tree_hold(struct wk_run_tree *run_tree)
{
    if (run_tree) {
        pthread_mutex_lock(&run_tree->lock);
        run_tree->holders++;
        pthread_mutex_unlock(&run_tree->lock);
    }
    return run_tree;
}

void wk_run_tree_release(struct wk_run_tree *run_tree)
{
    if (!run_tree) {
        return;
    }
    pthread_mutex_lock(&run_tree->lock);
    uint32_t left = --run_tree->holders;
    pthread_mutex_unlock(&run_tree->lock);
    if (left) {
        return;
    }
    wick_tree_destroy(run_tree->tree);
    wick_names_destroy(run_tree->names);
    pthread_mutex_destroy(&run_tree->lock);
    free(run_tree);
}

bool wk_run_tree_ask(struct wk_run_tree *run_tree)
{
    pthread_mutex_lock(&run_tree->lock);
    if (!run_tree->tree) {
        run_tree->tree = wick_tree_create(&wk_heap_allocator);
    }
    bool good = run_tree->tree != NULL;
    pthread_mutex_unlock(&run_tree->lock);
    return good;
}

void wk_run_tree_feed_locked(struct wk_run_tree *run_tree, const struct wick_record *records, size_t count)
{
    if (run_tree->tree && wick_tree_feed(run_tree->tree, records, count) < 0) {
        run_tree->lost += count;
    }
}
