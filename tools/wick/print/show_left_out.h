/*
 * SPDX-License-Identifier: MIT
 * Says below a table what was left out of its log: by WICK_FILTER, by WICK_MIN, while recording paused; and what was lost.
 * Must not be printed where programs read. Invariant: a log of which nothing was left out has no such line.
 */
#ifndef WICK_TOOLS_WICK_PRINT_SHOW_LEFT_OUT_H
#define WICK_TOOLS_WICK_PRINT_SHOW_LEFT_OUT_H

#include "input/load.h"

/* Below a tree, which says itself how many events were lost. EXIT_FINE, or EXIT_USAGE when it could not be written. */
int show_left_out_of_tree(const struct load *load, FILE *to);
/* The same, and lost events, below a command's table on stdout, where that is text and was printed (rc: EXIT_FINE). Returns rc, or as above. */
int show_left_out_below(const struct load *load, const struct settings *settings, int rc);

#endif
