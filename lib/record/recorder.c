/*
 * SPDX-License-Identifier: MIT
 * The recorder's state and the drain's alarm clock. See recorder.h.
 */
#include "recorder.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "site.h"

uint32_t wick_i_on_v1 = WK_ON_UNDECIDED;
uint32_t wick_i_sites_off_v1 = 1; /* low bits: no site's */

struct wk_recorder wk_recorder = {
    .lock = PTHREAD_MUTEX_INITIALIZER,
    .ring_slots_max = 65536,
};

bool wk_recorder_begin(const struct wk_anchor *start)
{
    wk_recorder.origin_ns = start->mono_ns;
    wk_recorder.origin_ticks = start->ticks;
    if (!wk_pool_begin(start, wk_recorder.tsc)) {
        return false;
    }
    if (!wk_recorder.root) {
        uint64_t sites = wk_site_begin();
        uint64_t reference = wk_pool_alloc(sizeof *wk_recorder.root, _Alignof(struct wk_root));
        struct wk_root *root = wk_pool_at(reference);

        if (!root || !sites) {
            return false;
        }
        *root = (struct wk_root){.root_bytes = sizeof *root,
                                 .thread_bytes = sizeof(struct wk_thread),
                                 .sites = sites,
                                 .site_bytes = sizeof(struct wk_site)};
        wk_recorder.root = root;
        wk_pool_set_root(reference);
    }
    return true;
}

void wk_recorder_set_slope(double ns_per_tick)
{
    __atomic_store(&wk_recorder.ns_per_tick, &ns_per_tick, __ATOMIC_RELAXED); /* one word, any age will do */
    wk_pool_set_slope(ns_per_tick);
}

void wk_recorder_wake(void)
{
    /* Relaxed: the word only wakes; what the drain then reads is ordered by the rings' heads. */
    if (__atomic_exchange_n(&wk_recorder.wake, 1, __ATOMIC_RELAXED) == 0) {
        int saved = errno;

        syscall(SYS_futex, &wk_recorder.wake, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
        errno = saved;
    }
}

int64_t wk_recorder_ticks_ns(uint64_t ticks)
{
    double slope;

    if (!wk_recorder.tsc) {
        return (int64_t)ticks;
    }
    __atomic_load(&wk_recorder.ns_per_tick, &slope, __ATOMIC_RELAXED); /* one word, any age will do */
    if (slope <= 0) {
        /* Before the drain's first slope: measure over the time since start. */
        struct wk_anchor now;
        const struct wk_anchor origin = {.ticks = wk_recorder.origin_ticks, .mono_ns = wk_recorder.origin_ns};

        wk_clock_anchor(&now, true);
        slope = wk_clock_slope(&origin, &now);
    }
    return (int64_t)((double)ticks * slope);
}
