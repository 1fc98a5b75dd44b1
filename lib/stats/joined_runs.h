/*
 * SPDX-License-Identifier: MIT
 * The runs of one build as one tree of places, and how like two places of two builds are.
 * Must not know which build is the base. Invariant: parents come before children; equal keys under one parent are one place.
 */
#ifndef WICK_LIB_STATS_JOINED_RUNS_H
#define WICK_LIB_STATS_JOINED_RUNS_H

#include "model/base/mem.h"
#include "wick/summary.h"

struct wk_joined_place {
    const struct wick_summary_key *key;
    uint32_t parent, first, last, next; /* first and last child, next sibling; WICK_NONE */
    uint64_t calls;                     /* of all runs */
};

struct wk_joined {
    struct wk_joined_place *places;
    uint32_t count, capacity, first, last; /* places without a parent */
    struct wk_table by_key;                /* (parent, key) */
    uint32_t **place_of;                   /* per run and node */
    uint32_t runs;
};

/* 0 or WICK_E_NOMEM; wk_joined_free in any case. */
int wk_joined_make(struct wk_joined *joined, struct wick_summary *const *runs, uint32_t count);
void wk_joined_free(struct wk_joined *joined);

/* The first child of a place, or place (WICK_NONE). */
static inline uint32_t wk_joined_first(const struct wk_joined *joined, uint32_t place)
{
    return place == WICK_NONE ? joined->first : joined->places[place].first;
}

/* The child with this key; WICK_NONE: there is none. */
uint32_t wk_joined_find(const struct wk_joined *joined, uint32_t parent, const struct wick_summary_key *key);

/*
 * How likely are two places one that was renamed: 0 .. 1. Half of it for equal names among the children (half of that if neither has
 * any), 0.3 for equal calls, the rest for pairs of letters that the names share (Dice 1945).
 */
double wk_joined_likeness(const struct wk_joined *x, uint32_t place_x, const struct wk_joined *y, uint32_t place_y);

/* Places without a partner, by key. */
struct wk_lonely {
    const struct wk_joined *joined;
    struct wk_table by_key;
    uint32_t count;
};

/* other: per place WICK_NONE for one without a partner. 0 or WICK_E_NOMEM; wk_lonely_free in any case. */
int wk_lonely_make(struct wk_lonely *lonely, const struct wk_joined *joined, const uint32_t *other);
/* The only one with this key; WICK_NONE: none, or several. */
uint32_t wk_lonely_find(const struct wk_lonely *lonely, const struct wick_summary_key *key);
void wk_lonely_free(struct wk_lonely *lonely);

#endif
