/*
 * SPDX-License-Identifier: MIT
 * Histories of executions of Amazon's Simple Workflow Service (GetWorkflowExecutionHistory) as lines of trackers.
 * Must not show them. Invariant: an event that is not used is counted by its type, unless it says nothing of a task.
 */
#ifndef WICK_TOOLS_WICK_INPUT_SWF_H
#define WICK_TOOLS_WICK_INPUT_SWF_H

#include "tool.h"

/* Takes a line, `KEY {"field":value,...}`, at a time since the epoch; 0, or a negative enum wick_error that ends the reading. */
struct swf_out {
    int (*line)(void *user, int64_t time_ns, const char *text, uint32_t bytes);
    uint32_t (*attempt)(void *user, const char *key, uint32_t bytes); /* of this key so far; 0: there is none */
    void *user;
};

/* Does the file begin as such a history? */
bool swf_is(const struct settings *settings, const char *path);
/* Read the files, which are pages of histories: one that has the first event begins a history, those behind it that have not go on with it. An
 * exit code after a message. */
int swf_read(const struct settings *settings, char **paths, int count, const struct swf_out *out);

#endif
