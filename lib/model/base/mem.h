/*
 * SPDX-License-Identifier: MIT
 * Memory for the model: growing arrays, an arena for small strings, hash tables of indices.
 * Must not call libc beyond memcpy, memmove, memset and memcmp. Invariant: a failed allocation leaves an array, arena
 * or table as it was.
 */
#ifndef WICK_LIB_MODEL_BASE_MEM_H
#define WICK_LIB_MODEL_BASE_MEM_H

#include <string.h>

#include "wick/model.h"

/* Resize a block of the caller's allocator; NULL: no memory, the old block stays. */
static inline void *wk_mem_resize(const struct wick_allocator *a, void *block, size_t old_bytes,
                                  size_t new_bytes)
{
    return a->resize(a->user, block, old_bytes, new_bytes);
}

static inline void wk_mem_free(const struct wick_allocator *a, void *block, size_t bytes)
{
    if (block) {
        a->resize(a->user, block, bytes, 0);
    }
}

/* Zeroed memory. */
void *wk_mem_zeroed(const struct wick_allocator *a, size_t bytes);

/* Length of a string without its NUL. */
static inline size_t wk_mem_length(const char *text)
{
    size_t length = 0;
    while (text[length]) {
        length++;
    }
    return length;
}

static inline int wk_mem_same(const char *x, const char *y)
{
    size_t bytes = wk_mem_length(x);
    return bytes == wk_mem_length(y) && memcmp(x, y, bytes) == 0;
}

/* An array that grows by doubling; the caller knows the type of its items. */
struct wk_array {
    void *items;
    uint32_t count;
    uint32_t capacity;
};

/* Make room for `count` items in all; 0 or WICK_E_NOMEM. New room is not zeroed; items may move. */
int wk_array_reserve(struct wk_array *array, const struct wick_allocator *a, uint32_t count,
                     size_t item_bytes);
/* Append bytes to an array of bytes; 0 or WICK_E_NOMEM. */
int wk_array_append(struct wk_array *array, const struct wick_allocator *a, const void *bytes, size_t count);
/* Copy the items of `from` into an empty array; 0 or WICK_E_NOMEM. */
int wk_array_copy(struct wk_array *array, const struct wick_allocator *a, const struct wk_array *from, size_t item_bytes);
void wk_array_free(struct wk_array *array, const struct wick_allocator *a, size_t item_bytes);

/* Strings and small structs that live as long as their owner. */
struct wk_arena_block;
struct wk_arena {
    const struct wick_allocator *allocator;
    struct wk_arena_block *blocks;
    char *next;
    size_t left;
};

void wk_arena_init(struct wk_arena *arena, const struct wick_allocator *allocator);
void wk_arena_fini(struct wk_arena *arena);
void *wk_arena_take(struct wk_arena *arena, size_t bytes, size_t align);
/* A copy that ends with NUL; NULL: no memory. */
char *wk_arena_text(struct wk_arena *arena, const char *bytes, size_t count);

/* Hash of bytes, for tables. Not resistant to inputs made to collide. */
uint64_t wk_mem_hash(const void *bytes, size_t count, uint64_t seed);

/* An open-addressed table of indices: the owner keeps the keys and compares them itself. */
struct wk_table {
    uint64_t *slots; /* tag << 32 | index + 1; 0: empty. The tag is the upper half of the hash: it places the entry,
                      * so that growing needs no keys, and rules out most other keys without comparing them */
    uint32_t mask;
    uint32_t used;
};

/* Give the next index whose tag is the hash's, for the caller to compare keys; *probe starts at 0. WICK_NONE: none. */
static inline uint32_t wk_table_next(const struct wk_table *table, uint64_t hash, uint32_t *probe)
{
    if (!table->slots) {
        return WICK_NONE;
    }
    for (;;) {
        uint64_t found = table->slots[((uint32_t)(hash >> 32) + *probe) & table->mask];
        if (!found) {
            return WICK_NONE;
        }
        (*probe)++;
        if (found >> 32 == hash >> 32) {
            return (uint32_t)found - 1;
        }
    }
}
/* Let the entry of one index stand for another with the same hash. */
void wk_table_replace(struct wk_table *table, uint64_t hash, uint32_t from, uint32_t to);
int wk_table_add(struct wk_table *table, const struct wick_allocator *a, uint64_t hash, uint32_t index);
void wk_table_free(struct wk_table *table, const struct wick_allocator *a);
/* Hash of two small numbers. */
static inline uint64_t wk_mem_mix(uint64_t x, uint64_t y)
{
    uint64_t h = (x * 0x9E3779B97F4A7C15u) ^ (y * 0xC2B2AE3D27D4EB4Fu);
    h ^= h >> 29;
    h *= 0xBF58476D1CE4E5B9u;
    return h ^ (h >> 32);
}

#endif
