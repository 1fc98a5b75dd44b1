/*
 * SPDX-License-Identifier: MIT
 * Reads a log that grows: what was added, also after a rotation or truncation.
 * Must not block: a poll reads what is there. Invariant: see follow.c.
 */
#ifndef WICK_TOOLS_WICK_INPUT_FOLLOW_H
#define WICK_TOOLS_WICK_INPUT_FOLLOW_H

#include "input/load.h"

struct follow {
    const struct settings *settings;
    const char *path;
    struct load load;
    char *block;
    int fd;
    uint64_t offset;
    bool finished; /* the last line was the closing bookmark */
    bool deleted;
    unsigned gone_polls; /* in a row without a file of that name */
};

/* The records go to `out`; NULL: to the tree. 0, or an exit code after a message; follow_end in any case. */
int follow_begin(struct follow *follow, const struct settings *settings, const char *path, const struct wick_record_out *out);
void follow_end(struct follow *follow);
/* The number of bytes that were added since; 0: none, or there is no such file yet; < 0: error. */
long follow_poll(struct follow *follow);

#endif
