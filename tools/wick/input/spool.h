/*
 * SPDX-License-Identifier: MIT
 * Keeps standard input in a file, for commands that read their log twice.
 * Must not be used for logs that are read once. Invariant: the file is removed when the tool ends.
 */
#ifndef WICK_TOOLS_WICK_INPUT_SPOOL_H
#define WICK_TOOLS_WICK_INPUT_SPOOL_H

#include "tool.h"

/* The path to read: that of the file if `path` is "-", else `path`. NULL after a message. */
const char *spool_log(const struct settings *settings, const char *path);
/* The same for each log that the settings name, in place. false after a message. */
bool spool_logs(const struct settings *settings);

#endif
