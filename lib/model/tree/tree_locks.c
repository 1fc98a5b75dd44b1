/*
 * SPDX-License-Identifier: MIT
 * Locks and counters of the tree: times of waiting and holding, values of counters.
 * Invariant: in a part, an event whose effect depends on the log before the part is left to the join.
 */
#include "tree_state.h"

/* Index of the entry of `site`, made when there is none; WICK_NONE: no memory. Entries keep the order of first
 * appearance; making one may move the others. */
static uint32_t entry_of(struct wick_tree *tree, struct wk_array *array, struct wk_table *table,
                         size_t item_bytes, uint32_t site)
{
    uint64_t hash = wk_mem_mix(site, 7);
    uint32_t probe = 0, found;
    while ((found = wk_table_next(table, hash, &probe)) != WICK_NONE) {
        uint32_t has; /* both kinds of entry begin with their site */
        memcpy(&has, (char *)array->items + found * item_bytes, sizeof has);
        if (has == site) {
            return found;
        }
    }
    if (wk_array_reserve(array, tree->allocator, array->count + 1, item_bytes) < 0 ||
        wk_table_add(table, tree->allocator, hash, array->count) < 0) {
        wk_tree_fail(tree, WICK_E_NOMEM);
        return WICK_NONE;
    }
    char *entry = (char *)array->items + array->count * item_bytes;
    memset(entry, 0, item_bytes);
    memcpy(entry, &site, sizeof site);
    return array->count++;
}

struct wk_lock *wk_tree_lock_of(struct wick_tree *tree, uint32_t site)
{
    WICK_I_STATIC_ASSERT(offsetof(struct wk_lock, info.site) == 0, "entry_of reads the site");
    uint32_t at = entry_of(tree, &tree->locks, &tree->lock_table, sizeof(struct wk_lock), site);
    return at == WICK_NONE ? NULL : (struct wk_lock *)tree->locks.items + at;
}

struct wk_counter *wk_tree_counter_of(struct wick_tree *tree, uint32_t site)
{
    WICK_I_STATIC_ASSERT(offsetof(struct wk_counter, site) == 0, "entry_of reads the site");
    uint32_t at = entry_of(tree, &tree->counters, &tree->counter_table, sizeof(struct wk_counter), site);
    return at == WICK_NONE ? NULL : (struct wk_counter *)tree->counters.items + at;
}

/* The state of one lock on one track, valid until the next call: a list, since a track uses few locks at a time. */
struct wk_hold *wk_tree_hold_of(struct wick_tree *tree, uint32_t track, uint32_t lock)
{
    struct wk_track_state *t = &tree->tracks[track];
    for (uint32_t i = 0; i < t->hold_count; i++) {
        if (t->holds[i].lock == lock) {
            return &t->holds[i];
        }
    }
    if (t->hold_count == t->hold_capacity) {
        uint32_t capacity = t->hold_capacity ? t->hold_capacity * 2 : 4;
        struct wk_hold *holds = wk_mem_resize(tree->allocator, t->holds, t->hold_capacity * sizeof *holds,
                                              capacity * sizeof *holds);
        if (!holds) {
            wk_tree_fail(tree, WICK_E_NOMEM);
            return NULL;
        }
        t->holds = holds;
        t->hold_capacity = capacity;
    }
    int64_t unset = tree->part ? WK_UNKNOWN : WK_UNSET;
    t->holds[t->hold_count] = (struct wk_hold){lock, unset, unset};
    return &t->holds[t->hold_count++];
}

/* Drop a lock that is neither waited for nor held, so that the list stays short. Not in a part: there even an idle
 * entry tells the join that the state from before the part has ended. */
void wk_tree_drop_idle(struct wick_tree *tree, struct wk_track_state *t, struct wk_hold *hold)
{
    if (!tree->part && hold->wait_ns == WK_UNSET && hold->held_ns == WK_UNSET) {
        *hold = t->holds[--t->hold_count];
    }
}

static void add_span(uint64_t *count, int64_t *sum_ns, int64_t *max_ns, int64_t span_ns)
{
    span_ns = span_ns < 0 ? 0 : span_ns;
    *sum_ns += span_ns;
    *max_ns = span_ns > *max_ns ? span_ns : *max_ns;
    if (count) {
        (*count)++;
    }
}

void wk_tree_lock_event(struct wick_tree *tree, const struct wick_record *r)
{
    struct wk_lock *lock = wk_tree_lock_of(tree, r->site);
    struct wk_hold *hold = lock ? wk_tree_hold_of(tree, r->track, r->site) : NULL;
    if (!hold) {
        return;
    }
    struct wick_lock_info *info = &lock->info;
    int64_t *since = r->kind == WICK_RECORD_LOCKA ? &hold->wait_ns : &hold->held_ns;
    if (r->kind == WICK_RECORD_LOCKW) {
        hold->wait_ns = r->time_ns;
        info->waits++;
        return;
    }
    if (*since == WK_UNKNOWN) {
        /* The wait or hold began before the part, if there was one: the join replays the event. From here on the state
         * is known, so at most two events per lock and track are replayed. */
        wk_tree_outer(tree, r->track, WK_OUTER_LOCK, r);
    } else if (*since != WK_UNSET) {
        if (r->kind == WICK_RECORD_LOCKA) {
            add_span(NULL, &info->wait_ns, &info->wait_max_ns, r->time_ns - *since);
        } else {
            add_span(&info->holds, &info->hold_ns, &info->hold_max_ns, r->time_ns - *since);
        }
    }
    *since = WK_UNSET;
    if (r->kind == WICK_RECORD_LOCKA) {
        hold->held_ns = r->time_ns;
    }
    wk_tree_drop_idle(tree, &tree->tracks[r->track], hold);
}

void wk_tree_counter_event(struct wick_tree *tree, const struct wick_record *r)
{
    struct wk_counter *counter = wk_tree_counter_of(tree, r->site);
    const struct wick_number number = wk_number_of(r);
    if (!counter) {
        return;
    }
    int first = counter->count++ == counter->not_finite;
    if (!wk_exact_finite(number.value)) { /* it would spoil min, max and sum */
        counter->not_finite++;
        return;
    }
    if (first || wk_number_below(&number, &counter->min)) {
        counter->min = number;
    }
    if (first || wk_number_below(&counter->max, &number)) {
        counter->max = number;
    }
    if (wk_number_kind(r->kind) == WICK_RECORD_GAUGE) {
        /* A set value discards earlier additions. */
        counter->gauge = 1;
        counter->sum = wk_exact_of(&number);
    } else {
        wk_exact_add(&counter->sum, wk_exact_of(&number));
    }
}
