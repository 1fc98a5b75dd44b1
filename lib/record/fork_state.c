/*
 * SPDX-License-Identifier: MIT
 * The recorder around fork. See fork_state.h.
 */
#include "fork_state.h"

#include "base/descriptor.h"
#include "base/pool.h"
#include "fork_watch.h"
#include "lock.h"
#include "recorder.h"
#include "site.h"

void wk_fork_prepare(void)
{
    wk_thread_fork_enter();
    pthread_mutex_lock(&wk_recorder.lock);
    wk_locks_lock();
    wk_site_lock();
    wk_pool_lock();
    wk_descriptor_fork_prepare();
}

static void unlock(void)
{
    wk_pool_unlock();
    wk_site_unlock();
    wk_locks_unlock();
    pthread_mutex_unlock(&wk_recorder.lock);
    wk_thread_fork_leave();
}

void wk_fork_parent(void)
{
    wk_descriptor_fork_parent();
    __atomic_store_n(&wk_recorder.children, wk_recorder.children + 1, __ATOMIC_RELAXED); /* a count */
    unlock();
}

void wk_fork_child(void)
{
    if (!wk_pool_is_shared()) { /* otherwise its memory is its parent's: it records nothing, as if it had not been seen */
        wk_fork_seen();
        wk_pool_fork_child_locked();
        if (wk_recorder.root) { /* the parent's threads: their memory stays as it is */
            wk_recorder.root->fresh = wk_recorder.root->live = 0;
        }
    }
    wk_recorder.wake = 0;
    wk_recorder.children = 0;
    wk_recorder.process++; /* its fibers begin anew */
    wk_recorder.next_serial += 1u << 16; /* no token of the parent's is one of ours */
    wk_thread_forget_owner();
    if (wk_recorder.key_good) {
        pthread_setspecific(wk_recorder.key, NULL);
    }
    wk_descriptor_fork_child();
    unlock();
}
