/*
 * SPDX-License-Identifier: MIT
 * The gate of the calling thread: closed while an event is put or the pool is asked for memory. See put.h.
 */
#include "fork_watch.h"
#include "put.h"
#include "recorder.h"

struct wick_i_thread *wk_put_enter(void)
{
    struct wick_i_thread *thread = wick_i_tls_v1;

    if (!wick_i_is_on() || wk_fork_unseen()) {
        return NULL;
    }
    if (!thread && !(thread = wk_thread_attach())) {
        return NULL;
    }
    if (thread->gate == WK_GATE_INSIDE) {
        struct wk_owner *owner = wk_thread_owner(thread);

        __atomic_store_n(&owner->dropped_signal, owner->dropped_signal + 1, __ATOMIC_RELAXED); /* a count */
        return NULL;
    }
    thread->gate = WK_GATE_INSIDE;
    __atomic_signal_fence(__ATOMIC_SEQ_CST); /* a handler of this thread sees the gate first */
    return thread;
}

void wk_put_leave(struct wick_i_thread *thread)
{
    __atomic_signal_fence(__ATOMIC_SEQ_CST); /* the event before the gate opens */
    thread->gate = wk_recorder.tsc && !WK_SETTING(cpu_time) ? WK_GATE_OPEN : WK_GATE_SLOW;
}
