/*
 * SPDX-License-Identifier: MIT
 * The log of what was posted: LOG.posted.ctxt beside a log. This process is one more writer of facts about its trackers.
 * Must not decide what may be posted. Invariant: there is no such file until something is posted.
 */
#ifndef WICK_TOOLS_WICK_PAGE_POSTED_H
#define WICK_TOOLS_WICK_PAGE_POSTED_H

#include "tool.h"

struct posted_log {
    const struct settings *settings;
    const char *log;  /* borrowed until posted_close */
    int fd;           /* -1: nothing was posted yet */
    char *left;       /* lines that could not be written yet */
    size_t left_bytes;
    bool itself;      /* it is that log, not one beside it */
    int64_t start_ns; /* no line is older */
    char host[256];
};

void posted_begin(struct posted_log *posted, const struct settings *settings, const char *log);
/* Write to the log itself, behind what is in it. */
void posted_begin_at(struct posted_log *posted, const struct settings *settings, const char *log);
/* Write the text of a `tracker` line; NULL: begin the log, if it was not. 0, or an error: it is kept, and written with the next one that can be
 * (but WICK_E_NOMEM: it is not kept). */
int posted_put(struct posted_log *posted, int64_t time_ns, const char *text);
/* 0 or WICK_E_IO. */
int posted_close(struct posted_log *posted);

#endif
