/*
 * SPDX-License-Identifier: MIT
 * Trackers as metrics: this process's, and those of the runs of a fleet, copied from their boards piece by piece.
 * Must not compute numbers: the board does. Invariant: a board's lock is held for one piece.
 */
#ifndef WICK_LIB_SINK_OPENMETRICS_TRACKER_ROWS_H
#define WICK_LIB_SINK_OPENMETRICS_TRACKER_ROWS_H

#include "exposition.h"

struct wk_fleet;

enum { WK_TRACKERS_MOST = 20000 }; /* more are left out and counted, as paths are */

struct wk_tracker_rows {
    struct wk_fleet *fleet; /* NULL: none */
    struct wk_array rows;   /* struct wk_tracker_row */
    struct wk_array texts;  /* char: labels, and names of runs with a NUL each */
    struct wk_array runs;   /* uint32_t: of the fleet, their names' places in `texts` */
    uint32_t owner;         /* that is being read: 0: this process, then the runs */
    uint32_t entry;         /* the next */
    uint32_t family, written; /* the next to be written */
    uint64_t left_out;
    bool failed;            /* no memory */
};

/* Borrows the fleet until fini. */
void wk_tracker_rows_init(struct wk_tracker_rows *all, struct wk_fleet *fleet);
/* Copy the next piece; false: that was all of it. */
bool wk_tracker_rows_read(struct wk_tracker_rows *all);
/* Write the next lines; false: those were the last. */
bool wk_tracker_rows_write(struct wk_tracker_rows *all, struct wk_exposition *to);
void wk_tracker_rows_fini(struct wk_tracker_rows *all);

#endif
