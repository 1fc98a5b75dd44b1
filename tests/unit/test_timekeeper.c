/*
 * SPDX-License-Identifier: MIT
 * The timeline: monotone, true to the clock within its bracket, whatever the slope was at first.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <time.h>

#include "runtime/timekeeper.h"

static struct wk_timekeeper keeper;
static struct wk_anchor origin;

static void begin_on(bool tsc)
{
    wk_clock_anchor(&origin, tsc);
    wk_timekeeper_begin(&keeper, &origin, tsc);
}

/* What the timeline says for now, and what the clock says: apart by at most a bracket and the slope's error. */
static int64_t error_ns(bool tsc)
{
    struct wk_anchor now;

    wk_clock_anchor(&now, tsc);
    return wk_timeline_ns(&keeper.timeline, now.ticks) - (now.mono_ns + origin.wall_ns - origin.mono_ns);
}

static void run(bool tsc)
{
    int64_t last_ns = INT64_MIN;

    begin_on(tsc);
    for (int i = 0; i < 200; i++) {
        int64_t now_ns;

        (void)wk_timekeeper_update(&keeper);
        now_ns = wk_timekeeper_now_ns(&keeper);
        cr_assert_geq(now_ns, last_ns, "time went back by %lld ns", (long long)(last_ns - now_ns));
        last_ns = now_ns;
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
    /* A busy machine widens every bracket: 100 us are far beyond what a good slope gives in 0.2 s. */
    cr_assert_lt(llabs(error_ns(tsc)), 100000, "off by %lld ns", (long long)error_ns(tsc));
}

Test(timekeeper, monotonic_needs_no_slope) { run(false); }

Test(timekeeper, the_counter_follows_the_clock)
{
    if (!wk_clock_tsc_good()) {
        cr_skip_test("the TSC is not to be trusted here");
    }
    run(true);
}

Test(timekeeper, begins_at_the_wall_clock)
{
    begin_on(false);
    cr_assert_eq(wk_timeline_ns(&keeper.timeline, origin.ticks), origin.wall_ns);
}

/* As after a suspend or a migration: the clocks have moved apart by `by_ns` after so many anchors. */
static void jump(int64_t by_ns, int anchors)
{
    int64_t before_ns;
    int64_t jump_ns = 0;

    if (!wk_clock_tsc_good()) {
        cr_skip_test("the TSC is not to be trusted here");
    }
    begin_on(true);
    for (int i = 0; i < 200 && (int)keeper.count < anchors; i++) {
        (void)wk_timekeeper_update(&keeper);
        nanosleep(&(struct timespec){0, 6000000}, NULL);
    }
    keeper.wall_offset_ns += by_ns;
    before_ns = wk_timekeeper_now_ns(&keeper);
    for (int i = 0; i < 100 && jump_ns == 0; i++) {
        nanosleep(&(struct timespec){0, 10000000}, NULL);
        jump_ns = wk_timekeeper_update(&keeper);
    }
    cr_assert_lt(llabs(jump_ns - by_ns), 1000000, "a jump of %lld ns", (long long)jump_ns);
    for (int i = 0; i < 10; i++) { /* told once, and time goes on as before */
        int64_t now_ns = wk_timekeeper_now_ns(&keeper);

        cr_assert_geq(now_ns, before_ns);
        cr_assert_lt(now_ns - before_ns, (by_ns > 0 ? by_ns : 0) + 10000000000);
        before_ns = i == 0 && by_ns > 0 ? before_ns + by_ns : now_ns;
        nanosleep(&(struct timespec){0, 6000000}, NULL);
        cr_assert_eq(wk_timekeeper_update(&keeper), 0);
    }
}

Test(timekeeper, a_jump_forward_is_told_and_followed) { jump(3600000000000, 22); }
Test(timekeeper, a_jump_forward_at_the_beginning) { jump(3600000000000, 3); }
Test(timekeeper, a_jump_back_is_told_and_not_followed) { jump(-3600000000000, 22); }
Test(timekeeper, a_jump_back_at_the_beginning) { jump(-3600000000000, 20); }
