/*
 * SPDX-License-Identifier: MIT
 * Runs, each as its summary: computed from a log, or read from a file of summaries.
 * Must not compare them.
 */
#ifndef WICK_TOOLS_WICK_INPUT_SUMMARIES_H
#define WICK_TOOLS_WICK_INPUT_SUMMARIES_H

#include "tool.h"

struct summaries {
    struct wick_summary **items; /* in order of their first times */
    uint32_t count, capacity;
};

/* Add the runs of these files, which are among the settings' arguments; the files of a rotated log are one run. 0, or an exit code after a message; summaries_free in any
 * case. */
int summaries_load(struct summaries *summaries, const struct settings *settings, char **paths, int count);
/* Destroy the runs whose logs have no end, which is said: a run that was killed shows what it did, not what it costs. Returns their number. */
uint32_t summaries_leave_out(struct summaries *summaries);
void summaries_free(struct summaries *summaries);

#endif
