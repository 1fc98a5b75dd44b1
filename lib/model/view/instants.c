/*
 * SPDX-License-Identifier: MIT
 * Instants: marks, counters, locks, losses, in lists that are sorted by time when they are read. Equal times keep their
 * order.
 */
#include "index.h"

#include "model/base/exact.h"
#include "model/base/order.h"

static const struct wk_instant *add(struct wk_index *index, uint32_t kind, const struct wk_instant *item)
{
    struct wk_array *items = &index->instants[kind].items;
    if (wk_array_reserve(items, &index->allocator, items->count + 1, sizeof *item) < 0) {
        index->error = WICK_E_NOMEM;
        return NULL;
    }
    struct wk_instant *added = (struct wk_instant *)items->items + items->count++;
    *added = *item;
    return added;
}

static struct wk_open_lock *open_lock(struct wk_index_track *track, uint32_t site)
{
    struct wk_open_lock *locks = track->locks.items;
    for (uint32_t i = 0; i < track->locks.count; i++) {
        if (locks[i].site == site) {
            return &locks[i];
        }
    }
    return NULL;
}

/* LOCKW begins a wait; LOCKA ends it and begins a hold; LOCKR ends the hold. */
static int lock(struct wk_index *index, const struct wick_record *r, int64_t time_ns)
{
    struct wk_index_track *track = &wk_index_tracks(index)[r->track];
    struct wk_open_lock *open = open_lock(track, r->site);
    struct wk_array *items = &index->instants[WK_INSTANT_LOCK].items;
    if (open) {
        struct wk_instant *item = (struct wk_instant *)items->items + open->instant;
        item->to_ns = time_ns;
        int64_t *ends = index->lock_ends.items;
        uint32_t block = open->instant / WK_LOCK_BLOCK;
        if (block < index->lock_ends.count && ends[block] < time_ns) {
            ends[block] = time_ns;
        }
        *open = ((struct wk_open_lock *)track->locks.items)[--track->locks.count];
    }
    if (r->kind == WICK_RECORD_LOCKR) {
        return 0;
    }
    if (wk_array_reserve(&track->locks, &index->allocator, track->locks.count + 1, sizeof *open) < 0) {
        return WICK_E_NOMEM;
    }
    ((struct wk_open_lock *)track->locks.items)[track->locks.count++] =
        (struct wk_open_lock){r->site, items->count};
    struct wk_instant item = {.from_ns = time_ns, .to_ns = WK_OPEN, .track = r->track, .site = r->site,
                              .kind = r->kind == WICK_RECORD_LOCKA};
    return add(index, WK_INSTANT_LOCK, &item) ? 0 : WICK_E_NOMEM;
}

/* Link the item to the track's last one. Links are positions, so this list is never sorted or dropped. */
static int under(struct wk_index *index, const struct wk_instant *item)
{
    struct wk_array *items = &index->instants[WK_INSTANT_UNDER].items;
    struct wk_index_track *track = &wk_index_tracks(index)[item->track];
    if (!add(index, WK_INSTANT_UNDER, item)) {
        return WICK_E_NOMEM;
    }
    if (track->under_last) {
        ((struct wk_instant *)items->items)[track->under_last - 1].text = items->count;
    } else {
        track->under_first = items->count;
    }
    track->under_last = items->count;
    return 0;
}

const struct wk_instant *wk_instants_under(const struct wk_index *index, uint32_t at)
{
    return at ? (const struct wk_instant *)index->instants[WK_INSTANT_UNDER].items.items + at - 1
              : NULL;
}

int wk_instants_feed(struct wk_index *index, const struct wick_record *r, int64_t time_ns)
{
    struct wk_instant item = {.from_ns = time_ns, .to_ns = time_ns, .track = r->track, .site = r->site};
    uint32_t list = WK_INSTANT_MARK;
    const uint32_t kind = wk_number_kind(r->kind);
    switch (kind) {
    case WICK_RECORD_MARK:
        index->marks++;
        if (r->text_bytes) {
            uint32_t bytes = r->text_bytes < WK_INDEX_TEXT_MAX ? r->text_bytes : WK_INDEX_TEXT_MAX;
            item.text = wk_kept_add(&index->texts, &index->allocator, r->text, bytes);
        }
        break;
    case WICK_RECORD_GAUGE:
    case WICK_RECORD_SUM:
        list = WK_INSTANT_COUNTER;
        item.number = wk_number_of(r).value;
        item.kind = kind == WICK_RECORD_SUM;
        break;
    case WICK_RECORD_LOST:
        list = WK_INSTANT_LOSS;
        item.number = (double)r->u.count;
        item.from_ns = wk_index_time(index, r->first_ns);
        item.from_ns = item.from_ns < time_ns ? item.from_ns : time_ns;
        index->lost += r->u.count;
        wk_index_tracks(index)[r->track].lost += r->u.count;
        break;
    case WICK_RECORD_PAUSE:
        index->pauses++;
        return 0;
    case WICK_RECORD_UNDER:
        item.to_ns = wk_index_time(index, r->first_ns);
        item.kind = r->parent_track;
        return under(index, &item);
    case WICK_RECORD_LOCKW:
    case WICK_RECORD_LOCKA:
    case WICK_RECORD_LOCKR:
        return lock(index, r, time_ns);
    default: /* THREAD_NAME: the reader has set the name */
        index->renames++;
        return 0;
    }
    return add(index, list, &item) ? 0 : WICK_E_NOMEM;
}

static int earlier(const void *user, const void *x, const void *y)
{
    (void)user;
    return ((const struct wk_instant *)x)->from_ns < ((const struct wk_instant *)y)->from_ns;
}

/* After items from `first` on have moved: find the open items of the locks again. */
static void find_open_locks(struct wk_index *index, uint32_t first)
{
    const struct wk_array *items = &index->instants[WK_INSTANT_LOCK].items;
    const struct wk_instant *item = items->items;
    for (uint32_t i = first; i < items->count; i++) {
        struct wk_open_lock *open = item[i].to_ns == WK_OPEN
                                        ? open_lock(&wk_index_tracks(index)[item[i].track], item[i].site)
                                        : NULL;
        if (open) {
            open->instant = i;
        }
    }
}

uint32_t wk_instants_first(const struct wk_instant *items, uint32_t count, int64_t time_ns)
{
    uint32_t low = 0, high = count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (items[middle].from_ns < time_ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Where the earliest of the new items belongs among the sorted ones: after those of its own time. */
static uint32_t first_moved(const struct wk_instant_list *list)
{
    const struct wk_instant *items = list->items.items;
    int64_t earliest_ns = items[list->sorted].from_ns;
    for (uint32_t i = list->sorted + 1; i < list->items.count; i++) {
        earliest_ns = items[i].from_ns < earliest_ns ? items[i].from_ns : earliest_ns;
    }
    return wk_instants_first(items, list->sorted, earliest_ns + 1);
}

const struct wk_instant *wk_instants_sorted(struct wk_index *index, uint32_t kind, uint32_t *count)
{
    struct wk_instant_list *list = &index->instants[kind];
    struct wk_instant *items = list->items.items;
    const struct wk_order order = {earlier, NULL};
    *count = list->items.count;
    if (list->sorted < list->items.count) {
        uint32_t first = first_moved(list);
        if (wk_order_sort(&index->allocator, items + first, *count - first, sizeof *items, &order) < 0) {
            *count = 0;
            return NULL;
        }
        list->sorted = *count;
        list->kept = first < list->kept ? first : list->kept;
        if (kind == WK_INSTANT_LOCK) {
            find_open_locks(index, first);
        }
    }
    return items;
}

/* Copy the texts of the remaining marks and free the rest. Without memory all texts stay. */
static void drop_texts(struct wk_index *index)
{
    struct wk_array kept = {0};
    struct wk_instant *marks = index->instants[WK_INSTANT_MARK].items.items;
    uint32_t count = index->instants[WK_INSTANT_MARK].items.count, bytes;
    if (wk_array_reserve(&kept, &index->allocator, index->texts.count + 1, 1) < 0) {
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        const char *text = wk_kept_read(&index->texts, marks[i].text, &bytes);
        marks[i].text = bytes ? wk_kept_add(&kept, &index->allocator, text, bytes) : 0;
    }
    wk_array_free(&index->texts, &index->allocator, 1);
    index->texts = kept;
}

/* Fold a counter's samples that are dropped into its last one: set stays set, added adds up. */
static int fold_samples(struct wk_index *index, struct wk_instant *items, uint32_t count)
{
    uint32_t sites = 0;
    for (uint32_t i = 0; i < count; i++) {
        sites = items[i].site != WICK_NONE && items[i].site >= sites ? items[i].site + 1 : sites;
    }
    uint32_t *last = wk_mem_zeroed(index->outer, (sites + 1) * sizeof *last); /* from 1; 0: none */
    if (!last) {
        return WICK_E_NOMEM;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!wk_exact_finite(items[i].number)) {
            items[i].to_ns = INT64_MIN;
            continue;
        }
        struct wk_instant *before = items[i].site < sites && last[items[i].site] ? &items[last[items[i].site] - 1] : NULL;
        if (before && items[i].kind) {
            items[i].number += before->number;
            items[i].kind = before->kind;
        }
        if (before) {
            before->to_ns = INT64_MIN; /* to be dropped */
        }
        if (items[i].site < sites) {
            last[items[i].site] = i + 1;
        }
    }
    for (uint32_t i = 0; i < sites; i++) {
        if (last[i]) {
            items[last[i] - 1].to_ns = WK_OPEN; /* to be kept */
        }
    }
    wk_mem_free(index->outer, last, (sites + 1) * sizeof *last);
    return 0;
}

void wk_instants_drop_before(struct wk_index *index, int64_t time_ns)
{
    for (uint32_t kind = 0; kind < WK_INSTANT_UNDER; kind++) {
        uint32_t count;
        const struct wk_instant *items = wk_instants_sorted(index, kind, &count);
        uint32_t drop = items ? wk_instants_first(items, count, time_ns) : 0, kept = 0;
        struct wk_instant_list *list = &index->instants[kind];
        struct wk_instant *all = list->items.items;
        if (!drop || (kind == WK_INSTANT_COUNTER && fold_samples(index, all, drop) < 0)) {
            continue;
        }
        for (uint32_t i = 0; i < count; i++) {
            if (i >= drop || all[i].to_ns >= time_ns) {
                all[kept++] = all[i];
            }
        }
        list->items.count = list->sorted = kept;
        list->kept = 0;
        if (kind == WK_INSTANT_LOCK) {
            find_open_locks(index, 0);
        } else if (kind == WK_INSTANT_MARK) {
            drop_texts(index);
        }
    }
}
