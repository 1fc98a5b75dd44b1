/*
 * SPDX-License-Identifier: MIT
 * Recording memory: threads, rings, the table of sites, long texts. It comes from the kernel in segments, never from malloc,
 * since the first event may come from the host's malloc. Nothing in it is an address: what refers to another place is a
 * reference, a segment's number (16 bits) and a byte in it (48 bits), so that another process can map the segments anywhere.
 * Segments stay for the life of the process. The lock is the last in the lock order: no other is taken under it.
 */
#ifndef WICK_LIB_BASE_POOL_H
#define WICK_LIB_BASE_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clock.h"

/* Raised by every change of a structure in the pool: this header, and in lib/record the root, threads, sites, slots. */
enum { WK_POOL_VERSION = 1 };
#define WK_POOL_MAGIC 0x6c6f6f706b636977u /* "wickpool" on a little-endian machine */

enum { WK_POOL_SEGMENTS = 65536, WK_POOL_BYTE_BITS = 48 };
#define WK_POOL_BYTE_MASK (((uint64_t)1 << WK_POOL_BYTE_BITS) - 1)

/* How the recorder's ticks become time. The line through the anchor, with the slope that the drain knows best. */
struct wk_pool_clock {
    uint64_t anchor_ticks;
    int64_t anchor_mono_ns;
    int64_t anchor_wall_ns;
    double ns_per_tick;      /* 0: not known yet */
    uint64_t is_counter;     /* 1: ticks are the processor's counter; 0: CLOCK_MONOTONIC nanoseconds */
};

/* At the start of each segment. Another process checks it before it uses anything else of the segment. */
struct wk_pool_header {
    uint64_t magic;          /* written last; 0: the segment is not ready */
    uint32_t version;
    uint32_t segment;        /* its number */
    uint64_t bytes;          /* of the mapping, this header included; in a file the next segment follows */
    uint64_t used;           /* of these, given out */
    uint64_t pid;            /* the process that records, */
    int64_t start_ns;        /* and the wall clock when it began to: together they name it */
    uint64_t root;           /* segment 0: reference of struct wk_root; others: 0 */
    struct wk_pool_clock clock; /* segment 0: kept fresh; others: as it was when the segment was made */
    uint64_t reserved[4];
};
_Static_assert(sizeof(struct wk_pool_header) == 128, "other processes read the header");

/* Where each segment lies in this process; NULL: no such segment. */
extern char *wk_pool_bases[WK_POOL_SEGMENTS];

/* The place that a reference of this process names; NULL for 0. */
static inline void *wk_pool_at(uint64_t reference)
{
    return reference ? wk_pool_bases[reference >> WK_POOL_BYTE_BITS] + (reference & WK_POOL_BYTE_MASK) : NULL;
}

/* Store a word of the pool for another process: one that looks after this one was killed finds the stores before it done
 * if it finds this one done. Within the process the recorder's locks order such words. */
static inline void wk_pool_publish(uint64_t *word, uint64_t value)
{
    __atomic_store_n(word, value, __ATOMIC_RELEASE); /* pairs with the other process's first look, after the kill */
    __atomic_signal_fence(__ATOMIC_SEQ_CST);         /* stores after it stay after it */
}

/* Take memory from a file from now on, instead of private memory, so that another process can map it. Before
 * wk_pool_begin. The file is borrowed for the life of the process; its space is allocated, so that no store can fail.
 * A forked child would write into its parent's file: it records nothing. */
void wk_pool_share(int file);
bool wk_pool_is_shared(void);

/* Make the first segment, unless it is there, and note the clock. False: no memory. */
bool wk_pool_begin(const struct wk_anchor *anchor, bool is_counter);
/* Keep the clock fresh: one store. After wk_pool_begin. */
void wk_pool_set_slope(double ns_per_tick);
void wk_pool_set_root(uint64_t root);

/* Zeroed memory that is never given back; 0: none. The alignment is a power of two of at most 4096. */
uint64_t wk_pool_alloc(uint64_t bytes, uint64_t alignment);

/* Equal or small things, cut from chunks of many. The rest of a chunk that is too small for the next one is lost. */
struct wk_pool_pieces {
    uint64_t next;
    uint64_t left;
};

/* Zeroed, aligned as `bytes` allows up to 256; 0: no memory. The caller guards the pieces. */
uint64_t wk_pool_piece_locked(struct wk_pool_pieces *pieces, uint64_t bytes, uint64_t chunk_bytes);

/* Blocks that are taken and given back, 4 KiB to 16 MiB: each class twice as large as the one before. A block that comes
 * again holds what it held. */
enum { WK_POOL_CLASSES = 13 };

static inline uint64_t wk_pool_class_bytes(uint32_t class)
{
    return (uint64_t)4096 << class;
}

/* The smallest class for so many bytes; WK_POOL_CLASSES: there is none. */
uint32_t wk_pool_class(uint64_t bytes);
/* 0: no memory. */
uint64_t wk_pool_take(uint32_t class);
void wk_pool_give(uint64_t block, uint32_t class);

/* Around fork: the child must find the lock free, and its copies of the headers name it. */
void wk_pool_lock(void);
void wk_pool_unlock(void);
void wk_pool_fork_child_locked(void);

#endif
