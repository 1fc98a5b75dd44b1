/*
 * SPDX-License-Identifier: MIT
 * The names that the kernel has for threads (pthread_setname_np): programs give them at any time, also after a thread's first event.
 * They are looked at one tick after it, each second, and at the thread's end. Called by the drain thread alone.
 */
#ifndef WICK_LIB_RUNTIME_COMM_H
#define WICK_LIB_RUNTIME_COMM_H

#include "record/thread.h"

/* Look at the name of a thread that has a lane if it is due. False: it was not. */
bool wk_comm_look(struct wk_thread *thread, int64_t now_ns);
/* Look at it now. Where it cannot be read, it stays. */
void wk_comm_read(struct wk_thread *thread);

#endif
