/*
 * SPDX-License-Identifier: MIT
 * The recorder's shared state: what every thread's slow path and the drain agree on.
 * It must not know sinks or files. It owns the lists of threads; `lock` guards them, and the site
 * table has a lock of its own. Lock order: recorder.lock, then sites.lock; never the other way.
 */
#ifndef WICK_LIB_RECORD_RECORDER_H
#define WICK_LIB_RECORD_RECORDER_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "thread.h"

/* Values of wick_i_on_v1. */
enum {
    WK_ON_OFF = 0,       /* every macro ends at its first load */
    WK_ON_UNDECIDED = 1, /* nobody asked the environment yet: the first event does */
    WK_ON_RECORDING = 2,
    WK_ON_SECOND = 3     /* another copy of wick records: count what this one was asked to */
};

struct wk_recorder {
    pthread_mutex_t lock;
    pthread_key_t key;          /* its destructor ends the thread's scopes; never deleted */
    bool key_good;
    bool tsc;                   /* clock of every ring of this process */
    bool cpu_time;
    bool wait;                  /* WICK_FULL_WAIT */
    bool log_failed;            /* waiting is pointless: set by the drain, relaxed */
    uint32_t wait_ms;
    uint32_t ring_slots_max;
    uint32_t ring_start;        /* where the indices of a new ring begin: 0, but in tests, where they wrap at once */
    uint32_t next_serial;
    uint32_t process;           /* 0; in a forked child one more than in its parent */
    struct wk_thread *fresh;    /* attached since the drain looked last */
    struct wk_thread *free_threads;
    struct wick_event *free_rings[WK_RING_CLASSES];
    uint32_t free_ring_count[WK_RING_CLASSES];
    uint32_t wake;              /* futex of the drain: 1 = a ring is half full */
    uint64_t dropped_attach;
    uint64_t dropped_dead;
    uint64_t dropped_signal;    /* of threads that could not attach */
    double ns_per_tick;         /* kept fresh by the drain; 0: not known yet */
    int64_t origin_ns;          /* with origin_ticks: an anchor from the start */
    uint64_t origin_ticks;
};

extern struct wk_recorder wk_recorder;

/* A setting that another run may change under threads that still record: relaxed, any of the two will do. */
#define WK_SETTING(field) __atomic_load_n(&wk_recorder.field, __ATOMIC_RELAXED)

/* What the first event of the process does: it asks the environment and starts the drain. Gives true when recording is
 * on afterwards. The pointer is lib/runtime's: record calls nothing above itself. */
extern bool (*const wk_record_first_event)(void);

/* Wake the drain: a ring is half full, or someone waits. Any thread; no lock. */
void wk_recorder_wake(void);

/* Nanoseconds that `ticks` are, with the best slope known. */
int64_t wk_recorder_ticks_ns(uint64_t ticks);

#endif
