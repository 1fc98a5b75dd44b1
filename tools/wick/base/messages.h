/*
 * SPDX-License-Identifier: MIT
 * Messages to people, on standard error.
 * Must not end the program. Invariant: what was written to standard output before a message also appears before it.
 */
#ifndef WICK_TOOLS_WICK_BASE_MESSAGES_H
#define WICK_TOOLS_WICK_BASE_MESSAGES_H

#include "tool.h"

/* An error of the command: "wick tree: ...". */
void tool_error(const struct settings *settings, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Something worth knowing about an input: "wick: ...". */
void tool_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
