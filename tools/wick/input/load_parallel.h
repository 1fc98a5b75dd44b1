/*
 * SPDX-License-Identifier: MIT
 * Reads one large file with several threads.
 * Must not be used for records that go elsewhere than to the tree. Invariant: see load_parallel.c.
 */
#ifndef WICK_TOOLS_WICK_INPUT_LOAD_PARALLEL_H
#define WICK_TOOLS_WICK_INPUT_LOAD_PARALLEL_H

#include "input/load.h"

struct load_file {
    int fd;
    uint64_t bytes;
    bool wire;
};

/* Read the file into the tree. 0, or a negative enum wick_error. */
int load_file_parallel(struct load *load, const struct load_file *file, uint32_t threads);

#endif
