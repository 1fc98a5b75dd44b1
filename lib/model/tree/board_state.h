/*
 * SPDX-License-Identifier: MIT
 * The inside of a board: entries of keys, their facts, and the sums over their children.
 * Invariant: everything but the order of siblings is a function of the set of facts, not of the order in which they came.
 */
#ifndef WICK_LIB_MODEL_TREE_BOARD_STATE_H
#define WICK_LIB_MODEL_TREE_BOARD_STATE_H

#include "model/base/exact.h"
#include "model/base/mem.h"
#include "wick/board.h"

/* Fields that the board knows; others are numbered behind them as they come. */
#define WK_FIELDS(X)                                                                                                           \
    X(name) X(friendly) X(source) X(status) X(progress) X(weight) X(estimate) X(parallel) X(msg) X(created) X(start) X(finish) \
    X(paused_s) X(after) X(scope) X(metric) X(dimensions)
enum wk_field {
#define WK_FIELD_ENUM(name) WK_FIELD_##name,
    WK_FIELDS(WK_FIELD_ENUM)
#undef WK_FIELD_ENUM
    WK_FIELD_OTHER
};

/* When a fact was made, and by whom: facts are in this order. Zero: before all. */
struct wk_stamp {
    uint64_t version, writer;
};

static inline int wk_stamp_later(struct wk_stamp x, struct wk_stamp y)
{
    return x.version != y.version ? x.version > y.version : x.writer > y.writer;
}

static inline int wk_stamp_same(struct wk_stamp x, struct wk_stamp y)
{
    return x.version == y.version && x.writer == y.writer;
}

/* Before each value in a tracker's block of facts, in order of fields; of `status`, in order of stamps. */
struct wk_fact_head {
    struct wk_stamp stamp;
    uint32_t field;
    uint32_t bytes;
};

/* What a child adds to its parent's sums. */
struct wk_share {
    double weight, progress; /* progress 0 while it is unset */
    uint8_t alive;
};

struct wk_tracker {
    const char *key;
    uint32_t key_bytes;
    uint32_t parent;      /* WICK_NONE: a root */
    uint32_t first_child, last_child, next;
    char *facts;          /* heads and values */
    uint32_t facts_bytes, facts_room;
    uint32_t others;      /* how many facts are of fields that the board does not know */
    struct wk_stamp gone; /* the newest removal of it or of one above it: facts up to then do not count */
    struct wk_stamp own_removal;

    /* Decoded from the facts. */
    double own_progress;  /* NAN: unset */
    struct wk_stamp progress_stamp;
    double weight;
    int64_t own_estimate_ns, created_ns, start_ns, finish_ns, paused_ns;
    struct wk_stamp status_stamp;
    uint32_t attempt;
    uint8_t status;       /* enum wick_tracker_status */
    uint8_t parallel;

    /* Derived. */
    uint8_t alive;        /* it has a fact with a value, or a child that is alive */
    uint8_t counted;      /* status + 1 in the counts above it; 0: not counted */
    uint8_t estimated;    /* estimate_ns is of now */
    uint8_t settled;      /* left_ns is of now, and stays so: nothing runs in the subtree */
    uint32_t children;
    uint32_t by_status[WICK_TRACKER_STATUSES]; /* of descendants */
    struct wk_exact weights, weighted;         /* sums over the children: weight, weight x progress */
    struct wk_share share;                     /* what its parent's sums have of it */
    struct wk_stamp below;                     /* the newest change of progress, weight, creation, removal below it */
    struct wk_stamp newest;                    /* of the messages of the subtree */
    uint32_t newest_in;                        /* the child that has it, or the tracker itself */
    double progress;                           /* NAN: unset */
    int64_t estimate_ns, left_ns;
};

struct wick_board {
    const struct wick_allocator *allocator;
    uint32_t limit;
    struct wk_array trackers; /* struct wk_tracker */
    struct wk_table keys;     /* key -> tracker */
    struct wk_array fields;   /* struct wk_field_name */
    struct wk_arena names;    /* keys and field names */
    uint32_t first_root, last_root;
    uint64_t newest;          /* version of all facts that were put */
};

struct wk_field_name {
    const char *text;
    uint32_t bytes;
};

static inline struct wk_tracker *wk_tracker_at(const struct wick_board *board, uint32_t tracker)
{
    return (struct wk_tracker *)board->trackers.items + tracker;
}

/* The entry of a key, alive or not; WICK_NONE: it has none (board.c). */
uint32_t wk_board_entry(const struct wick_board *board, const char *key, uint32_t bytes);

/* ---- facts (board_facts.c) ---- */

static inline uint8_t wk_value_is_null(const char *value, uint32_t bytes)
{
    return bytes == 4 && memcmp(value, "null", 4) == 0;
}

/* Walk the facts of a tracker from offset *at; 0: there are no more. */
int wk_fact_next(const struct wk_tracker *tracker, uint32_t *at, struct wk_fact_head *head, const char **value);
/* Put a fact into the block, in the place of those that it beats. 1: it counts, 0: it is beaten, < 0: no memory. */
int wk_fact_put(const struct wick_board *board, struct wk_tracker *tracker, const struct wk_fact_head *head, const char *value);
/* Drop the facts up to its removal. */
void wk_facts_drop(struct wk_tracker *tracker);
/* Decode the fields that the board knows. */
void wk_facts_decode(struct wk_tracker *tracker);

/* ---- numbers (board_numbers.c) ---- */

/* Bring the numbers of a tracker and of all above it up to date after its facts changed. `change`: the stamp of a change that
 * outdates the progress posted above it; zero: it was another change. */
void wk_board_climb(struct wick_board *board, uint32_t tracker, struct wk_stamp change);

/* A share, rounded to 2 decimals; 0 of nothing. */
static inline double wk_board_share(uint32_t count, uint32_t all)
{
    return all ? (double)(((uint64_t)count * 200 + all) / ((uint64_t)all * 2)) / 100 : 0;
}

#endif
