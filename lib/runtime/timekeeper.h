/*
 * SPDX-License-Identifier: MIT
 * Keeps the timeline of one run: takes anchors, gives lines that convert ticks to wall-clock nanoseconds.
 * It reads the wall clock once, at the start, and follows the monotonic clock from there: clock steps have no effect.
 */
#ifndef WICK_LIB_RUNTIME_TIMEKEEPER_H
#define WICK_LIB_RUNTIME_TIMEKEEPER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "model/live/decode.h"

enum { WK_ANCHORS = 16 };

struct wk_timekeeper {
    struct wk_timeline timeline;
    struct wk_anchor anchors[WK_ANCHORS]; /* a window of some seconds: its slope is exact to 0.1 ppm */
    uint32_t newest;
    uint32_t count;
    int64_t wall_offset_ns; /* wall clock - monotonic, at the start */
    double slope;           /* ns per tick over the window */
    bool tsc;
};

/* Begin at an anchor; `slope`: a first guess, or 0: measured by a second anchor, after at least 100 us. */
void wk_timekeeper_begin(struct wk_timekeeper *keeper, const struct wk_anchor *start, bool tsc);

/* Take an anchor if one is due. Returns the ns by which the clock jumped (suspend, migration), or 0. */
int64_t wk_timekeeper_update(struct wk_timekeeper *keeper);

/* Wall-clock nanoseconds now, on the timeline: not earlier than any event that has been recorded. */
int64_t wk_timekeeper_now_ns(const struct wk_timekeeper *keeper);

#endif
