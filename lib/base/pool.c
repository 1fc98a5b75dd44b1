/*
 * SPDX-License-Identifier: MIT
 * Segments, and what is cut from them. See pool.h.
 * Small things share segments of 1 MiB, whose pages are touched only when they are used; large ones have segments of their
 * own. A block that is given back waits in the list of its class. Beyond a few of a class its pages go back to the kernel,
 * but the mapping stays: numbers of segments are never used again for something else.
 */
#include "pool.h"

#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pages.h"

enum {
    SEGMENT_BYTES = 1024 * 1024,
    OWN_SEGMENT_BYTES = SEGMENT_BYTES / 4, /* from here on a thing has a segment of its own; */
    OWN_SEGMENT_CLASS = 4,                 /* blocks from 64 KiB on */
    SPARE_BYTES_MAX = 4 << 20,             /* of each class, that keep their pages */
    HEADER_BYTES = sizeof(struct wk_pool_header),
};

char *wk_pool_bases[WK_POOL_SEGMENTS];

static struct {
    pthread_mutex_t lock;
    int file;               /* -1: private memory */
    uint64_t file_bytes;    /* of its segments */
    uint32_t segment_count;
    uint32_t current;       /* the segment that small things come from */
    uint64_t free_blocks[WK_POOL_CLASSES];
    uint32_t free_count[WK_POOL_CLASSES];
} pool = {.lock = PTHREAD_MUTEX_INITIALIZER, .file = -1};

static struct wk_pool_header *header_of(uint32_t segment)
{
    return (struct wk_pool_header *)(void *)wk_pool_bases[segment];
}

void wk_pool_share(int file)
{
    pool.file = file;
}

bool wk_pool_is_shared(void)
{
    return pool.file >= 0;
}

/* ---- segments -------------------------------------------------------------------------------- */

static uint64_t round_up(uint64_t bytes, uint64_t unit)
{
    return (bytes + unit - 1) & ~(unit - 1);
}

static char *map_locked(uint64_t bytes)
{
    if (pool.file < 0) {
        return wk_pages_alloc(bytes);
    }
    if (fallocate(pool.file, 0, (off_t)pool.file_bytes, (off_t)bytes) != 0) {
        return NULL;
    }
    char *base = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, pool.file, (off_t)pool.file_bytes);
    if (base == MAP_FAILED) {
        return NULL;
    }
    pool.file_bytes += bytes;
    return base;
}

/* The drain may write its slope at the same time. */
static struct wk_pool_clock clock_of_first(void)
{
    const struct wk_pool_clock *first = &header_of(0)->clock;
    struct wk_pool_clock clock = {.anchor_ticks = first->anchor_ticks,
                                  .anchor_mono_ns = first->anchor_mono_ns,
                                  .anchor_wall_ns = first->anchor_wall_ns,
                                  .is_counter = first->is_counter};

    __atomic_load(&first->ns_per_tick, &clock.ns_per_tick, __ATOMIC_RELAXED); /* see wk_pool_set_slope */
    return clock;
}

/* A new segment of at least so many bytes, its header included. False: no memory, or no number is left. */
static bool add_segment_locked(uint64_t bytes, uint32_t *segment)
{
    uint32_t number = pool.segment_count;

    bytes = round_up(bytes, (uint64_t)sysconf(_SC_PAGESIZE));
    char *base = number < WK_POOL_SEGMENTS ? map_locked(bytes) : NULL;
    if (!base) {
        return false;
    }
    wk_pool_bases[number] = base;
    pool.segment_count++;
    struct wk_pool_header *header = header_of(number);
    *header = (struct wk_pool_header){.version = WK_POOL_VERSION,
                                      .segment = number,
                                      .bytes = bytes,
                                      .used = HEADER_BYTES,
                                      .pid = (uint64_t)getpid(),
                                      .start_ns = number ? header_of(0)->start_ns : wk_clock_wall_ns()};
    if (number) {
        header->clock = clock_of_first();
    }
    wk_pool_publish(&header->magic, WK_POOL_MAGIC);
    *segment = number;
    return true;
}

/* What is left of a segment; 0: that is too little. */
static uint64_t cut_locked(uint32_t segment, uint64_t bytes, uint64_t alignment)
{
    struct wk_pool_header *header = header_of(segment);
    uint64_t at = round_up(header->used, alignment);

    if (at + bytes > header->bytes) {
        return 0;
    }
    header->used = at + bytes;
    return (uint64_t)segment << WK_POOL_BYTE_BITS | at;
}

static uint64_t alloc_own_locked(uint64_t bytes, uint64_t alignment)
{
    uint32_t segment;

    return add_segment_locked(round_up(HEADER_BYTES, alignment) + bytes, &segment) ? cut_locked(segment, bytes, alignment)
                                                                                   : 0;
}

static uint64_t alloc_locked(uint64_t bytes, uint64_t alignment)
{
    if (bytes >= OWN_SEGMENT_BYTES) {
        return alloc_own_locked(bytes, alignment);
    }
    uint64_t place = pool.segment_count ? cut_locked(pool.current, bytes, alignment) : 0;
    if (!place && add_segment_locked(SEGMENT_BYTES, &pool.current)) {
        place = cut_locked(pool.current, bytes, alignment);
    }
    return place;
}

bool wk_pool_begin(const struct wk_anchor *anchor, bool is_counter)
{
    pthread_mutex_lock(&pool.lock);
    bool begun = pool.segment_count || add_segment_locked(SEGMENT_BYTES, &pool.current);
    if (begun) {
        header_of(0)->clock = (struct wk_pool_clock){.anchor_ticks = anchor->ticks,
                                                     .anchor_mono_ns = anchor->mono_ns,
                                                     .anchor_wall_ns = anchor->wall_ns,
                                                     .is_counter = is_counter};
    }
    pthread_mutex_unlock(&pool.lock);
    return begun;
}

void wk_pool_set_slope(double ns_per_tick)
{
    /* Relaxed: one word, any age will do. Pairs with another process's look. */
    __atomic_store(&header_of(0)->clock.ns_per_tick, &ns_per_tick, __ATOMIC_RELAXED);
}

void wk_pool_set_root(uint64_t root)
{
    wk_pool_publish(&header_of(0)->root, root);
}

uint64_t wk_pool_alloc(uint64_t bytes, uint64_t alignment)
{
    pthread_mutex_lock(&pool.lock);
    uint64_t place = alloc_locked(bytes, alignment);
    pthread_mutex_unlock(&pool.lock);
    return place;
}

uint64_t wk_pool_piece_locked(struct wk_pool_pieces *pieces, uint64_t bytes, uint64_t chunk_bytes)
{
    bytes = round_up(bytes, sizeof(uint64_t));
    if (pieces->left < bytes) {
        uint64_t chunk = wk_pool_alloc(chunk_bytes > bytes ? chunk_bytes : bytes, 256);

        if (!chunk) {
            return 0;
        }
        *pieces = (struct wk_pool_pieces){chunk, chunk_bytes > bytes ? chunk_bytes : bytes};
    }
    uint64_t piece = pieces->next;
    pieces->next += bytes;
    pieces->left -= bytes;
    return piece;
}

/* ---- blocks ---------------------------------------------------------------------------------- */

uint32_t wk_pool_class(uint64_t bytes)
{
    uint32_t class = 0;

    while (class < WK_POOL_CLASSES && wk_pool_class_bytes(class) < bytes) {
        class++;
    }
    return class;
}

uint64_t wk_pool_take(uint32_t class)
{
    uint64_t bytes = wk_pool_class_bytes(class);

    pthread_mutex_lock(&pool.lock);
    uint64_t block = pool.free_blocks[class];
    if (block) {
        memcpy(&pool.free_blocks[class], wk_pool_at(block), sizeof block); /* a free block begins with the next one */
        pool.free_count[class]--;
    } else {
        block = class >= OWN_SEGMENT_CLASS ? alloc_own_locked(bytes, 64) : alloc_locked(bytes, 4096);
    }
    pthread_mutex_unlock(&pool.lock);
    return block;
}

/* Its pages go back to the kernel, but the first, which links it. A file keeps its pages: a later store must not fail. */
static void empty_block(uint64_t block, uint64_t bytes)
{
    uint64_t page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
    uint64_t from = round_up((uintptr_t)wk_pool_at(block) + sizeof block, page_bytes);
    uint64_t to = ((uintptr_t)wk_pool_at(block) + bytes) & ~(page_bytes - 1);

    if (from < to && !wk_pool_is_shared()) {
        (void)!madvise((void *)(uintptr_t)from, to - from, MADV_DONTNEED); /* refused: they stay, that is all */
    }
}

void wk_pool_give(uint64_t block, uint32_t class)
{
    uint64_t bytes = wk_pool_class_bytes(class);

    pthread_mutex_lock(&pool.lock);
    /* The list is a stack: those that keep their pages are the ones at its bottom. */
    bool is_spare = (pool.free_count[class] + 1) * bytes <= SPARE_BYTES_MAX;
    pthread_mutex_unlock(&pool.lock);
    if (!is_spare) { /* without the lock: this may take a millisecond */
        empty_block(block, bytes);
    }
    pthread_mutex_lock(&pool.lock);
    memcpy(wk_pool_at(block), &pool.free_blocks[class], sizeof block);
    pool.free_blocks[class] = block;
    pool.free_count[class]++;
    pthread_mutex_unlock(&pool.lock);
}

/* ---- fork ------------------------------------------------------------------------------------ */

void wk_pool_lock(void)
{
    pthread_mutex_lock(&pool.lock);
}

void wk_pool_unlock(void)
{
    pthread_mutex_unlock(&pool.lock);
}

void wk_pool_fork_child_locked(void)
{
    int64_t start_ns = wk_clock_wall_ns();

    for (uint32_t segment = 0; segment < pool.segment_count && !wk_pool_is_shared(); segment++) {
        header_of(segment)->pid = (uint64_t)getpid();
        header_of(segment)->start_ns = start_ns;
    }
}
