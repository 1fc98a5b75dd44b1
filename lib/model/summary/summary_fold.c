/*
 * SPDX-License-Identifier: MIT
 * Records into places, with the self time of every call.
 * Invariant: the time of a scope is in the self time of one call: its own, or the one that it is nested in.
 */
#include "summary_state.h"

#include "model/base/number.h"

struct wick_summary *wick_summary_create(const struct wick_allocator *allocator, const struct wick_names *names)
{
    struct wick_summary *summary = wk_mem_zeroed(allocator, sizeof *summary);
    if (summary) {
        summary->allocator = allocator;
        summary->names = names;
        summary->info.first_ns = INT64_MAX;
        summary->info.last_ns = INT64_MIN;
        wk_arena_init(&summary->texts, allocator);
    }
    return summary;
}

void wk_summary_unfold(struct wick_summary *summary)
{
    const struct wick_allocator *a = summary->allocator;
    struct wk_fold_track *tracks = summary->tracks.items;
    struct wk_fold_place *places = summary->places.items;
    for (uint32_t i = 0; i < summary->tracks.count; i++) {
        wk_array_free(&tracks[i].frames, a, sizeof(struct wk_fold_frame));
    }
    for (uint32_t i = 0; i < summary->places.count; i++) {
        wk_array_free(&places[i].selves, a, sizeof(int64_t));
    }
    wk_array_free(&summary->tracks, a, sizeof *tracks);
    wk_array_free(&summary->places, a, sizeof *places);
    wk_array_free(&summary->edges, a, sizeof(struct wk_fold_edge));
    wk_table_free(&summary->entered, a);
}

void wick_summary_destroy(struct wick_summary *summary)
{
    if (!summary) {
        return;
    }
    const struct wick_allocator *a = summary->allocator;
    wk_summary_unfold(summary);
    wk_array_free(&summary->properties, a, sizeof(struct wk_property));
    wk_array_free(&summary->keys, a, sizeof(struct wick_summary_key));
    wk_array_free(&summary->nodes, a, sizeof(struct wick_summary_node));
    wk_arena_fini(&summary->texts);
    wk_mem_free(a, summary, sizeof *summary);
}

/* The next item of an array, zeroed; NULL: no memory, which the summary remembers. */
static void *append(struct wick_summary *summary, struct wk_array *array, size_t item_bytes)
{
    if (wk_array_reserve(array, summary->allocator, array->count + 1, item_bytes) < 0) {
        summary->error = WICK_E_NOMEM;
        return NULL;
    }
    return memset((char *)array->items + array->count++ * item_bytes, 0, item_bytes);
}

static struct wk_fold_place *place_at(const struct wick_summary *summary, uint32_t place)
{
    return (struct wk_fold_place *)summary->places.items + place;
}

static uint32_t new_place(struct wick_summary *summary, uint32_t parent, uint32_t site)
{
    struct wk_fold_place *place = append(summary, &summary->places, sizeof *place);
    if (!place) {
        return WICK_NONE;
    }
    place->parent = parent;
    place->site = site;
    place->recent_site = place->recent = WICK_NONE;
    return summary->places.count - 1;
}

static struct wk_fold_track *track_of(struct wick_summary *summary, uint32_t track)
{
    while (track >= summary->tracks.count) {
        struct wk_fold_track *added = append(summary, &summary->tracks, sizeof *added);
        if (!added) {
            return NULL;
        }
        added->place = added->wait_site = WICK_NONE;
    }
    struct wk_fold_track *t = (struct wk_fold_track *)summary->tracks.items + track;
    if (t->place == WICK_NONE) {
        t->place = new_place(summary, WICK_NONE, track);
    }
    return t->place == WICK_NONE ? NULL : t;
}

/* The place that a site leads to: one that is open already, where the site is on the way to it (recursion), or one below. */
static uint32_t find_place(struct wick_summary *summary, uint32_t from, uint32_t site)
{
    const uint64_t hash = wk_mem_mix((uint64_t)from << 32 | site, 11);
    uint32_t probe = 0, found;
    while ((found = wk_table_next(&summary->entered, hash, &probe)) != WICK_NONE) {
        const struct wk_fold_edge *edge = (const struct wk_fold_edge *)summary->edges.items + found;
        if (edge->from == from && edge->site == site) {
            return edge->to;
        }
    }
    uint32_t to = from;
    while (to != WICK_NONE && (place_at(summary, to)->site != site || place_at(summary, to)->parent == WICK_NONE)) {
        to = place_at(summary, to)->parent;
    }
    to = to == WICK_NONE ? new_place(summary, from, site) : to;
    struct wk_fold_edge *edge = to == WICK_NONE ? NULL : append(summary, &summary->edges, sizeof *edge);
    if (!edge || wk_table_add(&summary->entered, summary->allocator, hash, summary->edges.count - 1) < 0) {
        summary->error = WICK_E_NOMEM;
        return WICK_NONE;
    }
    *edge = (struct wk_fold_edge){from, site, to};
    return to;
}

static uint32_t enter(struct wick_summary *summary, uint32_t from, uint32_t site)
{
    struct wk_fold_place *place = place_at(summary, from);
    if (WICK_I_LIKELY(place->recent_site == site)) {
        return place->recent;
    }
    uint32_t to = find_place(summary, from, site); /* may move the places */
    if (to != WICK_NONE) {
        place = place_at(summary, from);
        place->recent_site = site;
        place->recent = to;
    }
    return to;
}

static uint32_t current(const struct wk_fold_track *t)
{
    const struct wk_fold_frame *frames = t->frames.items;
    return t->frames.count ? frames[t->frames.count - 1].place : t->place;
}

static void start(struct wick_summary *summary, struct wk_fold_track *t, const struct wick_record *r)
{
    const uint32_t from = current(t), to = enter(summary, from, r->site);
    struct wk_fold_frame *frame = to == WICK_NONE ? NULL : append(summary, &t->frames, sizeof *frame);
    if (!frame) {
        return;
    }
    const struct wk_fold_frame *frames = t->frames.items;
    uint32_t own = t->frames.count - 1, outer = own;
    frame->start_ns = r->time_ns;
    frame->place = to;
    if (WICK_I_UNLIKELY(place_at(summary, to)->parent != from)) { /* nested: the place is open */
        while (outer > 0 && frames[--outer].place != to) {
        }
        outer = frames[outer].outer;
    }
    frame->outer = outer;
    place_at(summary, to)->open++;
}

/* End the innermost scope. One that its program did not end is in the sums alone. */
static void end(struct wick_summary *summary, struct wk_fold_track *t, const struct wick_record *r)
{
    struct wk_fold_frame *frames = t->frames.items;
    if (WICK_I_UNLIKELY(!t->frames.count)) {
        return; /* an END without a START: the tree counts them */
    }
    const uint32_t at = --t->frames.count;
    struct wk_fold_frame *frame = &frames[at], *outer = &frames[frame->outer];
    struct wk_fold_place *place = place_at(summary, frame->place);
    const int64_t duration_ns = r->time_ns > frame->start_ns ? r->time_ns - frame->start_ns : 0;
    const int64_t others_ns = frame->inside_ns + frame->scopes * summary->probe_ps / 1000;
    const int64_t own_ns = duration_ns > others_ns ? duration_ns - others_ns : 0;
    const bool unfinished = r->kind == WICK_RECORD_CLEAR || (r->kind == WICK_RECORD_ENDER && r->unfinished);
    outer->self_ns += own_ns;
    if (at) {
        frames[at - 1].inside_ns += duration_ns;
        frames[at - 1].scopes++;
    }
    place->self_ns += own_ns;
    place->open--;
    place->unfinished += unfinished;
    place->failed += r->kind == WICK_RECORD_ENDER && !unfinished;
    place->nested += outer != frame && !unfinished;
    if (outer != frame) {
        return;
    }
    place->total_ns += duration_ns;
    if (unfinished) {
        return;
    }
    struct wk_array *selves = &place->selves;
    if (WICK_I_UNLIKELY(selves->count == selves->capacity) &&
        wk_array_reserve(selves, summary->allocator, selves->count + 1, sizeof(int64_t)) < 0) {
        summary->error = WICK_E_NOMEM;
        return;
    }
    ((int64_t *)selves->items)[selves->count++] = frame->self_ns;
}

static void add_value(struct wick_summary *summary, struct wk_fold_place *place, const struct wick_record *r)
{
    const struct wick_number number = wk_number_of(r);
    place->values++;
    if (wk_exact_finite(number.value)) {
        wk_exact_add(&place->value_sum, wk_exact_of(&number));
    } else {
        summary->info.not_finite++;
    }
}

static void rare(struct wick_summary *summary, struct wk_fold_track *t, const struct wick_record *r)
{
    struct wk_fold_place *place = place_at(summary, current(t));
    switch (r->kind) {
    case WICK_RECORD_CLEAR:
        while (t->frames.count) {
            end(summary, t, r);
        }
        break;
    case WICK_RECORD_LOCKW:
        t->wait_site = r->site;
        t->wait_ns = r->time_ns;
        break;
    case WICK_RECORD_LOCKA:
        place->locks++;
        if (t->wait_site == r->site && r->time_ns > t->wait_ns) {
            place->wait_ns += r->time_ns - t->wait_ns;
        }
        t->wait_site = WICK_NONE;
        break;
    case WICK_RECORD_VALUE:
    case WICK_RECORD_VALUE_INT:
    case WICK_RECORD_VALUE_UINT:
        if (t->frames.count) {
            add_value(summary, place, r);
        }
        break;
    case WICK_RECORD_AMOUNT: { /* a place of its own, below its scope's */
        const uint32_t sum = t->frames.count ? enter(summary, current(t), r->site) : WICK_NONE;
        if (sum != WICK_NONE) {
            add_value(summary, place_at(summary, sum), r);
        }
        break;
    }
    case WICK_RECORD_LOST:
        summary->info.lost += r->u.count;
        break;
    case WICK_RECORD_PAUSE:
        summary->info.pauses++;
        break;
    default:
        break;
    }
}

int wick_summary_feed(struct wick_summary *summary, const struct wick_record *records, size_t count)
{
    for (size_t i = 0; i < count && !summary->error; i++) {
        const struct wick_record *r = &records[i];
        struct wk_fold_track *t = track_of(summary, r->track);
        if (!t) {
            break;
        }
        summary->info.first_ns = r->time_ns < summary->info.first_ns ? r->time_ns : summary->info.first_ns;
        summary->info.last_ns = r->time_ns > summary->info.last_ns ? r->time_ns : summary->info.last_ns;
        if (r->kind == WICK_RECORD_START) {
            start(summary, t, r);
        } else if (r->kind <= WICK_RECORD_ENDER) {
            end(summary, t, r);
        } else {
            rare(summary, t, r);
        }
    }
    return summary->error;
}

int wick_summary_property(struct wick_summary *summary, const char *key, const char *value)
{
    struct wk_property *properties = summary->properties.items, *found = NULL;
    for (uint32_t i = 0; i < summary->properties.count && !found; i++) {
        found = wk_mem_same(properties[i].key, key) ? &properties[i] : NULL;
    }
    char *copy = wk_arena_text(&summary->texts, value, wk_mem_length(value));
    char *name = found ? NULL : wk_arena_text(&summary->texts, key, wk_mem_length(key));
    if (!found && copy && name && (found = append(summary, &summary->properties, sizeof *found))) {
        found->key = name;
    }
    if (!found || !copy) {
        return summary->error = WICK_E_NOMEM;
    }
    found->value = copy;
    if (wk_mem_same(key, "probe_ns") && !wk_number_scaled(value, wk_mem_length(value), 3, &summary->probe_ps)) {
        summary->probe_ps = 0;
    }
    return 0;
}
