/*
 * SPDX-License-Identifier: MIT
 * All runs that are mirrored in a Redis, kept up to date by a thread of its own: what is known of each, its trackers, its numbers.
 * It reads what the events of a run name, and all of a run where it does not know what has changed. Nothing is written to Redis.
 * Invariants: nobody waits for Redis but the fleet's thread; the lock is held for facts of one tracker, or numbers of one run.
 */
#ifndef WICK_LIB_SINK_FLEET_FLEET_H
#define WICK_LIB_SINK_FLEET_FLEET_H

#include "base/condition.h"
#include "base/worker.h"
#include "sink/redis/host/redis_runs.h"

/* The trackers of a run as one: those of its root where it has one with trackers below it; else as if its roots were children of
 * one tracker. */
struct wk_fleet_numbers {
    uint32_t all, done, failed, in_progress;
    double progress, done_pct; /* weighted; by count */
    int64_t left_ns;           /* of the root for which most is left */
};

struct wk_fleet_run {
    struct wk_redis_run about;
    struct wk_fleet_numbers numbers;
    struct wick_board *board;  /* its trackers; NULL: they are not read: not yet, or there are too many */
    uint64_t number;           /* no other run of this fleet has it, also one of that name */
    uint64_t changed;          /* number of its last change */
    bool loaded;               /* its trackers are all there */
    int64_t wanted_ns;         /* when somebody asked for its rollups; 0: nobody does */
    struct wk_array rollups;   /* char: JSON; empty: not read yet */
    /* Of the fleet's thread alone. */
    char event[48];            /* id of the last one that was read */
    int64_t silent_ns;         /* when it is read again although no event came */
    int64_t rollups_ns;        /* not before: reading them again */
    struct wk_array keys;      /* char: of trackers that have changed: texts with NUL */
    uint32_t events;           /* that were read at once */
    bool all_changed, listed;
};

struct wk_fleet {
    struct wk_redis_link link;      /* of the thread alone, as what follows */
    struct wk_redis_runs reads;
    struct wk_worker worker;
    char prefix[64];
    int64_t list_ns;                /* not before: reading the list, and what is known of each */
    int64_t now_ms;                 /* the server's clock */
    uint64_t given;                 /* numbers of runs */
    bool told;                      /* that it is down */

    pthread_mutex_t lock;
    struct wk_condition wake, progress; /* for the thread; for those who wait for it */
    struct wk_fleet_run **runs;     /* the newest first */
    uint32_t count;
    struct wk_fleet_run own;        /* what was posted to this process itself; changed 0: nothing was */
    uint32_t left_out;              /* runs that are there and not among these */
    uint64_t changes;               /* number of the last change of a run */
    uint64_t removed;               /* number of the change that took one out */
    uint64_t told_about;            /* number of the last change of `up` or `left_out` */
    bool wanted;                    /* somebody asks for rollups that are not read yet */
    bool up, stop, ended;
    char why[320];                  /* it is not up */
};

/* Start it. NULL: the error is set. */
struct wk_fleet *wk_fleet_start(const char *url);
/* End it, at the deadline at the latest: then it is never freed. */
void wk_fleet_stop(struct wk_fleet *fleet, int64_t deadline_ns);

/* A run by its name; NULL: there is none. The lock is held. */
struct wk_fleet_run *wk_fleet_find_locked(const struct wk_fleet *fleet, const char *id, size_t bytes);
void wk_fleet_numbers_read(struct wick_board *board, int64_t now_ns, struct wk_fleet_numbers *numbers);

/* The totals of a run's scopes, as JSON: as they were last read, while somebody asks for them. NULL: not yet. The lock is held. */
const struct wk_array *wk_fleet_rollups_locked(struct wk_fleet *fleet, struct wk_fleet_run *run);

/* ---- fleet_rollup.c ---- */

/* Append the totals of a run's scopes to a text, in the fleet's thread. False: Redis did not give them, or no memory. */
bool wk_fleet_rollups_read(struct wk_fleet *fleet, const char *id, struct wk_array *text);

#endif
