/*
 * SPDX-License-Identifier: MIT
 * Names of a running program for the model's readers: what a record mentions for the first time is asked of
 * the run and kept. Must not decide what a name is. Invariant: indices stay the run's own.
 */
#ifndef WICK_LIB_SINK_RUN_NAMES_H
#define WICK_LIB_SINK_RUN_NAMES_H

#include <wick/model.h>

#include "runtime/sink.h"

/* Add what this record mentions and is not there; gives the names for which there was no memory. */
uint32_t wk_run_names_add(struct wick_names *names, const struct wk_run *run, const struct wick_record *record);

static inline uint32_t wk_run_names_cover(struct wick_names *names, const struct wk_run *run,
                                          const struct wick_record *record)
{
    return record->site < wick_names_sites(names) && record->track < wick_names_tracks(names)
             ? 0 : wk_run_names_add(names, run, record);
}

#endif
