/*
 * SPDX-License-Identifier: MIT
 * Messages about lines and frames of a log that could not be used.
 * Must not decide what is usable: the reader has. Invariant: see log_problems.c.
 */
#ifndef WICK_TOOLS_WICK_INPUT_LOG_PROBLEMS_H
#define WICK_TOOLS_WICK_INPUT_LOG_PROBLEMS_H

#include "tool.h"

/* Say what was wrong with the log that the reader has read. */
void problems_report(const struct wick_reader *reader, const char *path);
/* Say what a wire has lost. */
void problems_note_wire(const char *path, const struct wick_reader_stats *stats);

#endif
