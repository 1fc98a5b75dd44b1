/*
 * SPDX-License-Identifier: MIT
 * Following a log that grows: what tree --follow and run share.
 * Must not be included outside tools/. Invariant: see follow.c.
 */
#ifndef WICK_TOOLS_FOLLOW_H
#define WICK_TOOLS_FOLLOW_H

#include "tool.h"

struct follow {
    const struct settings *settings;
    const char *path;
    struct load load;
    char *block;
    int fd;
    uint64_t offset;
    bool finished; /* the closing bookmark was the last line */
    bool deleted;
    unsigned gone_polls; /* in a row without a file of that name */
};

/* 0, or an exit code after a message; follow_end in any case. */
int follow_begin(struct follow *follow, const struct settings *settings, const char *path);
void follow_end(struct follow *follow);
/* Bytes that were added since; 0: none, or no such file yet; < 0: error. */
long follow_poll(struct follow *follow);
void follow_status(struct follow *follow, char *line, size_t bytes);

#endif
