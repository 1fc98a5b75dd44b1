/*
 * SPDX-License-Identifier: MIT
 * The board of this program: its one lock, its clock, and the facts that the drain has not taken yet.
 * Invariants: facts of this process have rising versions; each fact that stands is either pending or was passed to the log.
 * The lock is taken inside the runtime's locks when the process forks, and nothing but memory is taken inside it.
 */
#ifndef WICK_LIB_BOARD_PROGRAM_BOARD_H
#define WICK_LIB_BOARD_PROGRAM_BOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "model/base/mem.h"
#include "wick/board.h"

/* What the drain knows of an entry of the board. */
struct wk_board_place {
    uint64_t sent;     /* version up to which its facts were passed on */
    uint64_t changed;  /* 1 + number of its last change; see board_watch.h */
    uint32_t next;     /* the next that is pending, + 1; 0: none */
    uint32_t pending;  /* PENDING, AGAIN (program_board.c) */
};

struct wk_program_board {
    struct wick_board *board;  /* NULL: nothing was ever put */
    struct wk_array places;    /* struct wk_board_place, by entry */
    uint32_t first, last;      /* of the pending ones, + 1; 0: none */
    uint64_t version;          /* the last one given */
    uint32_t epoch;            /* grows in a forked child: its parent's handles are stale */
    int64_t run_start_ns;      /* of the log that has what was passed on */
    int64_t oldest_ns;         /* no line to come is older */
    uint32_t files;            /* of the log, to which all that stood was told */
    uint64_t told_bytes;       /* of what stands, to that file */
    bool repeating;            /* not yet all of it */
    bool too_large;            /* it is more than half a file: later files do not get it */
    struct wk_bound_run *runs; /* open scopes that run a tracker (tracker_bound.c) */
    struct wk_array json;      /* char: values that are being written; its owner is the lock's */
};

extern struct wk_program_board wk_program_board;

static inline struct wk_board_place *wk_board_place_at(uint32_t entry)
{
    return (struct wk_board_place *)wk_program_board.places.items + entry;
}

/* One call of a user's: between enter and leave the calling thread holds the lock. */
struct wk_visit {
    int cancel, saved_errno;
};

/* 0, or an error: STATE in a signal handler and in a child that cannot be, NOMEM. Keeps errno; the first call of the process asks
 * the environment, as a first event does. */
int wk_board_enter(struct wk_visit *visit);
/* For threads that are no user's: they never begin to record, and run no signal handlers. */
int wk_board_enter_quietly(struct wk_visit *visit);
void wk_board_leave(struct wk_visit *visit);
/* wick_board_feed for the facts of other processes, which a server reads in their logs. It enters and leaves. */
int wk_board_feed(const struct wick_names *names, const struct wick_record *record);

/* The version of the next change: the wall clock's time, or one more than the last. */
uint64_t wk_board_tick(void);
/* Put a fact, with this version, of the key of an entry or of a key; `field` NULL: its removal. What counts becomes pending. The
 * results are those of wick_board_put. */
int wk_board_put(const struct wick_fact *fact);
/* The run ends, and with it the open scopes that run trackers; in a forked child those of its parent are freed. The lock is held. */
void wk_bound_runs_end(void);
void wk_bound_runs_free(struct wk_bound_run *runs);
/* A value as JSON, until the next one: a text, a time since the epoch, a number; `bytes` receives its size. NULL: no memory. */
const char *wk_board_text(const char *text, uint32_t *bytes);

#endif
