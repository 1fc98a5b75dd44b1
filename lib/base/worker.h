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
#include <stdint.h>

struct wk_worker {
    const char *name;      /* for debuggers; at most 15 bytes */
    void *(*run)(void *user);
    void *user;
    bool records;          /* the exception: what it does is recorded (the page's marks) */
    pthread_t thread;      /* to be joined or detached */
};

/* A list of processors such as "0,2-5" into `set`, whose bits are zero (NULL: only look). False: it is no such list. */
enum { WK_WORKER_CPUS = 8192 };
bool wk_worker_cpus(const char *list, unsigned char *set);

/* For all threads that are started from now on: where they run, and their stacks' size. `cpus` NULL: where any thread of the
 * process may run now. A host that is pinned with a real-time policy would starve ours on its processor. */
void wk_worker_configure(const char *cpus, uint64_t stack_bytes);

/* Start a thread, which borrows `worker` until it ends. False: it was refused. */
bool wk_worker_start(struct wk_worker *worker);

/* Is the calling thread one of wick's, and one that records? */
bool wk_worker_here(void);
bool wk_worker_records(void);

#endif
