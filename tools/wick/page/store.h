/*
 * SPDX-License-Identifier: MIT
 * The log of `wick serve --store`: facts that were posted about trackers that no program has.
 * Must not be read while it is written by another process: it is locked. Invariant: a fact that was answered with `published` is in
 * the file, and stays there until it is removed or a newer one stands.
 */
#ifndef WICK_TOOLS_WICK_PAGE_STORE_H
#define WICK_TOOLS_WICK_PAGE_STORE_H

#include "tool.h"

/* Create the file where there is none; write it anew with what stands, a line per tracker and version of its facts. The descriptor that
 * holds its lock until it is closed; -1 after a message. */
int store_open(const struct settings *settings, const char *path);

#endif
