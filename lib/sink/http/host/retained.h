/*
 * SPDX-License-Identifier: MIT
 * What is served: the newest frames of the wire within a limit of bytes, and the rollup of everything.
 * Records go in at one end (one thread), requests are answered at the other (the server's thread).
 * Must not know HTTP. Invariants: one lock guards all of it; every block of frames begins with the scopes
 * that were open there, so that any block is a place to begin.
 */
#ifndef WICK_LIB_SINK_HTTP_HOST_RETAINED_H
#define WICK_LIB_SINK_HTTP_HOST_RETAINED_H

#include <pthread.h>
#include <stdbool.h>

#include <wick/serve.h>

#include "model/log/wire/wire.h"

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
    pthread_mutex_t lock;
    struct wick_names *names;   /* copies: the owner's may change while we are asked */
    struct wick_tree *tree;
    struct wk_wire_writer *writer;
    struct wk_retained_block *oldest, *newest;
    uint64_t retain_bytes, bytes;
    uint64_t lost;              /* records for which there was no memory */
    uint64_t next_sequence;     /* of the next frame */
    uint64_t told_sequence;     /* the same, at the last tick */
    int64_t flushed_ms, start_ns, now_ns;
    bool dropped;               /* something was: the oldest block is not the beginning */
    bool live;                  /* time goes on between two records */
    char *properties;           /* `key value` lines of the run, each with its NUL; two at the end */
    size_t property_bytes, said_bytes; /* said: in the stream, too */
    struct wick_stats stats;    /* of the recorder, as it said last */
    struct wick_serve_counts counts; /* of the server, likewise */
};

/* Prepare it; false: no memory, fini must follow in any case. */
bool wk_retained_init(struct wk_retained *retained, uint64_t retain_bytes, bool live);
void wk_retained_fini(struct wk_retained *retained);

/* ---- the thread that records ---- */
void wk_retained_records(struct wk_retained *retained, const struct wick_names *names, const struct wick_record *records, size_t count);
void wk_retained_line(struct wk_retained *retained, int64_t time_ns, const char *word, const char *text);
/* Hand out what was taken. True when there are new frames. */
bool wk_retained_tick(struct wk_retained *retained, int64_t now_ns);

/* ---- the server's thread ---- */
uint64_t wk_retained_next(struct wk_retained *retained);
/* As struct wk_http_host has it. */
long wk_retained_frames(struct wk_retained *retained, uint64_t *from, uint64_t until, char *to, size_t bytes);
/* End the frame that is open. Locked by the caller. */
void wk_retained_flush_locked(struct wk_retained *retained);
/* A copy of the value of a property; "" when there is none. Locked by the caller. */
const char *wk_retained_property_locked(const struct wk_retained *retained, const char *key);
int64_t wk_retained_now_locked(const struct wk_retained *retained);

/* A site and a track of a table of names, as the wire asks for them. */
struct wk_wire_names wk_retained_wire_names(const struct wick_names *names);
/* Write the scopes of a track that are open in the tree as START events. */
void wk_retained_write_open(const struct wick_tree *tree, uint32_t track, struct wk_wire_writer *writer);

#endif
