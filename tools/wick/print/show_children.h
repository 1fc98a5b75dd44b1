/*
 * SPDX-License-Identifier: MIT
 * Says below a tree how many forked children recorded nothing.
 */
#ifndef WICK_TOOLS_WICK_PRINT_SHOW_CHILDREN_H
#define WICK_TOOLS_WICK_PRINT_SHOW_CHILDREN_H

#include "input/load.h"

/* Nothing where all of them are in the logs, or there were none. */
void show_children(const struct load *load, FILE *to);

#endif
