/*
 * SPDX-License-Identifier: MIT
 * Names of threads that change. See comm.h.
 */
#include "comm.h"

#include <stdio.h>
#include <string.h>

#include "base/descriptor.h"
#include "record/recorder.h"

enum { PERIOD_NS = 1000000000 };

void wk_comm_read(struct wk_thread *thread)
{
    char path[64];
    char comm[WK_COMM_BYTES] = "";

    if (thread->is_fiber) {
        return;
    }
    snprintf(path, sizeof path, "/proc/self/task/%u/comm", thread->tid);
    (void)wk_descriptor_read(path, comm, sizeof comm);
    comm[strcspn(comm, "\n")] = 0;
    wk_thread_hear_comm(thread, comm);
}

/* A program with one thread may count on the lowest free descriptor, which reading takes for a moment. */
static bool is_alone(const struct wk_thread *thread)
{
    return thread->tid == thread->pid && thread == wk_live_first() && !thread->next;
}

bool wk_comm_look(struct wk_thread *thread, int64_t now_ns)
{
    if (!thread->track || now_ns < thread->comm_due_ns || is_alone(thread)) {
        return false;
    }
    wk_comm_read(thread);
    thread->comm_due_ns = now_ns + PERIOD_NS;
    return true;
}
