/*
 * SPDX-License-Identifier: MIT
 * The state of recording in this process: the run, the switch that the macros read, and two locks. `control` serialises
 * start and stop; `lock` guards what the drain thread and its callers exchange. Order: control, lock, the recorder's.
 * A thread that waits for the drain is a visitor: it holds neither lock, so that others keep their own deadlines and
 * fork does not wait; stop waits until all visitors have left. No recording thread ever waits for a file.
 */
#ifndef WICK_LIB_RUNTIME_RUNTIME_STATE_H
#define WICK_LIB_RUNTIME_RUNTIME_STATE_H

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/condition.h"
#include "base/worker.h"
#include "config.h"
#include "drain.h"
#include "record/recorder.h"
#include "run.h"

enum state { IDLE, RUNNING, STOPPING };

/* A question about a thread, in the asker's memory. */
struct wk_question {
    struct wk_question *next;
    uint32_t tid;
    uint32_t serial;          /* of a track, where it is not 0 */
    bool answered;
    struct wick_current_scope current;
};

struct wk_runtime_state {
    pthread_mutex_t control;
    pthread_mutex_t lock;
    struct wk_condition answered; /* the drain has done a tick for `asked`, or has ended */
    struct wk_worker worker;  /* the drain */
    enum state state;         /* written under `control`; wick_resume and the destructor read it without */
    bool paused_early;        /* wick_pause came before the first event */
    bool atfork;              /* the handlers are registered */
    uint32_t visitors;        /* threads inside a request */
    uint64_t asked;           /* number of the last tick that a caller asked for; `done`: completed */
    uint64_t done;
    struct wk_question *questions; /* that the next tick answers; under `lock` */
    uint64_t stop_ticks;   /* when the end was asked for; 0: it was not, the last thread ended */
    bool stop;
    bool ended;
    bool complete;
    int64_t deadline_ns;      /* of the stop */
    struct wick_stats stats;  /* of the last answered request */
    struct wick_config config;
    struct wk_anchor start;
    struct wk_drain drain;
    char host[WK_HOST_BYTES];
    char parent[256];         /* of a forked child: `host pid start` */
    int profile_depth;
    bool follows;             /* a forked child that records with its parent's configuration */
    uint32_t parent_pid;
    uint32_t pid;
    int64_t alone_ns;         /* when the drain last called wk_alone */
    sigset_t mask;            /* of the thread that started recording */
};

extern struct wk_runtime_state wk_runtime;

static inline enum state state_now(void)
{
    return __atomic_load_n(&wk_runtime.state, __ATOMIC_RELAXED); /* ordered by set_switch, or by `control` */
}

static inline void set_state(enum state state)
{
    __atomic_store_n(&wk_runtime.state, state, __ATOMIC_RELAXED); /* as in state_now */
}

/* Every change of the switch goes through here, except in wick_pause, whose compare-and-exchange continues the release
 * sequence: each change acquires the one before and releases the writes before itself. See wick_resume. */
static inline void set_switch(uint32_t on)
{
    (void)__atomic_exchange_n(&wick_i_on_v1, on, __ATOMIC_ACQ_REL); /* threads that record may see it late */
}

/* The state first, then the switch: wick_resume depends on this order. */
static inline void run_begins_locked(void)
{
    set_state(RUNNING);
    set_switch(WK_ON_RECORDING);
}

static inline void run_ends_locked(void)
{
    set_state(STOPPING);
    set_switch(WK_ON_OFF);
}

static inline void stay_off(void)
{
    set_switch(WK_ON_OFF);
}

/* Lock or unlock with cancellation disabled: code under these locks waits and opens files, and a thread cancelled
 * there would leave them locked. Messages are said after the unlock. */
void wk_runtime_lock(pthread_mutex_t *mutex, int *cancel);
void wk_runtime_unlock(pthread_mutex_t *mutex, int cancel);

/* The drain thread's main function; its argument is the runtime (drain_thread.c). */
void *wk_drain_main(void *argument);

/* For pthread_atfork (runtime_fork.c). */
void wk_runtime_before_fork(void);
void wk_runtime_after_fork_parent(void);
void wk_runtime_after_fork_child(void);

#endif
