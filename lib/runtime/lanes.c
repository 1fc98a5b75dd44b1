/*
 * SPDX-License-Identifier: MIT
 * Assigns lanes to threads and names them. See lanes.h.
 */
#include "lanes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "comm.h"
#include "drain_names.h"
#include "model/log/ctxt/ctxt_clean.h"

enum { TRACK_NAME_BYTES = 48 };

/* Clean the name as the log does (no blanks, valid UTF-8), since names must differ in the log. */
static void make_name(char name[TRACK_NAME_BYTES], const char *base, uint32_t number)
{
    char *end = wk_ctxt_clean_field(name, base, strlen(base), WK_THREAD_NAME_BYTES - 1);
    size_t left = TRACK_NAME_BYTES - (size_t)(end - name);

    if (!base[0]) {
        snprintf(name, TRACK_NAME_BYTES, "thread-%u", number);
    } else if (number > 1) {
        snprintf(end, left, ".%u", number);
    } else {
        *end = 0;
    }
}

static bool name_taken(const struct wk_drain *drain, const char *name)
{
    for (uint32_t i = 0; i < drain->track_count; i++) {
        if (strcmp(wick_names_track(drain->run.names, i)->thread, name) == 0) {
            return true;
        }
    }
    return false;
}

bool wk_lanes_reserve(struct wk_drain *drain)
{
    uint32_t capacity = drain->track_capacity ? drain->track_capacity * 2 : 16;
    struct wk_drain_track *tracks;

    if (drain->track_count < drain->track_capacity) {
        return true;
    }
    tracks = realloc(drain->tracks, capacity * sizeof *tracks);
    if (!tracks) {
        return false;
    }
    drain->tracks = tracks;
    drain->track_capacity = capacity;
    return true;
}

static struct wk_drain_track *new_track(struct wk_drain *drain, const char *base, uint32_t number)
{
    char name[TRACK_NAME_BYTES];

    do {
        make_name(name, base, number++);
    } while (name_taken(drain, name));
    if (!wk_lanes_reserve(drain) || !wk_drain_name_track(drain, drain->track_count, name)) {
        return NULL;
    }
    struct wk_drain_track *track = &drain->tracks[drain->track_count];
    memset(track, 0, sizeof *track);
    track->decoder.track = drain->track_count++;
    snprintf(track->base, sizeof track->base, "%s", base);
    return track;
}

/* A free lane of that name, or a new one: worker, worker.2 ... A lane without a thread is free only from its last
 * record on, so that threads that lived at the same time never share one. */
struct wk_drain_track *wk_lane_for(struct wk_drain *drain, struct wk_thread *thread, int64_t first_ns)
{
    char base[WK_THREAD_NAME_BYTES];
    struct wk_drain_track *found = NULL;
    uint32_t number = 1;

    wk_comm_read(thread); /* the program may have named it since its first event */
    (void)wk_thread_comm_name(thread, base);
    for (uint32_t i = 0; i < drain->track_count && !found; i++) {
        struct wk_drain_track *track = &drain->tracks[i];

        if (strcmp(track->base, base) != 0) {
            continue;
        }
        if (!track->thread && track->last_ns <= first_ns) {
            found = track;
        }
        number++;
    }
    if (!found) {
        found = new_track(drain, base, number);
    }
    if (found) {
        found->thread = thread;
        thread->track = found->decoder.track + 1;
    }
    return found;
}

/* The ring must not be empty: a new lane is chosen by the time of the thread's first event. */
struct wk_drain_track *wk_lane_of(struct wk_drain *drain, struct wk_thread *thread)
{
    if (thread->track) {
        return &drain->tracks[thread->track - 1];
    }
    const struct wk_read_ring *ring = wk_thread_read_ring(thread, thread->hot.tail);
    const struct wick_event *slots = wk_pool_at(ring->reference);
    return wk_lane_for(drain, thread, wk_timeline_ns(&drain->time.timeline, slots[thread->hot.tail & ring->mask].ticks));
}
