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
#include "line_source.h"
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

/* The program's threads compute with integers: its floating-point flags and traps are its own. */
enum { SLOPE_BITS = 40 };
__extension__ typedef unsigned __int128 wide;

void wk_recorder_set_slope(double ns_per_tick)
{
    bool is_good = ns_per_tick > 0 && ns_per_tick < 1 << 20;
    uint64_t slope = is_good ? (uint64_t)(ns_per_tick * (double)(1ull << SLOPE_BITS)) : 0;

    __atomic_store_n(&wk_recorder.slope, slope, __ATOMIC_RELAXED); /* one word, any age will do */
    wk_pool_set_slope(ns_per_tick);
}

static wk_line_source line_source;

void wk_line_source_set(wk_line_source source)
{
    /* Relaxed: what the source reads is ordered by the board's own lock. */
    __atomic_store_n(&line_source, source, __ATOMIC_RELAXED);
}

wk_line_source wk_line_source_get(void)
{
    return __atomic_load_n(&line_source, __ATOMIC_RELAXED); /* as above */
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

/* Before the drain's first slope: measured over the time since start. */
static uint64_t slope_since_start(void)
{
    struct wk_anchor now;

    wk_clock_anchor(&now, true);
    uint64_t ticks = now.ticks - wk_recorder.origin_ticks;
    uint64_t ns = (uint64_t)(now.mono_ns - wk_recorder.origin_ns);
    return ticks ? (uint64_t)(((wide)ns << SLOPE_BITS) / ticks) : 1ull << SLOPE_BITS;
}

int64_t wk_recorder_ticks_ns(uint64_t ticks)
{
    if (!wk_recorder.tsc) {
        return (int64_t)ticks;
    }
    uint64_t slope = __atomic_load_n(&wk_recorder.slope, __ATOMIC_RELAXED); /* one word, any age will do */
    return (int64_t)((wide)ticks * (slope ? slope : slope_since_start()) >> SLOPE_BITS);
}
