/*
 * SPDX-License-Identifier: MIT
 * Where the running program's file is: as the kernel names it, never as argv[0] does, which whoever starts it chooses.
 */
#ifndef WICK_LIB_BASE_PROGRAM_H
#define WICK_LIB_BASE_PROGRAM_H

#include <string.h>
#include <unistd.h>

/* The program's path; its length, or 0 with "" when it is not known. */
static inline size_t wk_program_path(char *out, size_t bytes)
{
    ssize_t got = readlink("/proc/self/exe", out, bytes - 1);

    out[got > 0 ? got : 0] = 0;
    return strlen(out);
}

/* The path of the directory around it, without the last slash; "" when it is not known. */
static inline void wk_program_directory(char *out, size_t bytes)
{
    wk_program_path(out, bytes);
    char *slash = strrchr(out, '/');
    *(slash ? slash : out) = 0;
}

#endif
