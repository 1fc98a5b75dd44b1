/*
 * SPDX-License-Identifier: MIT
 * Memory in whole pages from the kernel, for the recorder: it may run inside the host's malloc and must not call it.
 */
#ifndef WICK_LIB_BASE_PAGES_H
#define WICK_LIB_BASE_PAGES_H

#include <stddef.h>

/* Zeroed pages, or NULL. The caller unmaps them with wk_pages_free, or keeps them for ever. */
void *wk_pages_alloc(size_t bytes);
void wk_pages_free(void *memory, size_t bytes);

#endif
