/*
 * SPDX-License-Identifier: MIT
 * Shows the progress of a running program at the bottom of the terminal.
 * Must not overwrite the program's output, which scrolls above. Invariant: see live.c.
 */
#ifndef WICK_TOOLS_WICK_PRINT_LIVE_H
#define WICK_TOOLS_WICK_PRINT_LIVE_H

#include "input/load.h"
#include "print/show_trackers.h"

struct live {
    uint32_t rows;    /* of the terminal when the lines below were reserved; 0: none are */
    uint32_t columns;
    uint32_t lines;   /* reserved at the bottom */
    bool used;        /* something was shown */
};

/* Show what is open in one line, and below it the trackers that run or have failed; without trackers (NULL) the upper part of the tree. */
void live_show(struct live *live, const struct load *load, const struct board_view *trackers);
/* Give the lines back to the program. */
void live_end(struct live *live);

#endif
