/*
 * SPDX-License-Identifier: MIT
 * Prints the counters of a log, below its tree or table.
 * Must not compute: the model counts. Invariant: a selection of threads or paths has no counters, since it may leave theirs out.
 */
#ifndef WICK_TOOLS_WICK_PRINT_SHOW_COUNTERS_H
#define WICK_TOOLS_WICK_PRINT_SHOW_COUNTERS_H

#include "input/load.h"

/* One line each: its last value, the least and the greatest, how often it was set, and how many of these were no finite
 * numbers; the first 30 without --all. */
void show_counters(const struct load *load, const struct settings *settings, FILE *to);

#endif
