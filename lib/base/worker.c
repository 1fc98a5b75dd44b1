/*
 * SPDX-License-Identifier: MIT
 * Starting wick's own threads. See worker.h.
 */
#include "worker.h"

#include <dirent.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "diag.h"

enum { SET_BYTES = WK_WORKER_CPUS / 8, EXEC_TRIES = 100, EXEC_WAIT_NS = 2000000 };

/* Written before the first thread of a run starts. */
static struct {
    size_t stack_bytes;
    bool placed;         /* `set` is used */
    bool told;           /* by WICK_CPUS, and not found */
    unsigned char set[SET_BYTES];
} own = {.stack_bytes = 1 << 20}; /* the deepest of our threads needs a tenth of it; a page that nobody touches costs nothing */

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

/* ---- processors ------------------------------------------------------------------------------ */

bool wk_worker_cpus(const char *list, unsigned char *set)
{
    bool more = true;

    while (more) {
        char *end;
        unsigned long first = strtoul(list, &end, 10), last = first;
        bool good = *list >= '0' && *list <= '9';

        if (good && *end == '-') {
            list = end + 1;
            good = *list >= '0' && *list <= '9';
            last = strtoul(list, &end, 10);
        }
        if (!good || last < first || last >= WK_WORKER_CPUS || (*end && *end != ',')) {
            return false;
        }
        for (unsigned long cpu = first; set && cpu <= last; cpu++) {
            set[cpu / 8] |= (unsigned char)(1u << cpu % 8);
        }
        more = *end == ',';
        list = end + 1;
    }
    return true;
}

/* The processors of all threads that there are now, ours excepted: there are none yet. */
static bool find_cpus(void)
{
    static unsigned char one[SET_BYTES]; /* the caller's stack may be small */
    DIR *tasks = opendir("/proc/self/task");
    bool found = false;

    for (const struct dirent *entry; tasks && (entry = readdir(tasks));) {
        int tid = (int)strtol(entry->d_name, NULL, 10);

        if (tid > 0 && sched_getaffinity(tid, SET_BYTES, (cpu_set_t *)(void *)one) == 0) {
            for (int i = 0; i < SET_BYTES; i++) {
                own.set[i] |= one[i];
            }
            found = true;
        }
    }
    if (tasks) {
        closedir(tasks);
    }
    return found;
}

void wk_worker_configure(const char *cpus, uint64_t stack_bytes)
{
    own.stack_bytes = (size_t)stack_bytes;
    memset(own.set, 0, SET_BYTES);
    own.told = cpus != NULL;
    own.placed = cpus ? wk_worker_cpus(cpus, own.set) : find_cpus();
}

/* ---- start ----------------------------------------------------------------------------------- */

/* A host's limits must not become ours: RLIMIT_STACK may be tiny, its policy real-time. */
static bool start_with_own(struct wk_worker *worker)
{
    pthread_attr_t attributes;
    struct sched_param priority = {0};

    if (pthread_attr_init(&attributes) != 0) {
        return false;
    }
    bool started = pthread_attr_setstacksize(&attributes, own.stack_bytes) == 0 &&
                   pthread_attr_setschedpolicy(&attributes, SCHED_OTHER) == 0 &&
                   pthread_attr_setschedparam(&attributes, &priority) == 0 &&
                   pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED) == 0 &&
                   pthread_create(&worker->thread, &attributes, begin, worker) == 0;
    pthread_attr_destroy(&attributes);
    return started;
}

static void place(const struct wk_worker *worker)
{
    if (pthread_setaffinity_np(worker->thread, SET_BYTES, (cpu_set_t *)(void *)own.set) != 0 && own.told) {
        own.told = false; /* say it once */
        wk_diag("WICK_CPUS: wick's threads cannot run there; they run where the program's do");
    }
}

/* Refused where thread-local storage is larger, or SCHED_IDLE may not be left: then as the host's own threads. */
static bool start(struct wk_worker *worker)
{
    return start_with_own(worker) || pthread_create(&worker->thread, NULL, begin, worker) == 0;
}

bool wk_worker_start(struct wk_worker *worker)
{
    sigset_t all, old;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    bool started = start(worker);
    /* While another thread executes a program, no thread can be started; if that succeeds, this one is gone. The host's never wait. */
    for (int tries = 0; !started && self && tries < EXEC_TRIES; tries++) {
        wk_clock_sleep(EXEC_WAIT_NS);
        started = start(worker);
    }
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (started && own.placed) { /* by its creator: on its creator's processor it may never come to do so itself */
        place(worker);
    }
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
