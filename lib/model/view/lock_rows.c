/*
 * SPDX-License-Identifier: MIT
 * Locks as a table: sums of the selected holds and waits, and which thread kept which waiting. Open ones count up to now.
 * Invariant: items are taken in order of their beginning, so that a wait and the holds that it overlaps meet in the list of those
 * that have not ended.
 */
#include "lock_rows.h"

struct lock_rows_walk {
    const struct wk_selection *selection;
    const struct wk_strips *strips;
    struct wk_lock_rows *out;
    struct wk_array going;  /* uint32_t: items that may overlap those that follow */
    struct wk_table blocks; /* of out->blocks */
    const struct wk_instant *items;
};

static int64_t end_of(const struct lock_rows_walk *w, const struct wk_instant *item)
{
    int64_t end_ns = item->to_ns == WK_OPEN ? wk_index_now(w->selection->index) : item->to_ns;
    return end_ns > item->from_ns ? end_ns : item->from_ns;
}

static int add_block(struct lock_rows_walk *w, const struct wk_lock_block *block)
{
    struct wk_array *blocks = &w->out->blocks;
    uint64_t hash = wk_mem_mix(wk_mem_mix(block->strip, block->holder), block->waiter);
    uint32_t probe = 0, found;
    while ((found = wk_table_next(&w->blocks, hash, &probe)) != WICK_NONE) {
        struct wk_lock_block *has = (struct wk_lock_block *)blocks->items + found;
        if (has->strip == block->strip && has->holder == block->holder && has->waiter == block->waiter) {
            has->times++;
            has->ns += block->ns;
            return 0;
        }
    }
    if (wk_array_reserve(blocks, w->selection->index->outer, blocks->count + 1, sizeof *block) < 0 ||
        wk_table_add(&w->blocks, w->selection->index->outer, hash, blocks->count) < 0) {
        return WICK_E_NOMEM;
    }
    ((struct wk_lock_block *)blocks->items)[blocks->count++] = *block;
    return 0;
}

/* A wait and a hold of one lock by two threads: the holder keeps the other waiting while they overlap. */
static int meet(struct lock_rows_walk *w, const struct wk_instant *x, const struct wk_instant *y)
{
    const struct wk_instant *hold = x->kind ? x : y, *wait = x->kind ? y : x;
    uint32_t strip = wk_strip_of(w->strips, x);
    if (x->kind == y->kind || x->track == y->track || strip != wk_strip_of(w->strips, y) ||
        !wk_selection_has_track(w->selection, wait->track)) {
        return 0;
    }
    int64_t from_ns = hold->from_ns > wait->from_ns ? hold->from_ns : wait->from_ns;
    int64_t to_ns = end_of(w, hold) < end_of(w, wait) ? end_of(w, hold) : end_of(w, wait);
    from_ns = from_ns > w->selection->from_ns ? from_ns : w->selection->from_ns;
    to_ns = to_ns < w->selection->to_ns ? to_ns : w->selection->to_ns;
    return to_ns <= from_ns ? 0
                            : add_block(w, &(struct wk_lock_block){strip, hold->track, wait->track, 1, (double)(to_ns - from_ns)});
}

/* Let an item meet those that have not ended when it begins, and remember it for those that follow. */
static int meet_all(struct lock_rows_walk *w, uint32_t at)
{
    const struct wk_instant *item = &w->items[at];
    uint32_t *going = w->going.items;
    uint32_t kept = 0;
    int rc = 0;
    for (uint32_t i = 0; i < w->going.count; i++) {
        if (end_of(w, &w->items[going[i]]) > item->from_ns) {
            rc = rc < 0 ? rc : meet(w, &w->items[going[i]], item);
            going[kept++] = going[i];
        }
    }
    w->going.count = kept;
    if (rc < 0 || wk_array_reserve(&w->going, w->selection->index->outer, kept + 1, sizeof *going) < 0) {
        return WICK_E_NOMEM;
    }
    ((uint32_t *)w->going.items)[w->going.count++] = at;
    return 0;
}

static int add_item(const struct lock_rows_walk *w, const struct wk_instant *item, struct wk_lock_row *row)
{
    const struct wk_selection *s = w->selection;
    int64_t from_ns = item->from_ns > s->from_ns ? item->from_ns : s->from_ns;
    int64_t end_ns = end_of(w, item), to_ns = end_ns < s->to_ns ? end_ns : s->to_ns;
    if (!wk_selection_has_track(s, item->track) || to_ns < from_ns) {
        return 0;
    }
    double ns = (double)(to_ns - from_ns);
    if (!item->kind) {
        row->waits++;
        row->wait_ns += ns;
        row->longest_wait_ns = ns > row->longest_wait_ns ? ns : row->longest_wait_ns;
        return wk_hist_add(&row->hist, s->index->outer, to_ns - from_ns);
    }
    row->holds++;
    row->hold_ns += ns;
    row->longest_hold_ns = ns > row->longest_hold_ns ? ns : row->longest_hold_ns;
    from_ns = from_ns > row->held_until_ns ? from_ns : row->held_until_ns;
    row->held_ns += to_ns > from_ns ? (double)(to_ns - from_ns) : 0;
    row->held_until_ns = to_ns > row->held_until_ns ? to_ns : row->held_until_ns;
    return 0;
}

int wk_lock_rows(const struct wk_selection *selection, const struct wk_strips *strips, struct wk_lock_rows *out)
{
    const struct wick_allocator *a = selection->index->outer;
    uint32_t count;
    struct lock_rows_walk w = {selection, strips, out, {0}, {0}, wk_instants_sorted(selection->index, WK_INSTANT_LOCK, &count)};
    int rc = count && !w.items ? WICK_E_NOMEM : 0;
    for (uint32_t i = 0; i < strips->count; i++) {
        out->rows[i] = (struct wk_lock_row){.held_until_ns = INT64_MIN};
    }
    for (uint32_t i = 0; rc >= 0 && i < count && w.items[i].from_ns < selection->to_ns; i++) {
        uint32_t strip = wk_strip_of(strips, &w.items[i]);
        if (strip != WICK_NONE && end_of(&w, &w.items[i]) >= selection->from_ns) {
            rc = add_item(&w, &w.items[i], &out->rows[strip]);
            rc = rc < 0 ? rc : meet_all(&w, i);
        }
    }
    for (uint32_t i = 0; i < strips->count; i++) {
        struct wk_lock_row *row = &out->rows[i];
        row->p99_wait_ns = row->waits > 0 ? (double)wk_hist_quantile(row->hist, 990, 0, (int64_t)row->longest_wait_ns) : -1;
        wk_hist_free(row->hist, a);
        row->hist = NULL;
    }
    wk_array_free(&w.going, a, sizeof(uint32_t));
    wk_table_free(&w.blocks, a);
    return rc;
}
