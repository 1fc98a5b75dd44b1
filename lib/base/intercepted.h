/*
 * SPDX-License-Identifier: MIT
 * Functions of libc's that another library of the process answers instead: a preloaded clock, allocator or tracer. The
 * program's own definitions do not count: it is there as long as wick.
 */
#ifndef WICK_LIB_BASE_INTERCEPTED_H
#define WICK_LIB_BASE_INTERCEPTED_H

#include <stdbool.h>
#include <stddef.h>

/* Is this function of libc's, of which the linker gave us `address`, answered by another library? */
bool wk_intercepted(const void *address);
/* Those that wick calls, separated by blanks; "": none. */
void wk_intercepted_names(char *names, size_t bytes);
/* Does one of them belong to a library that exit finishes before wick? It must not be called any more then. */
bool wk_intercepted_early(void);

#endif
