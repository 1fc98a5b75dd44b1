/*
 * SPDX-License-Identifier: MIT
 * Prints the trackers of a board: a tree with bars, `name status done/all` with two spaces a level, or rows as CSV or JSON.
 * Must not compute: wick_board_read does. Invariant: parents come before their children, in every form.
 */
#ifndef WICK_TOOLS_WICK_PRINT_SHOW_TRACKERS_H
#define WICK_TOOLS_WICK_PRINT_SHOW_TRACKERS_H

#include "tool.h"

struct board_view {
    struct wick_board *board;
    const struct settings *settings;
    uint32_t top;   /* WICK_NONE: all */
    int64_t now_ns; /* until which what runs counts */
};

/* 0, or an exit code after a message. */
int show_trackers(const struct board_view *view, FILE *to);
/* What runs now, in at most `rows` lines: done and waiting ones are counts, failed ones stay, and of those that run the ones that take longest. */
void show_trackers_now(const struct board_view *view, uint32_t rows, FILE *to);
/* One line about what is shown: its status, how much is done. */
void show_trackers_line(const struct board_view *view, FILE *to);

#endif
