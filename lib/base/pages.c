/*
 * SPDX-License-Identifier: MIT
 * Pages and the arena on top of them. See pages.h.
 */
#include "pages.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

enum { ARENA_CHUNK_BYTES = 64 * 1024 };

void *wk_pages_alloc(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    return memory == MAP_FAILED ? NULL : memory;
}

void wk_pages_free(void *memory, size_t bytes)
{
    munmap(memory, bytes);
}

void *wk_pages_alloc_locked(struct wk_pages *arena, size_t bytes)
{
    void *memory;

    bytes = (bytes + 7) & ~(size_t)7;
    if ((size_t)(arena->end - arena->next) < bytes) {
        size_t chunk_bytes = bytes > ARENA_CHUNK_BYTES / 4 ? bytes : ARENA_CHUNK_BYTES;
        char *chunk = wk_pages_alloc(chunk_bytes);

        if (!chunk) {
            return NULL;
        }
        if (chunk_bytes == bytes) { /* a large block gets a chunk of its own; the current chunk stays */
            return chunk;
        }
        arena->next = chunk;
        arena->end = chunk + chunk_bytes;
    }
    memory = arena->next;
    arena->next += bytes;
    return memory;
}

char *wk_pages_copy_locked(struct wk_pages *arena, const char *text, size_t bytes)
{
    char *copy = wk_pages_alloc_locked(arena, bytes + 1);

    if (copy) {
        memcpy(copy, text, bytes);
    }
    return copy;
}
