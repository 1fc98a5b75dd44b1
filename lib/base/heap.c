/*
 * SPDX-License-Identifier: MIT
 * The C library's heap as the model's allocator. See heap.h.
 */
#include "heap.h"

#include <stdlib.h>

static void *resize(void *user, void *old, size_t old_bytes, size_t bytes)
{
    (void)user;
    (void)old_bytes;
    if (bytes) {
        return realloc(old, bytes);
    }
    free(old);
    return NULL;
}

const struct wick_allocator wk_heap_allocator = {resize, NULL};
