/*
 * SPDX-License-Identifier: MIT
 * Fibers: coroutines, green threads, ucontexts, jobs of an event loop. Each has a track of its own, as a thread has: its open
 * scopes move with it from thread to thread. Without these calls the scopes of fibers that take turns on one thread are
 * taken for nested: the tree stays balanced, what does not fit is counted as unwound or stale (wick_stats).
 *
 *     wick_fiber_enter(&coroutine->fiber);         before the switch into it, or first thing in it
 *     swapcontext(&scheduler, &coroutine->context);
 *     wick_fiber_leave();                           after the switch back
 */
#ifndef WICK_FIBER_H
#define WICK_FIBER_H

#include <stdint.h>

#include "hot.h"

/* A fiber, in the caller's memory, beside the coroutine that it stands for. Treat it as opaque; it must not move. */
struct wick_fiber {
    struct wick_i_thread *track; /* NULL: it has not been entered while recording was on */
    uint32_t process;            /* whose track it is: a forked child's fibers begin anew */
    uint32_t reserved;
    char name[32];
};

WICK_I_EXTERN_BEGIN

/*
 * Make a fiber. Nothing is recorded, no memory is taken before it is entered.
 *
 * fiber       borrows until wick_fiber_fini; zeroed memory is an unnamed fiber
 * name       copies; cut to 31 bytes in the middle; NULL or "": "fiber". Fibers that live at the same time and have
 *            one name become NAME, NAME.2 and so on, as threads do
 * Threads    any     Signals   safe
 * Since      0.1
 */
WICK_API void wick_fiber_init(struct wick_fiber *fiber, const char *name);

/*
 * End a fiber: scopes that are still open in it end as unfinished. The memory is the caller's again, and may be made a
 * fiber anew. A fiber that this thread is in is left first; one that another thread is in is not touched.
 *
 * Threads    any that the fiber is handed to     Signals   not safe
 * Errors     BUSY when another thread is in it
 * Since      0.1
 */
WICK_API int wick_fiber_fini(struct wick_fiber *fiber);

/*
 * What this thread records from now on belongs to the fiber, until it enters another one or leaves. The program hands a
 * fiber from thread to thread as it hands over the coroutine: what one thread did in it comes before what the next does.
 *
 * Threads    any, but one at a time is in a fiber     Signals   not safe
 * Cost       a few stores; the first time in a fiber that of a thread's first event
 * Errors     BUSY when another thread is in it, NOMEM: this thread's own track goes on. 0 while recording is off.
 *            CPU time is not recorded in fibers: the clocks of two threads have nothing in common
 * Since      0.1
 */
WICK_API int wick_fiber_enter(struct wick_fiber *fiber);

/*
 * What this thread records from now on is its own again. Without a fiber it does nothing. A thread that ends leaves its
 * fiber by itself.
 *
 * Threads    any     Signals   not safe
 * Since      0.1
 */
WICK_API void wick_fiber_leave(void);

/* For the companion library, which has a stack of calls per fiber: is this thread in one; and what wick_fiber_fini calls with the
 * serial of the track (the upper half of wick_i_thread.top). Not for users. */
WICK_API int wick_i_in_fiber(void);
WICK_API extern void (*wick_i_fiber_ended_v1)(uint32_t serial);

WICK_I_EXTERN_END

#if defined(WICK_DISABLE)
#define wick_fiber_init(fiber, name) ((void)(fiber), (void)(name))
#define wick_fiber_fini(fiber) ((void)(fiber), 0)
#define wick_fiber_enter(fiber) ((void)(fiber), 0)
#define wick_fiber_leave() ((void)0)
#endif

#endif
