/*
 * SPDX-License-Identifier: MIT
 * The C library's heap as the model's allocator, for the drain, the sinks and the tool. Must not be used in a
 * recording thread.
 */
#ifndef WICK_LIB_BASE_HEAP_H
#define WICK_LIB_BASE_HEAP_H

#include <wick/model.h>

extern const struct wick_allocator wk_heap_allocator;

#endif
