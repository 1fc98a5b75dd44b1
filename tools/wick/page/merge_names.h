/*
 * SPDX-License-Identifier: MIT
 * One table of names for several logs that are read at once: equal sites and tracks get one index.
 * Must not read logs. Invariant: sites count from 1, since 0 means "no site" in the wire.
 */
#ifndef WICK_TOOLS_WICK_PAGE_MERGE_NAMES_H
#define WICK_TOOLS_WICK_PAGE_MERGE_NAMES_H

#include "tool.h"

struct merge_names {
    struct wick_names *names;         /* the server's */
    uint32_t *sites, *tracks;         /* open addressing: index + 1 */
    uint32_t site_slots, track_slots;
};

/* From the indices of one log to those of the table; 0: not known yet. */
struct merge_map {
    const struct wick_names *from;
    uint32_t *sites, *tracks, *processes; /* index + 1 */
    uint32_t site_count, track_count, process_count;
};

/* `names`: borrowed until the end; empty. false: no memory; merge_names_end in any case. */
bool merge_names_begin(struct merge_names *merge, struct wick_names *names);
void merge_names_end(struct merge_names *merge);
void merge_map_end(struct merge_map *map);
/* Replace the log's indices in the record by those of the table; false: no memory. */
bool merge_record(struct merge_names *merge, struct merge_map *map, struct wick_record *record);

#endif
