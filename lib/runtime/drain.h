/*
 * SPDX-License-Identifier: MIT
 * The drain: one thread empties all rings, decodes slots into records, and passes the records to the sinks.
 * It never blocks on a sink. Invariant: a slot is freed only after the sinks have taken its records.
 */
#ifndef WICK_LIB_RUNTIME_DRAIN_H
#define WICK_LIB_RUNTIME_DRAIN_H

#include <stdbool.h>
#include <stdint.h>

#include <wick/control.h>

#include "model/live/decode.h"
#include "model/live/filter.h"
#include "record/thread.h"
#include "run_tree.h"
#include "sink.h"
#include "timekeeper.h"

enum { WK_SINKS_MAX = 8 };

/* Defined by the companion library; the address is NULL where that is not loaded. */
extern uint32_t wick_i_functions_on_v1 __attribute__((weak));

/* A lane of the log. It is reused when its thread has ended and another thread of the same name begins. */
struct wk_drain_track {
    struct wk_decoder decoder;
    struct wk_thread *thread;  /* NULL: free */
    char base[WK_THREAD_NAME_BYTES]; /* its name without a number; the name is in the run's table */
    int64_t last_ns;           /* of its last record */
};

struct wk_open_sink {
    const struct wk_sink_ops *ops;
    void *sink;
    int asker; /* for changed nodes; < 0: it does not ask */
};

struct wk_drain {
    struct wk_run run;
    struct wk_run_tree *run_tree;
    struct wk_timekeeper time;
    uint64_t start_ticks;        /* of the run */
    struct wk_drain_track *tracks;
    uint32_t track_count;
    uint32_t track_capacity;
    struct wk_open_sink sinks[WK_SINKS_MAX];
    uint32_t sink_count;
    struct wk_batch *batch;
    struct wk_filter *filter;    /* NULL: none */
    struct wick_stats totals;    /* of threads that have ended */
    struct wk_sink_stats closed; /* of sinks that have closed */
    bool unopened;               /* a wanted sink could not be opened, or there was no memory */
    bool behind;                 /* a sink was not ready: events stay in the rings */
    int64_t lines_ns;            /* no line of the board to come is older */
    int64_t fresh_ns;            /* a time before the list of fresh threads was last taken */
    int64_t tick_ns;             /* when this tick began to read */
    uint64_t lag_ns;             /* longest time that an event waited in a ring */
    uint32_t pauses;             /* of the recorder, that were said */
    uint32_t files, files_told;  /* of the log, before the one that is open; to which the board was told */
    bool closing;                /* the run ends with this tick */
    bool paused;                 /* said, and not yet that recording goes on */
    uint64_t taken;              /* events in this tick: the next sleep depends on it */
};

/* Open the sinks. Called by the drain thread, as are all of these. */
void wk_drain_open(struct wk_drain *drain);
/* Drain the rings. True when every event recorded before the call was taken. */
bool wk_drain_tick(struct wk_drain *drain);
/* End open scopes as unfinished, write the closing lines, close the sinks. True when all is complete. `stop_ticks`: when the
 * end was asked for; 0: now. */
bool wk_drain_close(struct wk_drain *drain, int64_t deadline_ns, uint64_t stop_ticks);
/* In a forked child: close the descriptors of the parent's sinks; nothing is flushed or freed. */
void wk_drain_abandon(struct wk_drain *drain);
/* Pass records to every sink, then to the tree; `user` is the drain. */
void wk_drain_records(void *user, const struct wick_record *records, size_t count);
void wk_drain_say(struct wk_drain *drain, int64_t time_ns, enum wick_line line, const char *text);

/* The slots of sinks; a sink without one has nothing to say (drain_sinks.c). */
bool wk_sinks_ready(const struct wk_drain *drain);
/* Give each sink that asks the nodes that have changed since it took them last. */
void wk_sinks_rollup(struct wk_drain *drain, int64_t now_ns);
void wk_sinks_tick(struct wk_drain *drain, int64_t now_ns, int64_t oldest_ns);
bool wk_sink_flush(const struct wk_open_sink *open, int64_t deadline_ns);
void wk_sink_stats(const struct wk_open_sink *open, struct wk_sink_stats *out);
/* The innermost open scope of the thread with this id, or of the track with this serial, where that is not 0. False: nothing of it
 * is recorded (drain_current.c). */
bool wk_drain_current(const struct wk_drain *drain, uint32_t tid, uint32_t serial, struct wick_current_scope *out);
/* Fill all counters (drain_stats.c). */
void wk_drain_stats(struct wk_drain *drain, struct wick_stats *out);
/* Close the counters of this run, after they were last read: later counts belong to the next run. */
void wk_drain_end_counts(void);

#endif
