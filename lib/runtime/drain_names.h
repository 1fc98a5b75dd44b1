/*
 * SPDX-License-Identifier: MIT
 * Fills the run's table of names: sites from the recorder, tracks from the lanes, the process from the run's metadata.
 * Invariant: what a record names is in the table before a sink gets the record.
 */
#ifndef WICK_LIB_RUNTIME_DRAIN_NAMES_H
#define WICK_LIB_RUNTIME_DRAIN_NAMES_H

#include "drain.h"

/* Add the sites that were registered since the last call; their strings stay the recorder's. False: no memory, now or before. A
 * record without a name, or an end without its start, would be worse than none: the caller counts what comes from now on. */
bool wk_drain_name_sites(struct wk_drain *drain);
/* Set the process, again when its metadata has changed. */
void wk_drain_name_process(struct wk_drain *drain);
/* Add a track; its label is "". False: no memory. */
bool wk_drain_name_track(struct wk_drain *drain, uint32_t track, const char *name);
/* A record that gives its thread a new name: the track's label. */
void wk_drain_name_label(struct wk_drain *drain, const struct wick_record *record);

#endif
