/*
 * SPDX-License-Identifier: MIT
 * Tasks: tracks that move between threads. Entering one makes its ring the thread's; the thread's own waits in
 * `carrier`. Must not take a lock but at a task's first entry.
 * Invariant: a ring has one owner at a time: it is claimed before its first use by a thread, given back behind its last.
 */
#include "task.h"

#include <errno.h>
#include <string.h>

#include <wick/error.h>
#include <wick/task.h>

#include "base/clock.h"
#include "base/text.h"
#include "fork_watch.h"
#include "recorder.h"

_Static_assert(sizeof(struct wick_task) == 48, "struct wick_task is part of the ABI");

static bool is_task(struct wick_i_thread *track)
{
    return track && wk_thread_of(track)->is_task;
}

/* The calling thread's own track; NULL before its first event. */
static struct wick_i_thread *own_track(void)
{
    struct wick_i_thread *track = wick_i_tls_v1;

    /* Relaxed: this thread wrote it. */
    return is_task(track) ? __atomic_load_n(&wk_thread_of(track)->carrier, __ATOMIC_RELAXED) : track;
}

static bool claim(struct wick_i_thread *track, struct wick_i_thread *own)
{
    struct wick_i_thread *nobody = NULL;

    /* Pairs with the release in wick_task_leave: what the thread before did with the ring has been done. */
    return __atomic_compare_exchange_n(&wk_thread_of(track)->carrier, &nobody, own, false, __ATOMIC_ACQUIRE,
                                       __ATOMIC_RELAXED);
}

/* The track of a task in this process; NULL: it has none yet. */
static struct wick_i_thread *track_of(const struct wick_task *task)
{
    return task->process == wk_recorder.process ? task->track : NULL;
}

void wick_task_init(struct wick_task *task, const char *name)
{
    size_t bytes = name ? wk_text_cut(name, strlen(name), sizeof task->name - 1) : 0;

    *task = (struct wick_task){.track = NULL};
    if (bytes) {
        memcpy(task->name, name, bytes);
    }
}

void wick_task_leave(void)
{
    struct wick_i_thread *track = wick_i_tls_v1;

    if (!is_task(track) || track->gate == WK_GATE_INSIDE) {
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
    wick_task_leave();
    track->uncaught = wk_thread_uncaught_unknown(); /* C++ counts exceptions per thread */
    wick_i_tls_v1 = track;
    return 0;
}

int wick_task_enter(struct wick_task *task)
{
    struct wick_i_thread *now = wick_i_tls_v1;
    struct wick_i_thread *own = own_track();
    int saved = errno;
    int rc = 0;

    if (now && now->gate == WK_GATE_INSIDE) { /* a handler, or malloc inside the recorder */
        return WICK_E_BUSY;
    }
    if (!track_of(task) && wick_i_is_on() && !wk_fork_unseen()) {
        task->track = wk_thread_attach_task(task->name[0] ? task->name : "task");
        task->process = wk_recorder.process;
        rc = task->track || !wick_i_is_on() ? 0 : WICK_E_NOMEM;
    }
    if (!own && track_of(task)) {
        own = wk_thread_attach(); /* its end is noticed: a thread that ends in a task leaves it */
    }
    if (own && track_of(task)) {
        rc = switch_to(task->track, own);
    } else {
        wick_task_leave();
    }
    errno = saved;
    return rc;
}

int wick_task_fini(struct wick_task *task)
{
    struct wick_i_thread *track = track_of(task);

    if (!track) {
        task->track = NULL;
        return 0;
    }
    if (track == wick_i_tls_v1) {
        wick_task_leave();
    }
    if (!claim(track, track)) {
        return WICK_E_BUSY;
    }
    task->track = NULL;
    /* Its slot is free: every admission left one more than the open scopes need. */
    wick_i_push(track, 0, wk_event_info(WK_EVENT_EXIT, 0, 0), wk_clock_ticks(wk_recorder.tsc));
    return 0;
}

void wk_task_thread_exit(void *thread)
{
    wick_task_leave();
    wk_thread_exit(thread);
}
