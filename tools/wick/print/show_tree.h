/*
 * SPDX-License-Identifier: MIT
 * Prints a tree as the settings ask for it.
 * Must not compute: the model renders. Invariant: a failure is reported, but not one of the stream.
 */
#ifndef WICK_TOOLS_WICK_PRINT_SHOW_TREE_H
#define WICK_TOOLS_WICK_PRINT_SHOW_TREE_H

#include "input/load.h"

/* 0, or an exit code. */
int show_tree(const struct load *load, const struct settings *settings, FILE *to);

#endif
