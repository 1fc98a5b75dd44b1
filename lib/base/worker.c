/*
 * SPDX-License-Identifier: MIT
 * Starting wick's own threads. See worker.h.
 */
#include "worker.h"

#include <sched.h>
#include <signal.h>

/* What the deepest of our threads needs is a tenth of it; a page that nobody touches costs nothing. */
enum { STACK_BYTES = 1 << 20 };

static __thread struct wk_worker *self __attribute__((tls_model("initial-exec")));

/* A new thread has its creator's: a host that traps on inexact results would be killed by our divisions. Without libm. */
static void default_floating_point(void)
{
#if defined(__x86_64__)
    __asm__ volatile("fninit\n\tldmxcsr %0" : : "m"((const unsigned){0x1f80}));
#elif defined(__aarch64__)
    __asm__ volatile("msr fpcr, xzr");
#endif
}

static void *begin(void *worker)
{
    default_floating_point();
    self = worker;
    pthread_setname_np(pthread_self(), self->name);
    return self->run(self->user);
}

/* A host's limits must not become ours: RLIMIT_STACK may be tiny, its policy real-time. */
static bool start_with_own(struct wk_worker *worker)
{
    pthread_attr_t attributes;
    struct sched_param priority = {0};

    if (pthread_attr_init(&attributes) != 0) {
        return false;
    }
    bool started = pthread_attr_setstacksize(&attributes, STACK_BYTES) == 0 &&
                   pthread_attr_setschedpolicy(&attributes, SCHED_OTHER) == 0 &&
                   pthread_attr_setschedparam(&attributes, &priority) == 0 &&
                   pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED) == 0 &&
                   pthread_create(&worker->thread, &attributes, begin, worker) == 0;
    pthread_attr_destroy(&attributes);
    return started;
}

bool wk_worker_start(struct wk_worker *worker)
{
    sigset_t all, old;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    /* Refused where thread-local storage is larger, or SCHED_IDLE may not be left: then as the host's own threads. */
    bool started = start_with_own(worker) || pthread_create(&worker->thread, NULL, begin, worker) == 0;
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return started;
}

bool wk_worker_records(void)
{
    return self && self->records;
}

bool wk_worker_here(void)
{
    return self && !self->records;
}
