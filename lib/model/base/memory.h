/*
 * SPDX-License-Identifier: MIT
 * Memory as realloc gives it, for those parts of the model that recording uses too.
 * Must not grow: objects of the read side take struct wick_allocator. Invariant: NULL, 0 frees or allocates.
 */
#ifndef WICK_LIB_MODEL_BASE_MEMORY_H
#define WICK_LIB_MODEL_BASE_MEMORY_H

#include <stddef.h>

struct wk_memory {
    void *(*resize)(void *old, size_t bytes);
};

#endif
