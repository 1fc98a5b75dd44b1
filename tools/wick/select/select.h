/*
 * SPDX-License-Identifier: MIT
 * What --path selects in a tree.
 * Must not leave out records: input/record_filter.h does. Invariant: without --path everything is selected.
 */
#ifndef WICK_TOOLS_WICK_SELECT_SELECT_H
#define WICK_TOOLS_WICK_SELECT_SELECT_H

#include "input/load.h"

/* Does the path of this node match? */
bool select_node(const struct load *load, uint32_t node);
/* Has this track an open scope, now, whose path matches? */
bool select_open(const struct load *load, uint32_t track);
/*
 * For each node: 1 if neither itself nor a node above or below it matches. The caller frees it. NULL: no node is
 * hidden, or there is no memory.
 */
uint8_t *select_hidden(const struct load *load);
/* After a command: say so if --path matched nothing. */
/* Does --path ask for this path, whose last name is `name`? Without it, every path. */
bool select_path(const struct settings *settings, const char *path, const char *name);
void select_say_unmatched(const struct settings *settings);

#endif
