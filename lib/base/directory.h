/*
 * SPDX-License-Identifier: MIT
 * Where relative paths begin: the working directory when recording began, wherever the program goes later.
 */
#ifndef WICK_LIB_BASE_DIRECTORY_H
#define WICK_LIB_BASE_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>

/* Remember the working directory, until the next call. One thread at a time, none that reads it. */
void wk_directory_note(void);

/* The path of a name, from that directory or, where it is unknown, from where the process is now; false: it is too long. A path from
 * the root stays as it is. */
bool wk_directory_path(char *out, size_t size, const char *name);

#endif
