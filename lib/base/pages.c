/*
 * SPDX-License-Identifier: MIT
 * Pages from the kernel. See pages.h.
 */
#include "pages.h"

#include <sys/mman.h>

void *wk_pages_alloc(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    return memory == MAP_FAILED ? NULL : memory;
}

void wk_pages_free(void *memory, size_t bytes)
{
    munmap(memory, bytes);
}
