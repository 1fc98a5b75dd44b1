/*
 * SPDX-License-Identifier: MIT
 * Which object, the program or a library, an address is in.
 */
#ifndef WICK_LIB_BASE_MAPPED_OBJECT_H
#define WICK_LIB_BASE_MAPPED_OBJECT_H

#include <dlfcn.h>
#include <link.h>

/* NULL: none. Takes no lock where the C library has a function that takes none (glibc 2.35): the caller may be inside the
 * loader. */
static inline const struct link_map *wk_mapped_object(const void *address)
{
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 35)
    struct dl_find_object found = {0}; /* MemorySanitizer does not see the loader fill it */

    return _dl_find_object((void *)(size_t)address, &found) == 0 ? found.dlfo_link_map : NULL;
#else
    Dl_info info;
    void *map = NULL;

    return dladdr1(address, &info, &map, RTLD_DL_LINKMAP) ? map : NULL;
#endif
}

#endif
