/*
 * SPDX-License-Identifier: MIT
 * The progress bar while large logs are read.
 * Must not appear anywhere but on a terminal. Invariant: small logs show none.
 */
#ifndef WICK_TOOLS_WICK_INPUT_LOAD_BAR_H
#define WICK_TOOLS_WICK_INPUT_LOAD_BAR_H

#include <stdint.h>

/* Show that `done` of `all` bytes are read. *percent is what the bar shows, -1: it is not shown. done >= all removes
 * it. */
void load_bar_show(int *percent, uint64_t done, uint64_t all);

#endif
