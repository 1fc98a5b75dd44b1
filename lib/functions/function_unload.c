/*
 * SPDX-License-Identifier: MIT
 * Interposes dlclose and forgets the functions of unloaded objects, since another object may get their addresses.
 * Must not change what dlclose does.
 */
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <string.h>

#include <wick/compiler.h>

#include "function_table.h"

enum { OBJECTS = 256 };

struct ranges {
    uintptr_t from[OBJECTS], to[OBJECTS];
    int count;
};

static int take_range(struct dl_phdr_info *info, size_t bytes, void *user)
{
    struct ranges *ranges = user;
    uintptr_t from = UINTPTR_MAX, to = 0;

    (void)bytes;
    for (uint32_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];

        if (p->p_type != PT_LOAD) {
            continue;
        }
        from = info->dlpi_addr + p->p_vaddr < from ? info->dlpi_addr + p->p_vaddr : from;
        to = info->dlpi_addr + p->p_vaddr + p->p_memsz > to ? info->dlpi_addr + p->p_vaddr + p->p_memsz : to;
    }
    if (ranges->count < OBJECTS && from < to) {
        ranges->from[ranges->count] = from;
        ranges->to[ranges->count++] = to;
    }
    return 0;
}

static int is_in(const struct ranges *ranges, uintptr_t from)
{
    for (int i = 0; i < ranges->count; i++) {
        if (ranges->from[i] == from) {
            return 1;
        }
    }
    return 0;
}

WICK_API int dlclose(void *handle);

int dlclose(void *handle)
{
    static int (*next)(void *);
    struct ranges before = {.count = 0}, after = {.count = 0};
    int saved = errno, result;

    if (!next) {
        *(void **)&next = dlsym(RTLD_NEXT, "dlclose");
    }
    if (wk_function_table) {
        dl_iterate_phdr(take_range, &before);
    }
    errno = saved;
    result = next ? next(handle) : -1;
    saved = errno;
    if (wk_function_table) {
        dl_iterate_phdr(take_range, &after);
    }
    for (int i = 0; i < before.count; i++) {
        if (!is_in(&after, before.from[i])) {
            wk_function_forget(before.from[i], before.to[i]);
        }
    }
    errno = saved;
    return result;
}
