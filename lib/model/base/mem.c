/*
 * SPDX-License-Identifier: MIT
 * Growing arrays, arena, hash and table of the model; see mem.h.
 * Invariant: sizes are checked before they are multiplied, so that a hostile log can exhaust memory but never wrap a
 * size.
 */
#include "mem.h"

#define ARENA_BLOCK_BYTES (64u * 1024u)

void *wk_mem_zeroed(const struct wick_allocator *a, size_t bytes)
{
    void *block = wk_mem_resize(a, NULL, 0, bytes);
    if (block) {
        memset(block, 0, bytes);
    }
    return block;
}

int wk_array_reserve(struct wk_array *array, const struct wick_allocator *a, uint32_t count,
                     size_t item_bytes)
{
    if (count <= array->capacity) {
        return 0;
    }
    uint64_t capacity = array->capacity ? (uint64_t)array->capacity * 2 : 16;
    while (capacity < count) {
        capacity *= 2; /* in 64 bits: count is at most 2^32 - 1, so this ends at 2^32 */
    }
    /* A power of two that fits 32 bits: at most 2^31 items. SIZE_MAX has 32 bits in WebAssembly. */
    if (capacity > UINT32_MAX || capacity > SIZE_MAX / item_bytes) {
        return WICK_E_NOMEM;
    }
    void *items = wk_mem_resize(a, array->items, array->capacity * item_bytes,
                                (size_t)capacity * item_bytes);
    if (!items) {
        return WICK_E_NOMEM;
    }
    array->items = items;
    array->capacity = (uint32_t)capacity;
    return 0;
}

int wk_array_append(struct wk_array *array, const struct wick_allocator *a, const void *bytes, size_t count)
{
    if (count > UINT32_MAX / 2 - array->count) { /* keeps the sum below 2^31, so that it cannot wrap */
        return WICK_E_NOMEM;
    }
    int rc = wk_array_reserve(array, a, array->count + (uint32_t)count, 1);
    if (rc >= 0 && count) {
        memcpy((char *)array->items + array->count, bytes, count);
        array->count += (uint32_t)count;
    }
    return rc;
}

int wk_array_copy(struct wk_array *array, const struct wick_allocator *a, const struct wk_array *from, size_t item_bytes)
{
    int rc = wk_array_reserve(array, a, from->count, item_bytes);
    if (rc >= 0 && from->count) {
        memcpy(array->items, from->items, from->count * item_bytes);
        array->count = from->count;
    }
    return rc;
}

void wk_array_free(struct wk_array *array, const struct wick_allocator *a, size_t item_bytes)
{
    wk_mem_free(a, array->items, array->capacity * item_bytes);
    array->items = NULL;
    array->count = array->capacity = 0;
}

struct wk_arena_block {
    struct wk_arena_block *next;
    size_t bytes;
};

void wk_arena_init(struct wk_arena *arena, const struct wick_allocator *allocator)
{
    *arena = (struct wk_arena){.allocator = allocator};
}

void wk_arena_fini(struct wk_arena *arena)
{
    for (struct wk_arena_block *block = arena->blocks; block;) {
        struct wk_arena_block *next = block->next;
        wk_mem_free(arena->allocator, block, block->bytes);
        block = next;
    }
    arena->blocks = NULL;
    arena->left = 0;
}

/* `align`: a power of two up to 16. Blocks are never moved or freed before wk_arena_fini, so pointers stay valid; the
 * rest of the old block is lost when a new one begins. */
void *wk_arena_take(struct wk_arena *arena, size_t bytes, size_t align)
{
    size_t skip = (size_t)(-(uintptr_t)arena->next) & (align - 1);
    if (arena->left < skip || arena->left - skip < bytes) {
        if (bytes > SIZE_MAX / 2) {
            return NULL;
        }
        size_t want = sizeof(struct wk_arena_block) + 16 + bytes; /* 16: the largest alignment may skip 15 */
        size_t block_bytes = want > ARENA_BLOCK_BYTES ? want : ARENA_BLOCK_BYTES;
        struct wk_arena_block *block = wk_mem_resize(arena->allocator, NULL, 0, block_bytes);
        if (!block) {
            return NULL;
        }
        *block = (struct wk_arena_block){arena->blocks, block_bytes};
        arena->blocks = block;
        arena->next = (char *)(block + 1);
        arena->left = block_bytes - sizeof *block;
        skip = (size_t)(-(uintptr_t)arena->next) & (align - 1);
    }
    void *taken = arena->next + skip;
    arena->next += skip + bytes;
    arena->left -= skip + bytes;
    return taken;
}

char *wk_arena_text(struct wk_arena *arena, const char *bytes, size_t count)
{
    char *text = wk_arena_take(arena, count + 1, 1);
    if (text) {
        if (count) {
            memcpy(text, bytes, count);
        }
        text[count] = 0;
    }
    return text;
}

uint64_t wk_mem_hash(const void *bytes, size_t count, uint64_t seed)
{
    const char *p = bytes;
    uint64_t h = seed ^ ((uint64_t)count * 0x9E3779B97F4A7C15u);
    while (count >= 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        h = wk_mem_mix(h ^ word, h >> 7);
        p += 8;
        count -= 8;
    }
    uint64_t rest = 0;
    for (size_t i = 0; i < count; i++) {
        rest = rest << 8 | (unsigned char)p[i];
    }
    return wk_mem_mix(h ^ rest, 0x51);
}

/* Ends, since the table is at most half full (wk_table_add). Entries are never removed, so that a lookup may stop at
 * the first empty slot. */
static void table_put(uint64_t *slots, uint32_t mask, uint64_t entry)
{
    uint32_t at = (uint32_t)(entry >> 32) & mask;
    while (slots[at]) {
        at = (at + 1) & mask;
    }
    slots[at] = entry;
}

static int table_grow(struct wk_table *table, const struct wick_allocator *a)
{
    size_t old_count = table->slots ? (size_t)table->mask + 1 : 0;
    size_t count = old_count ? old_count * 2 : 64;
    uint64_t *slots = count <= (size_t)1 << 31 ? wk_mem_zeroed(a, count * sizeof *slots) : NULL;
    if (!slots) {
        return WICK_E_NOMEM;
    }
    for (size_t i = 0; i < old_count; i++) { /* the tag alone places an entry: no key is hashed again */
        if (table->slots[i]) {
            table_put(slots, (uint32_t)(count - 1), table->slots[i]);
        }
    }
    wk_mem_free(a, table->slots, old_count * sizeof *slots);
    table->slots = slots;
    table->mask = (uint32_t)(count - 1);
    return 0;
}

int wk_table_add(struct wk_table *table, const struct wick_allocator *a, uint64_t hash, uint32_t index)
{
    if (!table->slots || table->used > table->mask / 2) {
        int rc = table_grow(table, a);
        if (rc < 0) {
            return rc;
        }
    }
    /* index + 1, so that 0 marks an empty slot whatever the tag is. */
    table_put(table->slots, table->mask, (hash >> 32 << 32) | ((uint64_t)index + 1));
    table->used++;
    return 0;
}

void wk_table_replace(struct wk_table *table, uint64_t hash, uint32_t from, uint32_t to)
{
    uint64_t tag = hash >> 32 << 32;
    uint32_t at = (uint32_t)(hash >> 32) & table->mask;
    while (table->slots[at] != (tag | ((uint64_t)from + 1))) {
        at = (at + 1) & table->mask;
    }
    table->slots[at] = tag | ((uint64_t)to + 1);
}

void wk_table_free(struct wk_table *table, const struct wick_allocator *a)
{
    wk_mem_free(a, table->slots, table->slots ? ((size_t)table->mask + 1) * sizeof *table->slots : 0);
    *table = (struct wk_table){0};
}
