/*
 * SPDX-License-Identifier: MIT
 * Parts of a wire that several threads read: what a part knows of the stream before it, and what the stream
 * learns from it. See part.c. Must not change anything before it is sure. Invariant: a part that is joined is
 * what reading it behind the others would have been.
 */
#include "wire_read.h"

int wk_wire_copy(struct wick_reader *reader, const struct wick_reader *from)
{
    reader->form = from->form;
    reader->stats.wire = from->stats.wire;
    if (from->form != WK_FORM_WIRE || !from->wire) {
        return 0;
    }
    reader->wire = wk_mem_zeroed(reader->allocator, sizeof *reader->wire);
    if (!reader->wire) {
        return WICK_E_NOMEM;
    }
    struct wk_wire_in *wire = reader->wire;
    wire->part = 1;
    wire->refused = from->wire->refused;
    int rc = wk_array_copy(&wire->tracks, reader->allocator, &from->wire->tracks, sizeof(struct wk_wire_known_track));
    rc = rc < 0 ? rc : wk_array_copy(&wire->sites, reader->allocator, &from->wire->sites, sizeof(struct wk_wire_known_site));
    rc = rc < 0 ? rc : wk_array_copy(&wire->processes, reader->allocator, &from->wire->processes, sizeof(uint32_t));
    for (uint32_t i = 0; i < wire->tracks.count; i++) {
        wk_wire_tracks(wire)[i].met = 0;
    }
    return rc;
}

bool wk_wire_follows(const struct wick_reader *reader, const struct wick_reader *part)
{
    const struct wk_wire_in *wire = reader->wire, *next = part->wire;
    if (!wire || !next) {
        return wire == next;
    }
    if (next->unusable || wire->refused != next->refused || wire->lost_way || wire->carry.count || next->carry.count ||
        (wire->sequence && next->first_sequence && wire->sequence != next->first_sequence)) {
        return false;
    }
    for (uint32_t i = 0; i < next->tracks.count; i++) {
        const struct wk_wire_known_track *now = i < wire->tracks.count ? &wk_wire_tracks(wire)[i] : NULL;
        const struct wk_wire_known_track *t = &wk_wire_tracks(next)[i];
        if (t->met && (now ? now->depth != t->first_depth || now->unknown : t->first_depth != 0)) {
            return false;
        }
    }
    return true;
}

static const char *keep(struct wick_reader *reader, const char *text)
{
    const char *kept = wk_arena_text(&reader->strings, text, wk_mem_length(text));
    reader->error = kept ? reader->error : WICK_E_NOMEM;
    return kept ? kept : "";
}

static void join_track(struct wick_reader *reader, uint32_t number, const struct wk_wire_known_track *from,
                       const struct wk_wire_maps *maps)
{
    struct wk_wire_known_track *t = &wk_wire_tracks(reader->wire)[number];
    if (!t->prefix && from->prefix) {
        *t = *from;
        t->prefix = keep(reader, from->prefix);
        t->track = WICK_NONE;
        t->process = maps->processes[from->process];
    }
    if (from->track != WICK_NONE && from->prefix) {
        t->track = maps->tracks[from->track];
    }
    if (from->met) {
        t->depth = from->depth;
        t->outer = from->outer;
        t->unknown = from->unknown;
    }
}

static void join_site(struct wick_reader *reader, uint32_t number, const struct wk_wire_known_site *from, const uint32_t *sites)
{
    struct wk_wire_known_site *s = &wk_wire_sites(reader->wire)[number];
    if (!s->defined && from->defined) {
        *s = *from;
        s->info.location = keep(reader, from->info.location);
        s->info.literal = keep(reader, from->info.literal);
        s->info.category = keep(reader, from->info.category);
        s->info.file = keep(reader, from->info.file);
        s->site = from->site == WICK_NONE ? WICK_NONE : sites[from->site];
    }
}

static bool make_room(struct wick_reader *reader, struct wk_array *array, uint32_t count, size_t item_bytes)
{
    if (wk_array_reserve(array, reader->allocator, count, item_bytes) < 0) {
        reader->error = WICK_E_NOMEM;
        return false;
    }
    if (count > array->count) {
        memset((char *)array->items + array->count * item_bytes, 0, (count - array->count) * item_bytes);
        array->count = count;
    }
    return true;
}

void wk_wire_join(struct wick_reader *reader, const struct wick_reader *part, const struct wk_wire_maps *maps)
{
    struct wk_wire_in *wire = reader->wire;
    const struct wk_wire_in *next = part->wire;
    if (!wire || !next || !make_room(reader, &wire->tracks, next->tracks.count, sizeof(struct wk_wire_known_track)) ||
        !make_room(reader, &wire->sites, next->sites.count, sizeof(struct wk_wire_known_site)) ||
        !make_room(reader, &wire->processes, next->processes.count, sizeof(uint32_t))) {
        return;
    }
    for (uint32_t i = 0; i < next->processes.count; i++) {
        uint32_t *process = (uint32_t *)wire->processes.items + i, known = ((const uint32_t *)next->processes.items)[i];
        *process = *process || !known ? *process : maps->processes[known - 1] + 1;
    }
    for (uint32_t i = 0; i < next->tracks.count; i++) {
        join_track(reader, i, &wk_wire_tracks(next)[i], maps);
    }
    for (uint32_t i = 0; i < next->sites.count; i++) {
        join_site(reader, i, &wk_wire_sites(next)[i], maps->sites);
    }
    wire->sequence = next->sequence ? next->sequence : wire->sequence;
    wire->checked_bytes += next->checked_bytes;
    wire->used_bytes += next->used_bytes;
    wire->lost_way = next->lost_way;
    reader->stats.frames += part->stats.frames;
    reader->stats.frames_lost += part->stats.frames_lost;
    reader->stats.frames_repeated += part->stats.frames_repeated;
    reader->stats.cut_ends += part->stats.cut_ends;
}
