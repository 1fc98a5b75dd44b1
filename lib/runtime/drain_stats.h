/*
 * SPDX-License-Identifier: MIT
 * Counting what wick did and what it lost. Reads everything, changes nothing but the sums it is given.
 */
#ifndef WICK_LIB_RUNTIME_DRAIN_STATS_H
#define WICK_LIB_RUNTIME_DRAIN_STATS_H

#include "drain.h"

void wk_stats_add_thread(const struct wk_thread *thread, struct wick_stats *stats);
/* Events that stay in the ring of a thread when the run ends: the sinks took no more, or there was no lane. */
void wk_stats_add_left(const struct wk_thread *thread, struct wick_stats *stats);
void wk_stats_add_decoder(const struct wk_decoder *decoder, struct wick_stats *stats);

/* The `stat` lines at the end of the log. */
void wk_stats_write(struct wk_drain *drain, int64_t now_ns);

#endif
