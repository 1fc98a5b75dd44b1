/*
 * SPDX-License-Identifier: MIT
 * Lines of a log with the names of functions in place of their addresses.
 * Must not change any other line. Invariant: see resolve.c.
 */
#ifndef WICK_TOOLS_WICK_INPUT_RESOLVE_H
#define WICK_TOOLS_WICK_INPUT_RESOLVE_H

#include "tool.h"

/* A stream of lines that writes them to `to` with the names of functions; closing it closes both. NULL: no memory, or `to` is
 * NULL; `to` is closed. */
FILE *resolve_stream(FILE *to);

#endif
