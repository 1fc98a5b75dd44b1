/*
 * SPDX-License-Identifier: MIT
 * The served data: the newest frames of the wire within a limit of bytes, beside the run's names and tree. The drain (or
 * `wick view`) adds records, the server's thread reads; the run's mutex guards all of it. Must not know HTTP.
 * Invariant: a block begins with START events of the scopes that are open there, so that a stream can begin at any one.
 */
#ifndef WICK_LIB_SINK_HTTP_HOST_RETAINED_H
#define WICK_LIB_SINK_HTTP_HOST_RETAINED_H

#include <pthread.h>
#include <stdbool.h>

#include <wick/serve.h>

#include "model/log/wire/wire.h"
#include "runtime/run_tree.h"

/* Consecutive frames. Only the newest block grows. */
struct wk_retained_block {
    struct wk_retained_block *next;
    char *bytes;
    uint32_t *ends;          /* of its frames, from `head_bytes` on */
    uint64_t position;       /* of its first frame in all frames ever made */
    uint64_t first_sequence;
    int64_t first_ns, last_ns; /* of its events; INT64_MAX, INT64_MIN: none */
    size_t used, capacity, head_bytes; /* head: START events of the scopes that were open, unnumbered */
    uint32_t frames, frame_capacity;
};

struct wk_retained {
    struct wk_run_tree *run_tree;
    pthread_mutex_t *lock;      /* the run's, as the next two */
    struct wick_names *names;
    struct wick_tree *tree;
    struct wk_wire_writer *writer;
    struct wk_retained_block *oldest, *newest;
    uint64_t retain_bytes, bytes;
    uint64_t lost;              /* records for which there was no memory */
    uint64_t next_sequence;     /* of the next frame */
    uint64_t told_sequence;     /* the same, at the last tick */
    int64_t flushed_ms, start_ns, now_ns;
    bool dropped;               /* the oldest block is not the first one any more */
    bool live;                  /* now is the wall clock, not the last record's time */
    char *properties;           /* `key value` lines of the run, each with its NUL; two at the end */
    size_t property_bytes, said_bytes; /* said: written to the stream, too */
    struct wick_stats stats;    /* newest counters of the recorder */
    struct wick_serve_counts counts; /* of the server, likewise */
};

/* False: no memory; wk_retained_fini must follow in any case. */
bool wk_retained_init(struct wk_retained *retained, struct wk_run_tree *run_tree, uint64_t retain_bytes, bool live);
void wk_retained_fini(struct wk_retained *retained);

/* ---- the thread that records ---- */
/* Before the tree has them: a block that begins here begins with the scopes open before them. Locked by the caller. */
void wk_retained_records_locked(struct wk_retained *retained, const struct wick_record *records, size_t count);
void wk_retained_line(struct wk_retained *retained, int64_t time_ns, enum wick_line line, const char *text);
/* End the open frame when it is due. True: there are new frames since the last tick. */
bool wk_retained_tick(struct wk_retained *retained, int64_t now_ns);

/* ---- the server's thread ---- */
uint64_t wk_retained_next(struct wk_retained *retained);
/* `frames` of struct wk_http_host. */
long wk_retained_frames(struct wk_retained *retained, uint64_t *from, uint64_t until, char *to, size_t bytes);
/* End the frame that is open. Locked by the caller. */
void wk_retained_flush_locked(struct wk_retained *retained);
/* The value of a property, "" when there is none; borrowed while the caller holds the lock. */
const char *wk_retained_property_locked(const struct wk_retained *retained, const char *key);
int64_t wk_retained_now_locked(const struct wk_retained *retained);

/* Write the scopes of a track that are open in the tree as START events. */
void wk_retained_write_open(const struct wick_tree *tree, uint32_t track, struct wk_wire_writer *writer);

#endif
