/*
 * SPDX-License-Identifier: MIT
 * The inside of a summary. While it is fed it has a place per thread and chain of sites; settled, the keys and nodes of wick/summary.h.
 */
#ifndef WICK_LIB_MODEL_SUMMARY_SUMMARY_STATE_H
#define WICK_LIB_MODEL_SUMMARY_SUMMARY_STATE_H

#include <stdbool.h>

#include "model/base/exact.h"
#include "model/base/mem.h"

/* A place of one thread. */
struct wk_fold_place {
    uint32_t parent;      /* WICK_NONE: of the thread itself */
    uint32_t site;        /* of the thread itself: its track */
    uint32_t recent_site, recent; /* what was entered from here last, and the place that it led to */
    uint64_t nested, failed, unfinished, open, locks, values;
    int64_t self_ns, total_ns, wait_ns;
    struct wk_exact value_sum;
    struct wk_array selves; /* int64_t: self time of each call */
};

/* An open scope. */
struct wk_fold_frame {
    int64_t start_ns, inside_ns; /* inside_ns: of the scopes in it */
    int64_t self_ns;             /* of nested calls */
    int64_t scopes;              /* directly in it: what recording them cost is in duration, not in inside_ns */
    uint32_t place, outer;       /* outer: frame of the call that this one is nested in, or its own */
};

struct wk_fold_track {
    struct wk_array frames;
    uint32_t place;       /* of the thread itself; WICK_NONE: it has none yet */
    uint32_t wait_site;
    int64_t wait_ns;      /* since when it waits for the lock */
};

struct wk_property {
    const char *key, *value;
};

struct wick_summary {
    const struct wick_allocator *allocator;
    const struct wick_names *names;
    struct wick_summary_info info;
    struct wk_arena texts;
    struct wk_array properties; /* struct wk_property */
    struct wk_array keys;       /* struct wick_summary_key */
    struct wk_array nodes;      /* struct wick_summary_node */
    /* While it is fed. */
    int64_t probe_ps;           /* what recording a scope adds to the one around it; 0: unknown */
    struct wk_array tracks;     /* struct wk_fold_track */
    struct wk_array places;     /* struct wk_fold_place */
    struct wk_table entered;    /* places by (place, site) */
    struct wk_array edges;      /* struct wk_fold_edge: of the table */
    int error;
};

/* From a place, a site leads to another: below it, or above it where that is open already. */
struct wk_fold_edge {
    uint32_t from, site, to;
};

/* Free what only feeding needs. */
void wk_summary_unfold(struct wick_summary *summary);

/* The order statistics of self times, which are put into another order. There is at least one. */
void wk_summary_order(struct wick_summary_node *node, int64_t *selves, uint32_t count);

/* Keys of the sites and roles of what was fed: `of_site` and `of_track` get their indices. 0 or WICK_E_NOMEM. */
int wk_summary_make_keys(struct wick_summary *summary, uint32_t *of_site, uint32_t *of_track);

/* < 0, 0, > 0: the order of keys in a summary. */
int wk_summary_compare_keys(const struct wick_summary_key *x, const struct wick_summary_key *y);

#endif
