/*
 * SPDX-License-Identifier: MIT
 * All metrics of a process as one text, made piece by piece: wick's own counters, trackers, scopes by path.
 * Must not know where the text goes. Invariant: locks are held for one piece, and not while text is made.
 */
#ifndef WICK_LIB_SINK_OPENMETRICS_METRICS_H
#define WICK_LIB_SINK_OPENMETRICS_METRICS_H

#include <stdbool.h>

#include <wick/control.h>

#include "runtime/run_tree.h"

struct wk_fleet;
struct wk_amqp_counts;
struct wk_metrics;

/* What is measured. Pointers are borrowed until destroy, `log` for the call. */
struct wk_metrics_about {
    struct wk_run_tree *run_tree;
    struct wk_fleet *fleet;        /* whose trackers are told, too; NULL: none */
    const struct wk_amqp_counts *amqp; /* copied; NULL: no messages are taken */
    const char *log;               /* its name without the directory, for exemplars; "": none */
    struct wick_stats stats;       /* size 0: unknown */
    bool open;                     /* OpenMetrics; else Prometheus's text format without exemplars */
};

/* NULL: no memory. */
struct wk_metrics *wk_metrics_create(const struct wk_metrics_about *about);
/* Give the next piece to `out`. 1: there is more; 0: it is complete; < 0: no memory, or what out->write returned. */
int wk_metrics_step(struct wk_metrics *metrics, const struct wick_text_out *out);
void wk_metrics_destroy(struct wk_metrics *metrics);

/* The content type of the form. */
const char *wk_metrics_type(bool open);

#endif
