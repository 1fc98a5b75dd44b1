/*
 * SPDX-License-Identifier: MIT
 * Several logs in wire form into one, frame by frame.
 * Must not make lines of them. Invariant: see merge_wire.c.
 */
#ifndef WICK_TOOLS_WICK_INPUT_MERGE_WIRE_H
#define WICK_TOOLS_WICK_INPUT_MERGE_WIRE_H

#include "input/series.h"

/* Are all of these logs wire, compressed or not? */
bool merge_wire_can(const struct settings *settings, char *const *paths, int count);
/* Write the logs as one. 0, or an exit code after a message. */
int merge_wire(const struct settings *settings, char *const *paths, const struct log_head *heads, FILE *to);

#endif
