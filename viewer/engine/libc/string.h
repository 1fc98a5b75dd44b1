/*
 * SPDX-License-Identifier: MIT
 * The four functions that lib/model needs of a C library, for a target that has none.
 * Must not grow. Invariant: wasm_memory.c defines them.
 */
#ifndef WICK_VIEWER_ENGINE_LIBC_STRING_H
#define WICK_VIEWER_ENGINE_LIBC_STRING_H

#include <stddef.h>

void *memcpy(void *to, const void *from, size_t count);
void *memmove(void *to, const void *from, size_t count);
void *memset(void *to, int value, size_t count);
int memcmp(const void *x, const void *y, size_t count);

#endif
