/*
 * SPDX-License-Identifier: MIT
 * An allocator like realloc, for the parts of the model that a recording process uses. Objects of the read side take
 * struct wick_allocator instead.
 */
#ifndef WICK_LIB_MODEL_BASE_MEMORY_H
#define WICK_LIB_MODEL_BASE_MEMORY_H

#include <stddef.h>

struct wk_memory {
    void *(*resize)(void *old, size_t bytes);
};

#endif
