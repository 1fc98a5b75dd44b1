/*
 * SPDX-License-Identifier: MIT
 * A stable merge sort. See order.h.
 */
#include "order.h"

/* One pass of a natural merge sort: merge each two neighbouring sorted runs into one; returns how many are left. */
static size_t merge_runs(char *to, const char *from, size_t count, size_t item_bytes, const struct wk_order *order)
{
    size_t runs = 0, at = 0;
    while (at < count) {
        size_t ends[2], end = at;
        for (int i = 0; i < 2; i++) {
            end += end < count;
            while (end < count && !order->less(order->user, from + end * item_bytes, from + (end - 1) * item_bytes)) {
                end++;
            }
            ends[i] = end;
        }
        size_t x = at, y = ends[0];
        for (size_t out = at; out < ends[1]; out++) {
            int second = x == ends[0] || (y < ends[1] && order->less(order->user, from + y * item_bytes,
                                                                    from + x * item_bytes));
            memcpy(to + out * item_bytes, from + (second ? y++ : x++) * item_bytes, item_bytes);
        }
        at = ends[1];
        runs++;
    }
    return runs;
}

int wk_order_sort(const struct wick_allocator *a, void *items, size_t count, size_t item_bytes, const struct wk_order *order)
{
    size_t i = 1;
    while (i < count && !order->less(order->user, (char *)items + i * item_bytes, (char *)items + (i - 1) * item_bytes)) {
        i++;
    }
    if (i >= count) {
        return 0;
    }
    char *from = items, *to = wk_mem_resize(a, NULL, 0, count * item_bytes), *scratch = to;
    if (!scratch) {
        return WICK_E_NOMEM;
    }
    for (size_t runs = 2; runs > 1;) {
        runs = merge_runs(to, from, count, item_bytes, order);
        char *other = from;
        from = to;
        to = other;
    }
    if (from == scratch) {
        memcpy(items, scratch, count * item_bytes);
    }
    wk_mem_free(a, scratch, count * item_bytes);
    return 0;
}
