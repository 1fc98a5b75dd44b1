/*
 * SPDX-License-Identifier: MIT
 * The threads that wick starts. All signals are blocked on them, so that the host's handlers never run there; their
 * floating-point environment is the default one and their stack has a fixed size, whatever the host has set for its own.
 * Host code that wick calls on such a thread (an instrumented malloc) records nothing: otherwise the drain would fill its
 * own ring, or wait for itself.
 */
#ifndef WICK_LIB_BASE_WORKER_H
#define WICK_LIB_BASE_WORKER_H

#include <pthread.h>
#include <stdbool.h>

struct wk_worker {
    const char *name;      /* for debuggers; at most 15 bytes */
    void *(*run)(void *user);
    void *user;
    bool records;          /* the exception: what it does is recorded (the page's marks) */
    pthread_t thread;      /* to be joined or detached */
};

/* Start a thread, which borrows `worker` until it ends. False: it was refused. */
bool wk_worker_start(struct wk_worker *worker);

/* Is the calling thread one of wick's, and one that records? */
bool wk_worker_here(void);
bool wk_worker_records(void);

#endif
