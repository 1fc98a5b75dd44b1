/*
 * SPDX-License-Identifier: MIT
 * Where relative paths begin: the working directory when recording began, wherever the program goes later.
 */
#ifndef WICK_LIB_BASE_DIRECTORY_H
#define WICK_LIB_BASE_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Remember the working directory, until the next call. One thread at a time, none that reads it. */
void wk_directory_note(void);

/* The path of a name, from that directory or, where it is unknown, from where the process is now; false: it is too long. A path from
 * the root stays as it is. */
bool wk_directory_path(char *out, size_t size, const char *name);

/* How a setting names an output: %p is the pid, %h the host, %% a %. */
struct wk_output {
    const char *pattern, *host;
    uint32_t pid;
};

/* The path of an output. It becomes absolute, since the host may change its directory, or has. False: it does not fit. */
bool wk_directory_expand(char *path, size_t bytes, const struct wk_output *output);

#endif
