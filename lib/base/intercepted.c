/*
 * SPDX-License-Identifier: MIT
 * Intercepted functions. See intercepted.h.
 */
#include "intercepted.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "mapped_object.h"

/* What a run calls until its end, and what others like to replace. */
#define FUNCTIONS(X)                                                                                                 \
    X(clock_gettime) X(malloc) X(calloc) X(realloc) X(free) X(mmap) X(munmap) X(open) X(close) X(write) X(pwrite)    \
    X(fstat) X(ftruncate) X(rename) X(unlink) X(syscall) X(pthread_mutex_lock) X(pthread_create) X(pthread_join)

static const struct {
    const char *name;
    const void *address;
} functions[] = {
#define FUNCTION(name) {#name, (const void *)name},
    FUNCTIONS(FUNCTION)
#undef FUNCTION
};

enum { COUNT = sizeof functions / sizeof functions[0] };

/* The library that answers instead of libc; NULL: none does. */
static const struct link_map *other_library(const void *address)
{
    const struct link_map *object = wk_mapped_object(address);

    return object && object->l_prev && object != wk_mapped_object((const void *)getauxval) ? object : NULL;
}

bool wk_intercepted(const void *address)
{
    return other_library(address) != NULL;
}

void wk_intercepted_names(char *names, size_t bytes)
{
    size_t used = 0;

    names[0] = 0;
    for (int i = 0; i < COUNT && used < bytes; i++) {
        if (wk_intercepted(functions[i].address)) {
            used += (size_t)snprintf(names + used, bytes - used, "%s%s", used ? " " : "", functions[i].name);
        }
    }
}

/* exit finishes libraries in the order in which they were loaded, but each before those that it needs. */
bool wk_intercepted_early(void)
{
    const struct link_map *ours = wk_mapped_object((const void *)wk_intercepted_early);
    bool early = false;

    for (int i = 0; i < COUNT && !early; i++) {
        const struct link_map *other = other_library(functions[i].address);

        while (other && other != ours) {
            other = other->l_next;
        }
        early = other != NULL;
    }
    return early;
}
