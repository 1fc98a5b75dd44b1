/*
 * SPDX-License-Identifier: MIT
 * Trackers: work that is told by hand, with a status, a weight, an estimate, a message. A tracker has a key, `job.load.users`;
 * the tracker above it is its parent, whose counts, progress and estimates follow from those below.
 *
 *     struct wick_tracker *job = wick_tracker_create(NULL, "job", NULL);
 *     struct wick_tracker *load = wick_tracker_create(job, "load users", NULL);      its key is job.load-users
 *     wick_tracker_start(load, WICK_TRACKER_PARENTS, "reading");
 *     wick_tracker_set(load, "progress", "0.5");
 *     wick_tracker_succeed(load, NULL);
 *     wick_progress("_shop.job7.stage", 0.25, 10, NULL, "running");                  without a handle
 *
 * Trackers work in memory also while nothing is recorded. Where a log is written, they are in it: `wick status LOG`.
 *
 * What holds for every function here, unless it says otherwise:
 *
 * Threads    any; one lock, which scopes and marks never take     Signals   refused: WICK_E_STATE, counted (wick_stats.dropped_signal)
 * Returns    0, or a warning of enum wick_tracker_warning (> 0): nothing has changed
 * Errors     INVAL, STATE (a handle that is NULL or whose tracker was removed; a child made by fork has none of its parent's, unless it
 *            follows, WICK_FORK=follow: then it is another writer about the same trackers), LIMIT, NOMEM;
 *            nothing has changed. wick_error_detail() says warnings and errors in one sentence
 */
#ifndef WICK_TRACKER_H
#define WICK_TRACKER_H

#include <stdint.h>

#include "compiler.h"
#include "error.h"

WICK_I_EXTERN_BEGIN

/* The status of a tracker, as its `status` field says it. */
enum wick_tracker_status {
    WICK_TRACKER_WAITING = 0, /* not started; also without a status */
    WICK_TRACKER_RUNNING,
    WICK_TRACKER_PAUSED,
    WICK_TRACKER_FINISHED,    /* succeeded; this and those below are terminal */
    WICK_TRACKER_FAILED,
    WICK_TRACKER_CANCELED,
    WICK_TRACKER_TIMED_OUT,
    WICK_TRACKER_OTHER,       /* another word: counted as running */
    WICK_TRACKER_STATUSES
};

/* Derived numbers of a tracker. */
struct wick_tracker_info {
    uint32_t size;          /* sizeof(struct wick_tracker_info), set by the caller of wick_tracker_read */
    uint32_t parent;        /* index of the board (wick/board.h); UINT32_MAX for a root */
    uint32_t children;      /* direct ones */
    uint32_t key_bytes;
    const char *key;        /* not terminated; borrows until the end of the process */
    uint32_t attempt;       /* from 1; 0: without a status */
    uint8_t status;         /* enum wick_tracker_status */
    uint8_t parallel;       /* its direct children run at the same time */
    uint8_t reserved[2];
    /* Descendants, without the tracker itself. */
    uint32_t all;
    uint32_t by_status[WICK_TRACKER_STATUSES];
    uint32_t done;          /* finished, failed, canceled, timed out */
    uint32_t in_progress;   /* running, or of another word */
    uint32_t message;       /* index of the tracker in the subtree whose `msg` is the newest; UINT32_MAX: there is none */
    double done_pct;        /* done / all, rounded to 2 decimals; 0 without descendants: 0..1, as in_progress_pct */
    double in_progress_pct;
    double progress;        /* 0..1, weighted over the direct children; NAN: unset */
    double weight;
    int64_t created_ns;     /* since the epoch; 0: unknown, as below */
    int64_t start_ns;
    int64_t finish_ns;
    int64_t elapsed_ns;     /* without pauses */
    int64_t estimate_ns;    /* in all, of the subtree */
    int64_t remaining_ns;   /* estimate - elapsed: may be negative */
    int64_t left_ns;        /* of the subtree's trackers, each at least 0 */
};

/* A handle: a number in the shape of a pointer, never freed. It lives until the tracker is removed or the process ends. */
struct wick_tracker;

/* What a tracker begins with; zeroed: nothing of it. Texts end with NUL and are copied. */
struct wick_tracker_options {
    uint32_t size;         /* sizeof(struct wick_tracker_options) */
    uint32_t parallel;     /* 1: its direct children run at the same time: their longest estimate counts, not the sum */
    const char *key;       /* its whole key, below that of its parent; a tracker that has this key already is joined. NULL: the
                            * parent's key, a dot, and the name, where characters that a key cannot have become -; ~2 behind it
                            * when that is taken */
    const char *friendly;  /* another name for wick_tracker_find */
    const char *source;    /* where the work comes from */
    double weight;         /* its share in its parent's progress; 0: 1. For a weight of 0 see wick_tracker_set */
    double estimate_s;     /* seconds that it takes; 0: not known */
    int64_t start_ns;      /* of its start, since the epoch; 0: when wick_tracker_start is called */
};

/* Positive results: why nothing has changed. */
enum wick_tracker_warning {
    WICK_W_STARTED = 1,    /* it is in progress or paused already */
    WICK_W_DONE,           /* it is done: the first end stays, and so does its message */
    WICK_W_NOT_RUNNING,    /* there is nothing to pause */
    WICK_W_NOT_PAUSED,     /* or to resume */
    WICK_W_NOT_DONE        /* or to retry */
};

/* A flag of wick_tracker_start: start the trackers above it first, the outermost before all. */
#define WICK_TRACKER_PARENTS 1u

/*
 * Create a tracker, not started.
 *
 * parent     the tracker above it; NULL: none
 * name       for people, any text; copied. NULL: its key says enough
 * options    copied; NULL: none
 * Returns    its handle; NULL: an error, which wick_error_detail() says
 * Since      0.1
 */
WICK_API struct wick_tracker *wick_tracker_create(struct wick_tracker *parent, const char *name,
                                                  const struct wick_tracker_options *options);

/*
 * Start a tracker: its elapsed time begins.
 *
 * flags      WICK_TRACKER_PARENTS or 0
 * message    its new `msg`, copied; NULL: none. Likewise below
 * Errors     also STATE: the tracker above it is not in progress
 * Since      0.1
 */
WICK_API int wick_tracker_start(struct wick_tracker *tracker, uint32_t flags, const char *message);

/* Stop the time of a tracker in progress, and go on. Since 0.1 */
WICK_API int wick_tracker_pause(struct wick_tracker *tracker);
WICK_API int wick_tracker_resume(struct wick_tracker *tracker);

/*
 * End a tracker, also one that was never started. The trackers above and below it stay as they are. A success sets its progress
 * to 1 where none was set.
 *
 * status     a terminal one
 * Since      0.1
 */
WICK_API int wick_tracker_end(struct wick_tracker *tracker, enum wick_tracker_status status, const char *message);

/* wick_tracker_end with WICK_TRACKER_FINISHED, _FAILED, _CANCELED. Since 0.1 */
WICK_API int wick_tracker_succeed(struct wick_tracker *tracker, const char *message);
WICK_API int wick_tracker_fail(struct wick_tracker *tracker, const char *message);
WICK_API int wick_tracker_cancel(struct wick_tracker *tracker, const char *message);

/* Begin the next attempt of a tracker that is done: it is waiting again, its times, its progress and its message are unset. Since 0.1 */
WICK_API int wick_tracker_retry(struct wick_tracker *tracker);

/* Remove a tracker and all below it; the numbers above it are right at once, and all their handles are stale. Since 0.1 */
WICK_API int wick_tracker_remove(struct wick_tracker *tracker);

/*
 * Set a field: progress (0..1), weight (>= 0), estimate (seconds), parallel (true, false), msg, name, friendly, source, or
 * one of your own.
 *
 * field      at most 127 bytes; status, attempt and times have functions of their own and are refused
 * json       its value, at most 32 KiB; white space outside strings is left out; null removes the field
 * Errors     also INVAL: not JSON, out of range; LIMIT: more than 64 fields of your own
 * Since      0.1
 */
WICK_API int wick_tracker_set(struct wick_tracker *tracker, const char *field, const char *json);

/* Add to a field that is a number, or not set yet: then it counts as 0. Since 0.1 */
WICK_API int wick_tracker_add(struct wick_tracker *tracker, const char *field, double delta);

/*
 * Read the numbers of a tracker as of now.
 *
 * info       its size is set by the caller
 * Cost       O(depth); O(subtree) once after each change below for the estimates
 * Since      0.1
 */
WICK_API int wick_tracker_read(struct wick_tracker *tracker, struct wick_tracker_info *info);

/*
 * Find a tracker by its id (`RUN/KEY`), its key or its friendly name.
 *
 * below      only it and the trackers below it; NULL: all
 * Returns    its handle; NULL: there is none
 * Cost       O(subtree) for a friendly name
 * Since      0.1
 */
WICK_API struct wick_tracker *wick_tracker_find(struct wick_tracker *below, const char *id_or_friendly);

/*
 * Say how far the work under a key is, in any order: trackers above it are made on demand, a terminal status ends it, another
 * status on an ended one begins its next attempt. Does nothing while recording is off.
 *
 * key        segments joined by dots; one that begins with _ is a prefix, not a tracker. Copied, as all texts
 * value      0..1; NAN: as it was
 * weight     >= 0; NAN: as it was
 * message    NULL: as it was; a new attempt has none
 * status     waiting, running, paused, finished, failed, canceled, timed-out, or a word of your own; NULL: as it was
 * Since      0.1
 */
WICK_API int wick_progress(const char *key, double value, double weight, const char *message, const char *status);

WICK_I_EXTERN_END

#if defined(WICK_DISABLE)
#include "tracker_disabled.h"
#endif

#endif
