/*
 * SPDX-License-Identifier: MIT
 * The recorder's shared state: what every thread's slow path and the drain agree on.
 * It must not know sinks or files. It owns the lists of threads, which `lock` guards; the table of mutexes, the site table
 * and the pool have locks of their own. Lock order: this one, mutexes, sites, pool.
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

/* From here another process finds everything that this one has recorded. In the pool; its header refers to it. */
struct wk_root {
    uint32_t root_bytes;        /* sizes, of which another build may have others */
    uint32_t thread_bytes;
    uint64_t fresh;             /* references of threads: attached since the drain looked last, oldest first; under `lock` */
    uint64_t live;              /* the drain's: those whose rings it reads, oldest first. One may be in both for a moment */
    uint64_t sites;             /* reference of struct wk_site_table */
    uint32_t site_bytes;
    uint32_t reserved;
};

struct wk_recorder {
    pthread_mutex_t lock;
    struct wk_root *root;       /* NULL: nothing has ever been recorded */
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
    bool follows;               /* a forked child that records with its parent's configuration */
    struct wk_thread *fresh_last; /* of the list that begins at root->fresh */
    uint64_t free_threads;      /* reference */
    uint32_t wake;              /* futex of the drain: 1 = a ring is half full */
    uint64_t dropped_attach;
    uint32_t pauses;            /* by wick_pause */
    uint32_t children;          /* forked since the run began; under the runtime's lock, and read by the drain, relaxed */
    uint64_t dropped_dead;
    uint64_t dropped_signal;    /* of threads that could not attach */
    uint64_t slope;             /* ns per tick, with SLOPE_BITS behind the point; kept fresh by the drain; 0: not known yet */
    int64_t origin_ns;          /* with origin_ticks: an anchor from the start */
    uint64_t origin_ticks;
};

extern struct wk_recorder wk_recorder;

/* The threads whose rings the drain reads: the first, and `next` from there. */
static inline struct wk_thread *wk_live_first(void)
{
    return wk_recorder.root ? wk_thread_at(wk_recorder.root->live) : NULL;
}

/* A setting that another run may change under threads that still record: relaxed, any of the two will do. */
#define WK_SETTING(field) __atomic_load_n(&wk_recorder.field, __ATOMIC_RELAXED)

/* Before the first event of a run: the memory for what it records, and the clock. False: no memory. */
bool wk_recorder_begin(const struct wk_anchor *start);
/* Nanoseconds of a tick, as the drain knows now. */
void wk_recorder_set_slope(double ns_per_tick);

/* What the first event of the process does: it asks the environment and starts the drain. Gives true when recording is
 * on afterwards. The pointer is lib/runtime's: record calls nothing above itself. */
extern bool (*const wk_record_first_event)(void);

/* Wake the drain: a ring is half full, or someone waits. Any thread; no lock. */
void wk_recorder_wake(void);

/* Nanoseconds that `ticks` are, with the best slope known. */
int64_t wk_recorder_ticks_ns(uint64_t ticks);

#endif
