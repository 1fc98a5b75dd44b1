/*
 * SPDX-License-Identifier: MIT
 * The C library's heap as the model's allocator, and one that runs out of memory, for tests and benchmarks.
 * Must not keep state of its own. Invariant: once the failing one has failed it keeps failing.
 */
#ifndef WICK_TESTS_SUPPORT_HEAP_MEMORY_H
#define WICK_TESTS_SUPPORT_HEAP_MEMORY_H

#include <stdbool.h>
#include <stdlib.h>

#include <wick/model.h>

static inline void *heap_resize(void *user, void *block, size_t old_bytes, size_t bytes)
{
    (void)user;
    (void)old_bytes;
    if (bytes) {
        return realloc(block, bytes);
    }
    free(block);
    return NULL;
}

static const struct wick_allocator heap_allocator = {heap_resize, NULL};

/* The user of an allocator with failing_heap_resize: this many allocations succeed. */
struct failing_heap {
    uint64_t left;
    bool failed;
};

static inline void *failing_heap_resize(void *user, void *block, size_t old_bytes, size_t bytes)
{
    struct failing_heap *heap = user;
    if (bytes && (heap->failed || heap->left-- == 0)) {
        heap->failed = true;
        return NULL;
    }
    return heap_resize(NULL, block, old_bytes, bytes);
}

#endif
