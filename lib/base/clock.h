/*
 * SPDX-License-Identifier: MIT
 * Clocks: read them, decide whether the TSC is usable, convert ticks to nanoseconds.
 * No state is kept here: anchors belong to the caller.
 */
#ifndef WICK_LIB_BASE_CLOCK_H
#define WICK_LIB_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* One moment on three clocks. */
struct wk_anchor {
    uint64_t ticks;
    int64_t mono_ns;
    int64_t wall_ns;
    int64_t bracket_ns; /* width of the interval in which ticks were read: the error bound */
};

/* Before the first clock is read: is libc's clock_gettime to be believed? Where another library answers it, or it differs from
 * the kernel's, the kernel is asked, at the cost of a system call. */
void wk_clock_begin(void);
/* Sleep, whatever others have made of libc's. A signal ends it. */
void wk_clock_sleep(int64_t ns);

int64_t wk_clock_mono_ns(void);
int64_t wk_clock_wall_ns(void);
/* CPU time of the calling thread. Cost: a system call. */
int64_t wk_clock_cpu_ns(void);

/* Is the TSC invariant, and does the kernel use it as its clock? On aarch64: always. Reads one file. */
bool wk_clock_tsc_good(void);

/* Ticks of the recorder: the counter, or CLOCK_MONOTONIC nanoseconds when `tsc` is false. */
uint64_t wk_clock_ticks(bool tsc);

/* Take an anchor: the narrowest of several brackets. */
void wk_clock_anchor(struct wk_anchor *anchor, bool tsc);

/* Nanoseconds of CLOCK_MONOTONIC for `ticks`, on the line through two anchors. Monotone in ticks. */
static inline int64_t wk_clock_convert(const struct wk_anchor *from, double ns_per_tick,
                                       uint64_t ticks)
{
    return from->mono_ns + (int64_t)((double)(int64_t)(ticks - from->ticks) * ns_per_tick);
}

/* Slope between two anchors; 1 when they are the same moment. */
double wk_clock_slope(const struct wk_anchor *from, const struct wk_anchor *to);

#endif
