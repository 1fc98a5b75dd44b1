/*
 * SPDX-License-Identifier: MIT
 * Lanes of the log: one per thread that lives, used again by later threads of the same name.
 * Invariants: names differ within a process; threads that lived at the same time never share a lane.
 */
#ifndef WICK_LIB_RUNTIME_LANES_H
#define WICK_LIB_RUNTIME_LANES_H

#include "drain.h"

/* A lane for a thread whose first event is at `first_ns`; NULL: no memory. The table may move. */
struct wk_drain_track *wk_lane_for(struct wk_drain *drain, struct wk_thread *thread, int64_t first_ns);

/* Room for one more lane; false: no memory. */
bool wk_lanes_reserve(struct wk_drain *drain);

/* The lane of a thread, or a new one; its ring must not be empty. NULL: no memory. */
struct wk_drain_track *wk_lane_of(struct wk_drain *drain, struct wk_thread *thread);

#endif
