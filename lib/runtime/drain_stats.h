/*
 * SPDX-License-Identifier: MIT
 * The counters of wick_stats: sums over threads, sites and sinks. Changes only the sums that it is given.
 */
#ifndef WICK_LIB_RUNTIME_DRAIN_STATS_H
#define WICK_LIB_RUNTIME_DRAIN_STATS_H

#include "drain.h"

void wk_stats_add_thread(const struct wk_thread *thread, struct wick_stats *stats);
/* Count the events left in a thread's ring at the end of the run: the sinks took no more, or there was no lane. */
void wk_stats_add_left(const struct wk_thread *thread, struct wick_stats *stats);
void wk_stats_add_decoder(const struct wk_decoder *decoder, struct wick_stats *stats);

/* Write the `stat` lines at the end of the log. */
void wk_stats_write(struct wk_drain *drain, int64_t now_ns);

#endif
