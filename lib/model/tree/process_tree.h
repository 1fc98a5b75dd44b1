/*
 * SPDX-License-Identifier: MIT
 * Which process of a set of logs hangs under which: children of fork and exec under what made them.
 * Invariant: a parent began before its child, so that there is no circle, whatever the logs say.
 */
#ifndef WICK_LIB_MODEL_TREE_PROCESS_TREE_H
#define WICK_LIB_MODEL_TREE_PROCESS_TREE_H

#include "model/base/mem.h"

#include <wick/names.h>

struct wk_process_tree {
    uint32_t count;
    uint32_t *parents; /* per process: another one; WICK_NONE: none of these logs */
    uint32_t *order;   /* the processes as they began */
};

/* WICK_E_NOMEM, or 0. To be freed in any case. */
int wk_process_tree_make(struct wk_process_tree *tree, const struct wick_names *names, const struct wick_allocator *a);
void wk_process_tree_free(struct wk_process_tree *tree, const struct wick_allocator *a);

#endif
