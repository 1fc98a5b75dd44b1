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

/* An arena that only grows: strings and tables that live as long as the process. */
struct wk_pages {
    char *next;
    char *end;
};

/* 8-byte aligned, zeroed; NULL when there is no memory. Locked by the caller. */
void *wk_pages_alloc_locked(struct wk_pages *arena, size_t bytes);
/* A copy of `bytes` bytes, terminated. */
char *wk_pages_copy_locked(struct wk_pages *arena, const char *text, size_t bytes);

#endif
