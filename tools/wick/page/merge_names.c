/*
 * SPDX-License-Identifier: MIT
 * One table of names for several logs. See merge_names.h.
 */
#include "page/merge_names.h"

#include <stdlib.h>
#include <string.h>

#include "base/host.h"

bool merge_names_begin(struct merge_names *merge, struct wick_names *names)
{
    *merge = (struct merge_names){.names = names};
    return wick_names_set_site(merge->names, 0, &(struct wick_site_info){.colour = WICK_NONE}) == 0;
}

void merge_names_end(struct merge_names *merge)
{
    free(merge->sites);
    free(merge->tracks);
}

void merge_map_end(struct merge_map *map)
{
    free(map->sites);
    free(map->tracks);
    free(map->processes);
}

static uint32_t hash_text(uint32_t hash, const char *text)
{
    for (; *text; text++) {
        hash = (hash ^ (unsigned char)*text) * 16777619u;
    }
    return (hash ^ 255) * 16777619u;
}

static uint32_t hash_site(const struct wick_site_info *site)
{
    return hash_text(hash_text(2166136261u ^ site->kind, site->location), site->literal);
}

static uint32_t hash_track(const struct wick_track_info *track)
{
    return hash_text(2166136261u ^ track->process, track->thread);
}

static bool same_site(const struct wick_site_info *a, const struct wick_site_info *b)
{
    return a->kind == b->kind && a->line == b->line && a->process == b->process && !strcmp(a->location, b->location) &&
           !strcmp(a->literal, b->literal) && !strcmp(a->file, b->file);
}

static bool same_track(const struct wick_track_info *a, const struct wick_track_info *b)
{
    return a->process == b->process && !strcmp(a->thread, b->thread);
}

/* Keep at least twice as many slots as entries; `hash_of` says where an entry goes in the new slots. */
static bool grow_slots(const struct merge_names *merge, uint32_t **slots, uint32_t *count, uint32_t entries,
                       uint32_t (*hash_of)(const struct wick_names *names, uint32_t index))
{
    if (*count > 2 * entries) {
        return true;
    }
    uint32_t wanted = *count ? 2 * *count : 256;
    uint32_t *grown = calloc(wanted, sizeof *grown);
    if (!grown) {
        return false;
    }
    for (uint32_t i = 0; i < *count; i++) {
        if ((*slots)[i]) {
            uint32_t at = hash_of(merge->names, (*slots)[i] - 1);
            while (grown[at & (wanted - 1)]) {
                at++;
            }
            grown[at & (wanted - 1)] = (*slots)[i];
        }
    }
    free(*slots);
    *slots = grown;
    *count = wanted;
    return true;
}

static uint32_t hash_of_site(const struct wick_names *names, uint32_t index)
{
    return hash_site(wick_names_site(names, index));
}

static uint32_t hash_of_track(const struct wick_names *names, uint32_t index)
{
    return hash_track(wick_names_track(names, index));
}

/* Index + 1; 0: no memory. */
static uint32_t intern_site(struct merge_names *merge, const struct wick_site_info *site)
{
    uint32_t next = wick_names_sites(merge->names);
    if (!grow_slots(merge, &merge->sites, &merge->site_slots, next, hash_of_site)) {
        return 0;
    }
    for (uint32_t at = hash_site(site);; at++) {
        uint32_t *slot = &merge->sites[at & (merge->site_slots - 1)];
        if (!*slot) {
            *slot = wick_names_set_site(merge->names, next, site) == 0 ? next + 1 : 0;
            return *slot;
        }
        if (same_site(wick_names_site(merge->names, *slot - 1), site)) {
            return *slot;
        }
    }
}

static uint32_t intern_track(struct merge_names *merge, const struct wick_track_info *track)
{
    uint32_t next = wick_names_tracks(merge->names);
    if (!grow_slots(merge, &merge->tracks, &merge->track_slots, next, hash_of_track)) {
        return 0;
    }
    for (uint32_t at = hash_track(track);; at++) {
        uint32_t *slot = &merge->tracks[at & (merge->track_slots - 1)];
        if (!*slot) {
            *slot = wick_names_set_track(merge->names, next, track) == 0 ? next + 1 : 0;
            return *slot;
        }
        if (same_track(wick_names_track(merge->names, *slot - 1), track)) {
            return *slot;
        }
    }
}

/* Two processes of equal host and pid are one unless their starts differ. */
static bool same_process(const struct wick_process_info *a, const struct wick_process_info *b)
{
    return !strcmp(a->host, b->host) && !strcmp(a->pid, b->pid) &&
           (a->start_ns == b->start_ns || !a->start_ns || !b->start_ns);
}

/* What is known of a process grows while its log is read: the table is told each time. */
static bool map_process(struct merge_names *merge, struct merge_map *map, uint32_t *process)
{
    const struct wick_process_info *info = wick_names_process(map->from, *process);
    if (!tool_grow(&map->processes, &map->process_count, *process, sizeof *map->processes)) {
        return false;
    }
    uint32_t *known = &map->processes[*process];
    uint32_t found = *known ? *known - 1 : 0;
    while (!*known && found < wick_names_processes(merge->names) &&
           !same_process(wick_names_process(merge->names, found), info)) {
        found++;
    }
    *known = found + 1;
    *process = found;
    return wick_names_set_process(merge->names, found, info) == 0;
}

static bool map_track(struct merge_names *merge, struct merge_map *map, uint32_t *track)
{
    if (!tool_grow(&map->tracks, &map->track_count, *track, sizeof *map->tracks)) {
        return false;
    }
    uint32_t *known = &map->tracks[*track];
    if (!*known) {
        struct wick_track_info info = *wick_names_track(map->from, *track);
        *known = map_process(merge, map, &info.process) ? intern_track(merge, &info) : 0;
    }
    *track = *known - 1;
    return *known != 0;
}

bool merge_record(struct merge_names *merge, struct merge_map *map, struct wick_record *record)
{
    uint32_t site = record->site;
    if (site >= wick_names_sites(map->from)) {
        record->site = 0;
    } else {
        if (!tool_grow(&map->sites, &map->site_count, site, sizeof *map->sites)) {
            return false;
        }
        if (!map->sites[site]) {
            map->sites[site] = intern_site(merge, wick_names_site(map->from, site));
        }
        record->site = map->sites[site] - 1;
        if (!map->sites[site]) {
            return false;
        }
    }
    return map_track(merge, map, &record->track) &&
           (record->kind != WICK_RECORD_UNDER || map_track(merge, map, &record->parent_track));
}
