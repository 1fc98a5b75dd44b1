/*
 * SPDX-License-Identifier: MIT
 * Clocks and anchors. See clock.h.
 */
#include "clock.h"

#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <wick/hot.h>

#include "intercepted.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

enum {
    ANCHOR_TRIES = 8,
    ANCHOR_GOOD_NS = 120, /* a bracket this narrow needs no further try */
    WRONG_NS = 500000000,
};

static bool asks_kernel;

static int64_t kernel_ns(clockid_t clock)
{
    struct timespec time = {0};

    syscall(SYS_clock_gettime, clock, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int64_t read_ns(clockid_t clock)
{
    struct timespec time;

    /* Relaxed: written once, before the first event. */
    if (__atomic_load_n(&asks_kernel, __ATOMIC_RELAXED) || clock_gettime(clock, &time) != 0) {
        return kernel_ns(clock);
    }
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static bool is_wrong(clockid_t clock)
{
    int64_t error_ns = kernel_ns(clock) - read_ns(clock);

    return error_ns < -WRONG_NS || error_ns > WRONG_NS;
}

void wk_clock_begin(void)
{
    bool wrong = wk_intercepted((const void *)clock_gettime) || is_wrong(CLOCK_MONOTONIC) || is_wrong(CLOCK_REALTIME);

    __atomic_store_n(&asks_kernel, wrong, __ATOMIC_RELAXED); /* as in read_ns */
}

void wk_clock_sleep(int64_t ns)
{
    const struct timespec time = {ns / 1000000000, ns % 1000000000};

    syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &time, NULL);
}

int64_t wk_clock_mono_ns(void)
{
    return read_ns(CLOCK_MONOTONIC);
}

int64_t wk_clock_wall_ns(void)
{
    return read_ns(CLOCK_REALTIME);
}

int64_t wk_clock_cpu_ns(void)
{
    return read_ns(CLOCK_THREAD_CPUTIME_ID);
}

uint64_t wk_clock_ticks(bool tsc)
{
    return tsc ? wick_i_ticks() : (uint64_t)wk_clock_mono_ns();
}

#if defined(__x86_64__)
static bool cpu_says_invariant(void)
{
    unsigned a, b, c, d;

    __cpuid(0x80000007u, a, b, c, d); /* every x86-64 has this leaf; under a hypervisor each cpuid costs 6 us */
    return d & 1u << 8;
}

bool wk_clock_tsc_good(void)
{
    char name[16] = "";

    if (!cpu_says_invariant()) {
        return false;
    }
    int fd = open("/sys/devices/system/clocksource/clocksource0/current_clocksource", O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    if (read(fd, name, sizeof name - 1) < 0) {
        name[0] = 0;
    }
    close(fd);
    return strcmp(name, "tsc\n") == 0;
}
#else
bool wk_clock_tsc_good(void)
{
    return true;
}
#endif

void wk_clock_anchor(struct wk_anchor *anchor, bool tsc)
{
    anchor->bracket_ns = INT64_MAX;
    for (int i = 0; i < ANCHOR_TRIES && anchor->bracket_ns > ANCHOR_GOOD_NS; i++) {
        int64_t before_ns = wk_clock_mono_ns();
        uint64_t ticks = wk_clock_ticks(tsc);
        int64_t wall_ns = wk_clock_wall_ns();
        int64_t after_ns = wk_clock_mono_ns();

        if (after_ns - before_ns < anchor->bracket_ns) {
            anchor->ticks = ticks;
            /* The counter is read after a quarter of the bracket, the wall clock in the middle. */
            anchor->mono_ns = tsc ? before_ns + (after_ns - before_ns) / 4 : (int64_t)ticks;
            anchor->wall_ns = wall_ns;
            anchor->bracket_ns = after_ns - before_ns;
        }
    }
}

double wk_clock_slope(const struct wk_anchor *from, const struct wk_anchor *to)
{
    int64_t ticks = (int64_t)(to->ticks - from->ticks);

    return ticks > 0 ? (double)(to->mono_ns - from->mono_ns) / (double)ticks : 1.0;
}
