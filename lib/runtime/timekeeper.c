/*
 * SPDX-License-Identifier: MIT
 * The timeline of a run. See timekeeper.h.
 * Events are converted along the newest line. At each anchor a new line begins at the end of the old one, with the
 * window's slope and a correction that removes the error within the next second: the timeline has no jumps, and the
 * noise of one anchor (tens of ns) never becomes a wrong duration.
 */
#include "timekeeper.h"

enum {
    FIRST_TRIES = 100000,        /* a clock may stand still */
    FIRST_WAIT_NS = 100000,      /* of the first slope: 50 ns of bracket in 100 us are 500 ppm; */
    FIRST_WAIT_BRACKETS = 500,   /* longer where another program took the processor inside the brackets, */
    FIRST_WAIT_MAX_NS = 2000000, /* but the program waits for it */
    EARLY_NS = 5000000,          /* anchors come quickly at first, */
    LATE_NS = 250000000,         /* then four times a second */
    EARLY_ANCHORS = 20,
    CORRECTION_NS = 1000000000,
    BREAK_NS = 20000,
    EARLY_BREAK_NS = 5000000,
};

static struct wk_anchor *newest(struct wk_timekeeper *keeper)
{
    return &keeper->anchors[keeper->newest];
}

static const struct wk_anchor *oldest(const struct wk_timekeeper *keeper)
{
    uint32_t count = keeper->count < WK_ANCHORS ? keeper->count : WK_ANCHORS;

    return &keeper->anchors[(keeper->newest + WK_ANCHORS + 1 - count) % WK_ANCHORS];
}

static void add(struct wk_timekeeper *keeper, const struct wk_anchor *anchor)
{
    keeper->newest = (keeper->newest + 1) % WK_ANCHORS;
    keeper->anchors[keeper->newest] = *anchor;
    keeper->count++;
}

static int64_t first_wait_ns(const struct wk_anchor *start, const struct wk_anchor *second)
{
    int64_t wanted_ns = FIRST_WAIT_BRACKETS * (start->bracket_ns + second->bracket_ns);

    return wanted_ns < FIRST_WAIT_NS ? FIRST_WAIT_NS : wanted_ns > FIRST_WAIT_MAX_NS ? FIRST_WAIT_MAX_NS : wanted_ns;
}

void wk_timekeeper_begin(struct wk_timekeeper *keeper, const struct wk_anchor *start, bool tsc)
{
    struct wk_anchor second;

    *keeper = (struct wk_timekeeper){.wall_offset_ns = start->wall_ns - start->mono_ns, .slope = 1, .tsc = tsc};
    add(keeper, start);
    if (tsc) {
        int tries = 0;

        do {
            wk_clock_anchor(&second, tsc);
        } while (second.mono_ns - start->mono_ns < first_wait_ns(start, &second) && ++tries < FIRST_TRIES);
        keeper->slope = wk_clock_slope(start, &second);
        add(keeper, &second);
    }
    wk_timeline_add(&keeper->timeline, start->ticks, start->wall_ns, keeper->slope);
}

/* Anchors are frequent at first, since the first slope is exact to some 100 ppm only. */
static int64_t due_ns(const struct wk_timekeeper *keeper)
{
    return keeper->count < EARLY_ANCHORS ? EARLY_NS : LATE_NS;
}

/* A larger error than this is a jump, not noise or drift of the slope; the first slopes drift more. */
static int64_t jump_limit_ns(const struct wk_timekeeper *keeper, int64_t elapsed_ns)
{
    return keeper->count > EARLY_ANCHORS ? BREAK_NS + elapsed_ns / 20000 : EARLY_BREAK_NS + elapsed_ns / 100;
}

int64_t wk_timekeeper_update(struct wk_timekeeper *keeper)
{
    struct wk_anchor now;

    if (!keeper->tsc) {
        return 0;
    }
    if (wk_clock_mono_ns() - newest(keeper)->mono_ns < due_ns(keeper)) {
        return 0;
    }
    wk_clock_anchor(&now, keeper->tsc);
    int64_t elapsed_ns = now.mono_ns - newest(keeper)->mono_ns;
    int64_t expected_ns = wk_timeline_ns(&keeper->timeline, now.ticks);
    int64_t error_ns = now.mono_ns + keeper->wall_offset_ns - expected_ns;
    if (now.bracket_ns > BREAK_NS) {
        return 0; /* preempted inside the bracket: too imprecise; the next call tries again */
    }
    if (error_ns > jump_limit_ns(keeper, elapsed_ns) || error_ns < -jump_limit_ns(keeper, elapsed_ns)) {
        keeper->count = 0;
        add(keeper, &now);
        if (error_ns < 0) { /* the timeline never goes back: it stays ahead by the error */
            keeper->wall_offset_ns -= error_ns;
            wk_timeline_add(&keeper->timeline, now.ticks, expected_ns, keeper->slope);
        } else {
            wk_timeline_add(&keeper->timeline, now.ticks, expected_ns + error_ns, keeper->slope);
        }
        return error_ns;
    }
    add(keeper, &now);
    keeper->slope = wk_clock_slope(oldest(keeper), &now);
    wk_timeline_add(&keeper->timeline, now.ticks, expected_ns,
                    keeper->slope * (1.0 + (double)error_ns / CORRECTION_NS));
    return 0;
}

int64_t wk_timekeeper_now_ns(const struct wk_timekeeper *keeper)
{
    return wk_timeline_ns(&keeper->timeline, wk_clock_ticks(keeper->tsc));
}
