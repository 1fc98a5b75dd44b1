/*
 * SPDX-License-Identifier: MIT
 * The library's version. CMake reads the numbers and the date from here.
 */
#ifndef WICK_VERSION_H
#define WICK_VERSION_H

/* Before 1.0 the ABI changes with MINOR. */
#define WICK_VERSION_MAJOR 0
#define WICK_VERSION_MINOR 1
#define WICK_VERSION_PATCH 0

/* Of the man pages, and of the files in packages: a build gives the same bytes on any day. */
#define WICK_VERSION_DATE "2026-12-01"

/* One number that grows with each version: 0x00MMmmpp. */
#define WICK_VERSION                                                                              \
    ((WICK_VERSION_MAJOR << 16) | (WICK_VERSION_MINOR << 8) | WICK_VERSION_PATCH)

#endif
