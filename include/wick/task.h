/*
 * SPDX-License-Identifier: MIT
 * Tasks: coroutines, fibers, ucontexts, jobs of an event loop. Each has a track of its own, as a thread has: its open
 * scopes move with it from thread to thread. Without these calls the scopes of tasks that take turns on one thread are
 * taken for nested: the tree stays balanced, what does not fit is counted as unwound or stale (wick_stats).
 *
 *     wick_task_enter(&fiber->task);            before the switch into it, or first thing in it
 *     swapcontext(&scheduler, &fiber->context);
 *     wick_task_leave();                        after the switch back
 */
#ifndef WICK_TASK_H
#define WICK_TASK_H

#include <stdint.h>

#include "hot.h"

/* A task, in the caller's memory, beside the coroutine that it stands for. Treat it as opaque; it must not move. */
struct wick_task {
    struct wick_i_thread *track; /* NULL: it has not been entered while recording was on */
    uint32_t process;            /* whose track it is: a forked child's tasks begin anew */
    uint32_t reserved;
    char name[32];
};

WICK_I_EXTERN_BEGIN

/*
 * Make a task. Nothing is recorded, no memory is taken before it is entered.
 *
 * task       borrows until wick_task_fini; zeroed memory is an unnamed task
 * name       copies; cut to 31 bytes at a UTF-8 boundary; NULL or "": "task". Tasks that live at the same time and have
 *            one name become NAME, NAME.2 and so on, as threads do
 * Threads    any     Signals   safe
 * Since      0.1
 */
WICK_API void wick_task_init(struct wick_task *task, const char *name);

/*
 * End a task: scopes that are still open in it end as unfinished. The memory is the caller's again, and may be made a
 * task anew. A task that this thread is in is left first; one that another thread is in is not touched.
 *
 * Threads    any that the task is handed to     Signals   not safe
 * Errors     BUSY when another thread is in it
 * Since      0.1
 */
WICK_API int wick_task_fini(struct wick_task *task);

/*
 * What this thread records from now on belongs to the task, until it enters another one or leaves. The program hands a
 * task from thread to thread as it hands over the coroutine: what one thread did in it comes before what the next does.
 *
 * Threads    any, but one at a time is in a task     Signals   not safe
 * Cost       a few stores; the first time in a task that of a thread's first event
 * Errors     BUSY when another thread is in it, NOMEM: this thread's own track goes on. 0 while recording is off.
 *            CPU time is not recorded in tasks: the clocks of two threads have nothing in common
 * Since      0.1
 */
WICK_API int wick_task_enter(struct wick_task *task);

/*
 * What this thread records from now on is its own again. Without a task it does nothing. A thread that ends leaves its
 * task by itself.
 *
 * Threads    any     Signals   not safe
 * Since      0.1
 */
WICK_API void wick_task_leave(void);

WICK_I_EXTERN_END

#if defined(WICK_DISABLE)
#define wick_task_init(task, name) ((void)(task), (void)(name))
#define wick_task_fini(task) ((void)(task), 0)
#define wick_task_enter(task) ((void)(task), 0)
#define wick_task_leave() ((void)0)
#endif

#endif
