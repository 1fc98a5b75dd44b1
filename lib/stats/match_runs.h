/*
 * SPDX-License-Identifier: MIT
 * The places of runs of two builds, side by side: which of one is which of the other.
 * Must not judge numbers. Invariant: a place of a build stands in exactly one row, and parents come before children.
 */
#ifndef WICK_LIB_STATS_MATCH_RUNS_H
#define WICK_LIB_STATS_MATCH_RUNS_H

#include <stdbool.h>
#include <stddef.h>

#include "wick/summary.h"

enum wk_side { WK_BASE, WK_CANDIDATE, WK_SIDES };

/* Runs of one build, in order of their times. */
struct wk_runs {
    struct wick_summary *const *items;
    uint32_t count;
};

enum wk_match {
    WK_MATCH_SAME,    /* the same keys from the thread on */
    WK_MATCH_RENAMED, /* another name under the same parent */
    WK_MATCH_MOVED,   /* the same key under another parent; the row's parent is the base's */
    WK_MATCH_NEW,     /* in the candidate alone */
    WK_MATCH_REMOVED  /* in the base alone */
};

/* A place of the base that has another name in the candidate. */
struct wk_renaming {
    const char *from, *to;
    uint32_t matched; /* places, counted by wk_match_runs */
};

struct wk_renamings {
    struct wk_renaming *items;
    uint32_t count;
};

struct wk_match_row {
    const struct wick_summary_key *key[WK_SIDES]; /* borrowed from the summaries; NULL: it is not there */
    uint32_t parent;
    uint8_t match;
};

struct wk_matched {
    struct wk_runs runs[WK_SIDES];
    struct wk_match_row *rows;
    uint32_t count;
    const struct wick_summary_node **cells; /* per row one of each run, the base's first; NULL: not in this run */
};

/* Is it a named sum of the scope above? */
static inline bool wk_match_is_sum(const struct wk_match_row *row)
{
    return (row->key[WK_CANDIDATE] ? row->key[WK_CANDIDATE] : row->key[WK_BASE])->kind == WICK_SITE_COUNTER;
}

/* Borrows the summaries; `renamings` go before likeness. 0 or WICK_E_NOMEM; wk_matched_free in any case. */
int wk_match_runs(struct wk_matched *matched, const struct wk_runs runs[WK_SIDES], const struct wk_renamings *renamings);
void wk_matched_free(struct wk_matched *matched);

/* A run, counted over both sides. */
static inline const struct wick_summary *wk_matched_run(const struct wk_matched *m, uint32_t run)
{
    const uint32_t base = m->runs[WK_BASE].count;
    return run < base ? m->runs[WK_BASE].items[run] : m->runs[WK_CANDIDATE].items[run - base];
}

/* The node of a row in a run. */
static inline const struct wick_summary_node *wk_cell(const struct wk_matched *m, uint32_t row, uint32_t run)
{
    return m->cells[(size_t)row * (m->runs[WK_BASE].count + m->runs[WK_CANDIDATE].count) + run];
}

#endif
