/*
 * SPDX-License-Identifier: MIT
 * Maps the address of an instrumented function to its site id; read without a lock at every call and return.
 * Allocates with mmap only. Invariant: a slot's id never changes once its address is visible.
 */
#ifndef WICK_LIB_FUNCTIONS_FUNCTION_TABLE_H
#define WICK_LIB_FUNCTIONS_FUNCTION_TABLE_H

#include <stdint.h>

enum { WK_FUNCTION_UNKNOWN = -1, WK_FUNCTION_EXCLUDED = 0 };

struct wk_function_slot {
    uintptr_t function; /* 0: free; release after id */
    uint32_t id;        /* of its site; WK_FUNCTION_EXCLUDED: WICK_FUNCTIONS excludes it */
    uint32_t unused;
};

struct wk_function_table {
    struct wk_function_slot *slots;
    uint32_t shift; /* 64 - log2 of the number of slots */
    uint32_t mask;
    uint32_t count; /* under the lock */
};

extern struct wk_function_table *wk_function_table; /* NULL before the first function; release */

static inline __attribute__((no_instrument_function)) int64_t wk_function_find(uintptr_t function)
{
    /* Pairs with the release in wk_function_add. */
    const struct wk_function_table *table = __atomic_load_n(&wk_function_table, __ATOMIC_ACQUIRE);

    if (__builtin_expect(!table, 0)) {
        return WK_FUNCTION_UNKNOWN;
    }
    uint32_t at = (uint32_t)((uint64_t)function * 0x9e3779b97f4a7c15u >> table->shift);
    for (;; at++) {
        const struct wk_function_slot *slot = &table->slots[at & table->mask];
        /* Pairs with the release in wk_function_add: the id is there before the address. */
        uintptr_t seen = __atomic_load_n(&slot->function, __ATOMIC_ACQUIRE);

        if (__builtin_expect(seen == function, 1)) {
            return slot->id;
        }
        if (!seen) {
            return WK_FUNCTION_UNKNOWN;
        }
    }
}

/* Add a function. Takes the table's lock. Without memory nothing is added, and the next call tries again. */
void wk_function_add(uintptr_t function, uint32_t id);
/* Forget every function in [from, to): its object was unloaded. */
void wk_function_forget(uintptr_t from, uintptr_t to);

#endif
