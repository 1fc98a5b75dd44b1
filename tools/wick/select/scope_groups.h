/*
 * SPDX-License-Identifier: MIT
 * The selected scopes of a tree in groups (--by), and how long the calls of a group took.
 * Must not print. Invariant: see scope_groups.c.
 */
#ifndef WICK_TOOLS_WICK_SELECT_SCOPE_GROUPS_H
#define WICK_TOOLS_WICK_SELECT_SCOPE_GROUPS_H

#include "input/load.h"

struct scope_row {
    char *key;
    uint32_t node;
};

/* Sorted by key, then by node: a group is the rows of one key. */
struct scope_rows {
    struct scope_row *items;
    size_t count;
};

/* The rows of all scopes that --path selects; `by` is path, name, thread or location. Without memory: fewer. */
struct scope_rows scope_rows_collect(const struct load *load, const char *by);
void scope_rows_free(struct scope_rows *rows);
/* The index after the last row of the group that begins at `from`. */
size_t scope_rows_end(const struct scope_rows *rows, size_t from);
/* The order of the rows, for qsort and bsearch. */
int scope_rows_order(const void *x, const void *y);

/* Durations of calls, counted in buckets of the model. */
struct durations {
    struct wick_bucket_info *items;
    uint32_t count, capacity;
    uint64_t calls;
};

/* Add those of a node. */
void durations_add(struct durations *durations, const struct load *load, uint32_t node);
/* Sort by duration, which the following functions and readers of the items expect. */
void durations_sort(struct durations *durations);
int64_t durations_quantile(const struct durations *durations, uint32_t per_mille);

#endif
