/*
 * SPDX-License-Identifier: MIT
 * Fills the model's names from a run: copies the site and the track that a record mentions for the first time.
 * The model uses the run's own indices.
 */
#ifndef WICK_LIB_SINK_RUN_NAMES_H
#define WICK_LIB_SINK_RUN_NAMES_H

#include <wick/model.h>

#include "runtime/sink.h"

/* What is known of the process that records; strings are borrowed until its metadata changes. */
void wk_run_process(const struct wk_run *run, struct wick_process_info *process);

/* Add the record's site and track where they are missing; returns how many names found no memory. */
uint32_t wk_run_names_add(struct wick_names *names, const struct wk_run *run, const struct wick_record *record);

static inline uint32_t wk_run_names_cover(struct wick_names *names, const struct wk_run *run,
                                          const struct wick_record *record)
{
    return record->site < wick_names_sites(names) && record->track < wick_names_tracks(names)
             ? 0 : wk_run_names_add(names, run, record);
}

#endif
