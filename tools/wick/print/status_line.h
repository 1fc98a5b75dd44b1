/*
 * SPDX-License-Identifier: MIT
 * One line about a log that grows: how long, how many scopes, what is open now.
 * Must not print. Invariant: see status_line.c.
 */
#ifndef WICK_TOOLS_WICK_PRINT_STATUS_LINE_H
#define WICK_TOOLS_WICK_PRINT_STATUS_LINE_H

#include "input/load.h"

enum { STATUS_LINE_BYTES = 600 };

/* `12.3 s  1,234 scopes  2 failed  main: work > fetch http://x` */
void status_line(const struct load *load, char line[STATUS_LINE_BYTES]);

#endif
