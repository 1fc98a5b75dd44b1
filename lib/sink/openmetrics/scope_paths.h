/*
 * SPDX-License-Identifier: MIT
 * The numbers of a run's scopes by path, whatever the thread, copied from its tree piece by piece.
 * Must not compute nesting. Invariant: the run's mutex is held for one piece.
 */
#ifndef WICK_LIB_SINK_OPENMETRICS_SCOPE_PATHS_H
#define WICK_LIB_SINK_OPENMETRICS_SCOPE_PATHS_H

#include "exposition.h"
#include "model/tree/exemplars.h"
#include "runtime/run_tree.h"

/* More paths, and deeper ones, are left out and counted: a monitoring system keeps a time series for each line. */
enum { WK_PATHS_MOST = 20000, WK_PATH_LEVELS = 64 };

struct wk_scope_paths {
    struct wk_run_tree *run_tree;
    struct wk_arena texts;
    struct wk_array paths;    /* struct wk_scope_path; a path stands behind the one above it */
    struct wk_array of_nodes; /* uint32_t: the path of each node that was read */
    struct wk_array tracks;   /* const char *: their names */
    struct wk_table table;    /* (path above, name) -> path */
    uint64_t left_out;        /* nodes whose path is left out */
    bool failed;              /* no memory */
    uint32_t written;         /* paths, of the family that is being written */
    const char *log;          /* name of the log, "": none */
    struct wk_array label;    /* char: of the path that is being written */
};

/* Also asks the tree to keep exemplars. Borrows run_tree and log until fini. */
void wk_scope_paths_init(struct wk_scope_paths *all, struct wk_run_tree *run_tree, const char *log);
/* Copy the next piece; false: that was all of it. */
bool wk_scope_paths_read(struct wk_scope_paths *all);
/* Write the histograms of the next paths; false: those were the last. */
bool wk_scope_paths_histograms(struct wk_scope_paths *all, struct wk_exposition *to);
/* Write the counts of failed scopes of the next paths, likewise. */
bool wk_scope_paths_failures(struct wk_scope_paths *all, struct wk_exposition *to);
void wk_scope_paths_fini(struct wk_scope_paths *all);

#endif
