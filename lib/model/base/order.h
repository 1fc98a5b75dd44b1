/*
 * SPDX-License-Identifier: MIT
 * Stable sorting.
 */
#ifndef WICK_LIB_MODEL_BASE_ORDER_H
#define WICK_LIB_MODEL_BASE_ORDER_H

#include "mem.h"

struct wk_order {
    int (*less)(const void *user, const void *x, const void *y);
    const void *user;
};

/* Sort items of a size. Items in order cost one pass and no memory; sorted runs are only merged. 0 or WICK_E_NOMEM. */
int wk_order_sort(const struct wick_allocator *a, void *items, size_t count, size_t item_bytes, const struct wk_order *order);

#endif
