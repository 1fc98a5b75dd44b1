/*
 * SPDX-License-Identifier: MIT
 * The thread that writes the mirror: connects, sends batches, waits after failures, and begins anew with everything.
 * Nothing waits for it but wick_flush, while it is connected, and the end of the run, up to its deadline.
 */
#ifndef WICK_LIB_SINK_REDIS_HOST_MIRROR_THREAD_H
#define WICK_LIB_SINK_REDIS_HOST_MIRROR_THREAD_H

#include "base/condition.h"
#include "base/worker.h"
#include "mirror.h"

struct wk_mirror_thread {
    struct wk_mirror mirror;
    struct wk_worker worker;
    struct wk_redis_link link;      /* of the thread alone, as what follows */
    struct wk_commands commands;
    char run[64], prefix[64];
    char host[256], pid[16];
    int64_t start_ns;
    struct wk_array about;          /* char: JSON about the process */
    uint64_t ttl_ms;
    uint32_t retry_ms;              /* longest pause between two tries */
    uint32_t pause_ms;              /* the next one, at least */
    int64_t try_ns, beat_ns, flush_ns, time_ns; /* not before: connecting; the sign of life; a batch; measuring the offset */
    int64_t offset_ns;              /* the server's clock minus ours */
    int64_t down_ns;                /* since when nothing is mirrored; 0: it is */
    uint64_t resyncs, failed;       /* times that all was written; batches that were not */
    char told[16];                  /* the first word of the failure that was said last */
    uint32_t told_count;            /* failures that were said since it worked last */
    bool told_offset, told_optional, told_up;

    /* Under the mirror's lock. */
    struct wk_condition changed;    /* for the thread */
    struct wk_condition progress;   /* for those who wait for it */
    uint64_t done;                  /* changes that are in Redis: all up to this one of mirror.fed */
    int64_t deadline_ns;            /* of the end */
    uint64_t attempted, dropped;    /* by the recorder */
    bool resync;                    /* what is in Redis is not known: all is to be written */
    bool up, tried, sleeping, hurry, stop, ended;
};

/* Start it. `thread` is filled but for what is the thread's own. False: it was refused. */
bool wk_mirror_thread_start(struct wk_mirror_thread *thread);
/* Something has changed. The lock is held. */
void wk_mirror_thread_wake_locked(struct wk_mirror_thread *thread);
/* Wait until all that has come is in Redis; false: it is not connected, or the deadline has passed. */
bool wk_mirror_thread_flush(struct wk_mirror_thread *thread, int64_t deadline_ns);
/* Write what is left and end. False: it hangs, and `thread` must never be freed. `left`: changes that were not written. */
bool wk_mirror_thread_stop(struct wk_mirror_thread *thread, int64_t deadline_ns, uint64_t *left);

#endif
