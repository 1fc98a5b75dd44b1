/*
 * SPDX-License-Identifier: MIT
 * The names of sites, tracks and nodes as people read them.
 * Must not print. Invariant: a name is never empty.
 */
#ifndef WICK_TOOLS_WICK_SELECT_NAMED_H
#define WICK_TOOLS_WICK_SELECT_NAMED_H

#include "input/load.h"

/* The name of a node's site; of a thread's node, that of the thread. */
const char *name_of_node(const struct load *load, const struct wick_node_info *info);
/* "main/load/parse" below the thread, written to `path`, which is returned. Of a long path the inner end is kept. */
char *name_path(const struct load *load, uint32_t node, char *path, size_t bytes);

#endif
