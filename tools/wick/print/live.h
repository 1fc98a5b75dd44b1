/*
 * SPDX-License-Identifier: MIT
 * The progress of a running program at the bottom of the terminal.
 * Must not touch what the program writes: it scrolls above. Invariant: see live.c.
 */
#ifndef WICK_TOOLS_LIVE_H
#define WICK_TOOLS_LIVE_H

#include "input/follow.h"

struct live {
    uint32_t rows;    /* of the terminal when the lines below were reserved; 0: none are */
    uint32_t columns;
    uint32_t lines;   /* reserved at the bottom */
};

/* Show where the program is: a line of what is open, and the upper part of its tree. */
void live_show(struct live *live, struct follow *follow);
/* Give the lines back to the program. */
void live_end(struct live *live);

#endif
