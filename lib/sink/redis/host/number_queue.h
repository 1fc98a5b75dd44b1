/*
 * SPDX-License-Identifier: MIT
 * Numbers in the order in which they came. Invariant: what was taken out makes room before the queue grows.
 */
#ifndef WICK_LIB_SINK_REDIS_HOST_NUMBER_QUEUE_H
#define WICK_LIB_SINK_REDIS_HOST_NUMBER_QUEUE_H

#include <stdbool.h>

#include "base/heap.h"
#include "model/base/mem.h"

/* Zeroed: empty. */
struct wk_number_queue {
    struct wk_array items; /* uint32_t */
    uint32_t at;           /* of the next */
};

/* False: no memory. */
static inline bool wk_queue_push(struct wk_number_queue *queue, uint32_t number)
{
    struct wk_array *items = &queue->items;
    if (queue->at == items->count) {
        queue->at = items->count = 0;
    } else if (queue->at > items->count / 2 && items->count == items->capacity) {
        items->count -= queue->at;
        memmove(items->items, (uint32_t *)items->items + queue->at, items->count * sizeof(uint32_t));
        queue->at = 0;
    }
    if (wk_array_reserve(items, &wk_heap_allocator, items->count + 1, sizeof(uint32_t)) < 0) {
        return false;
    }
    ((uint32_t *)items->items)[items->count++] = number;
    return true;
}

/* False: it is empty. */
static inline bool wk_queue_pop(struct wk_number_queue *queue, uint32_t *number)
{
    if (queue->at == queue->items.count) {
        return false;
    }
    *number = ((uint32_t *)queue->items.items)[queue->at++];
    return true;
}

#endif
