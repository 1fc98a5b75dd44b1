/*
 * SPDX-License-Identifier: MIT
 * The runtime around fork: the locks are free in the child. The child records nothing, or follows: it starts with its
 * parent's configuration at its first event.
 */
#include "runtime_state.h"

#include "record/fork_state.h"

void wk_runtime_before_fork(void)
{
    pthread_mutex_lock(&wk_runtime.control);
    pthread_mutex_lock(&wk_runtime.lock);
    wk_fork_prepare();
}

void wk_runtime_after_fork_parent(void)
{
    wk_fork_parent();
    pthread_mutex_unlock(&wk_runtime.lock);
    pthread_mutex_unlock(&wk_runtime.control);
}

/* Only the forking thread is left, not the drain. Nothing is flushed, freed or reported here. */
void wk_runtime_after_fork_child(void)
{
    /* A child that would have followed, but forked again before it had an event: a daemon's way. Its parent is the one that recorded. */
    bool still = wk_runtime.follows && state_now() == IDLE && wick_i_on_v1 == WK_ON_UNDECIDED;
    bool follow = still || (state_now() == RUNNING && wk_runtime.config.fork_follow);

    wk_fork_child();
    if (state_now() == RUNNING) {
        wk_drain_abandon(&wk_runtime.drain);
    }
    wk_runtime.follows = wk_recorder.follows = follow;
    wk_runtime.parent_pid = still ? wk_runtime.parent_pid : wk_runtime.pid;
    set_state(IDLE);
    wk_runtime.asked = wk_runtime.done = 0;
    wk_runtime.visitors = 0; /* they are threads of the parent, as those that ask */
    wk_runtime.questions = NULL;
    set_switch(follow ? WK_ON_UNDECIDED : WK_ON_OFF);
    pthread_mutex_unlock(&wk_runtime.lock);
    pthread_mutex_unlock(&wk_runtime.control);
}
