/*
 * SPDX-License-Identifier: MIT
 * Another process's recording memory: its file, mapped read-only, each segment wherever there is room.
 * Nothing in it is believed before it was checked: a reference is followed only within its segment.
 * No part of libwick.
 */
#ifndef WICK_LIB_BASE_POOL_VIEW_H
#define WICK_LIB_BASE_POOL_VIEW_H

#include "pool.h"

struct wk_pool_view {
    struct {
        const char *base; /* NULL: no such segment */
        uint64_t bytes;
    } segments[WK_POOL_SEGMENTS];
    uint32_t segment_count;
};

/* Map every segment of a file that a process has recorded to. 0, or an error, whose detail says what is wrong where;
 * then nothing is mapped. The view is zeroed memory of the caller's. */
int wk_pool_view_open(struct wk_pool_view *view, int file);
void wk_pool_view_close(struct wk_pool_view *view);

/* The header of segment 0: who records, and the clock. */
const struct wk_pool_header *wk_pool_view_header(const struct wk_pool_view *view);

/* What a reference names, if so many bytes of its segment lie there, behind the header; NULL: it names nothing. */
const void *wk_pool_view_at(const struct wk_pool_view *view, uint64_t reference, uint64_t bytes);

#endif
