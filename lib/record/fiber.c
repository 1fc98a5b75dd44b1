/*
 * SPDX-License-Identifier: MIT
 * Fibers: tracks that move between threads. Entering one makes its ring the thread's; the thread's own waits in
 * `carrier`. Must not take a lock but at a fiber's first entry.
 * Invariant: a ring has one owner at a time: it is claimed before its first use by a thread, given back behind its last.
 */
#include "fiber.h"

#include <errno.h>
#include <string.h>

#include <wick/error.h>
#include <wick/fiber.h>

#include "base/clock.h"
#include "base/text.h"
#include "bound.h"
#include "fork_watch.h"
#include "recorder.h"

_Static_assert(sizeof(struct wick_fiber) == 48, "struct wick_fiber is part of the ABI");

void (*wick_i_fiber_ended_v1)(uint32_t serial);

static bool is_fiber(struct wick_i_thread *track)
{
    return track && wk_thread_of(track)->is_fiber;
}

/* The calling thread's own track; NULL before its first event. */
static struct wick_i_thread *own_track(void)
{
    struct wick_i_thread *track = wick_i_tls_v1;

    /* Relaxed: this thread wrote it. */
    return is_fiber(track) ? __atomic_load_n(&wk_thread_of(track)->carrier, __ATOMIC_RELAXED) : track;
}

static bool claim(struct wick_i_thread *track, struct wick_i_thread *own)
{
    struct wick_i_thread *nobody = NULL;

    /* Pairs with the release in wick_fiber_leave: what the thread before did with the ring has been done. */
    return __atomic_compare_exchange_n(&wk_thread_of(track)->carrier, &nobody, own, false, __ATOMIC_ACQUIRE,
                                       __ATOMIC_RELAXED);
}

/* The track of a fiber in this process; NULL: it has none yet. */
static struct wick_i_thread *track_of(const struct wick_fiber *fiber)
{
    return fiber->process == wk_recorder.process ? fiber->track : NULL;
}

void wick_fiber_init(struct wick_fiber *fiber, const char *name)
{
    *fiber = (struct wick_fiber){.track = NULL};
    (void)wk_text_shorten(fiber->name, sizeof fiber->name, name ? name : "");
}

void wick_fiber_leave(void)
{
    struct wick_i_thread *track = wick_i_tls_v1;

    if (!is_fiber(track) || track->gate == WK_GATE_INSIDE) {
        return;
    }
    wick_i_tls_v1 = own_track();
    /* Pairs with the acquire in claim. */
    __atomic_store_n(&wk_thread_of(track)->carrier, NULL, __ATOMIC_RELEASE);
}

/* Both tracks exist: go from one to the other. */
static int switch_to(struct wick_i_thread *track, struct wick_i_thread *own)
{
    if (track == wick_i_tls_v1) {
        return 0;
    }
    if (!claim(track, own)) {
        return WICK_E_BUSY;
    }
    wick_fiber_leave();
    track->uncaught = wk_thread_uncaught_unknown(); /* C++ counts exceptions per thread */
    wick_i_tls_v1 = track;
    return 0;
}

int wick_fiber_enter(struct wick_fiber *fiber)
{
    struct wick_i_thread *now = wick_i_tls_v1;
    struct wick_i_thread *own = own_track();
    int saved = errno;
    int rc = 0;

    if (now && now->gate == WK_GATE_INSIDE) { /* a handler, or malloc inside the recorder */
        return WICK_E_BUSY;
    }
    if (!track_of(fiber) && wick_i_is_on() && !wk_fork_unseen()) {
        fiber->track = wk_thread_attach_fiber(fiber->name[0] ? fiber->name : "fiber");
        fiber->process = wk_recorder.process;
        rc = fiber->track || !wick_i_is_on() ? 0 : WICK_E_NOMEM;
    }
    if (!own && track_of(fiber)) {
        own = wk_thread_attach(); /* its end is noticed: a thread that ends in a fiber leaves it */
    }
    if (own && track_of(fiber)) {
        rc = switch_to(fiber->track, own);
    } else {
        wick_fiber_leave();
    }
    errno = saved;
    return rc;
}

int wick_fiber_fini(struct wick_fiber *fiber)
{
    struct wick_i_thread *track = track_of(fiber);

    if (!track) {
        fiber->track = NULL;
        return 0;
    }
    if (track == wick_i_tls_v1) {
        wick_fiber_leave();
    }
    if (!claim(track, track)) {
        return WICK_E_BUSY;
    }
    fiber->track = NULL;
    uint32_t serial = wk_thread_of(track)->serial;
    wk_bound_leave(track, 0, "unfinished: thread");
    /* Its slot is free: every admission left one more than the open scopes need. */
    wick_i_push(track, 0, wk_event_info(WK_EVENT_EXIT, 0, 0), wk_clock_ticks(wk_recorder.tsc));
    if (wick_i_fiber_ended_v1) {
        wick_i_fiber_ended_v1(serial);
    }
    return 0;
}

int wick_i_in_fiber(void)
{
    return is_fiber(wick_i_tls_v1);
}

void wk_fiber_thread_exit(void *thread)
{
    wick_fiber_leave();
    wk_thread_exit(thread);
}
