/*
 * SPDX-License-Identifier: MIT
 * Locks per pixel. Waits and holds of several threads at the same time count once in a share.
 * Invariant: items are taken in order of their beginning, so that what was covered before ends at one place.
 */
#include "strip_pixels.h"

/* A strip while it is drawn: up to where, in pixels, somebody was seen to wait, or to hold. */
struct lock_covered {
    double waited, held;
};

struct lock_drawing {
    const struct wk_index *index;
    const struct wk_view *view;
    const struct wk_strips *strips;
    struct wk_lock_pixel *pixels;
    struct lock_covered *covered; /* per strip */
    double px_per_ns;
};

/* An item that touches a pixel for `share` of it. */
static void touch(struct wk_lock_pixel *pixel, const struct wk_instant *item, double length_ns, double share)
{
    double *sum = item->kind ? &pixel->held : &pixel->waited;
    double *longest_ns = item->kind ? &pixel->longest_hold_ns : &pixel->longest_wait_ns;
    *sum += share > 0 ? share : 0;
    if (item->kind && (pixel->holder < 0 || length_ns > *longest_ns)) {
        pixel->holder = item->track;
    }
    *longest_ns = length_ns > *longest_ns ? length_ns : *longest_ns;
}

static void draw_item(const struct lock_drawing *d, const struct wk_instant *item)
{
    uint32_t strip = wk_strip_of(d->strips, item);
    int64_t end_ns = item->to_ns == WK_OPEN ? wk_index_now(d->index) : item->to_ns;
    end_ns = end_ns > item->from_ns ? end_ns : item->from_ns;
    double x0 = ((double)item->from_ns - d->view->from_ns) * d->px_per_ns;
    double x1 = ((double)end_ns - d->view->from_ns) * d->px_per_ns;
    if (strip == WICK_NONE || x0 >= d->view->width || x1 < 0 || (x1 == 0 && x0 < 0)) {
        return;
    }
    struct wk_lock_pixel *row = d->pixels + (size_t)strip * d->view->width;
    double *covered = item->kind ? &d->covered[strip].held : &d->covered[strip].waited;
    if (x0 >= 0) {
        *(item->kind ? &row[(uint32_t)x0].holds : &row[(uint32_t)x0].waits) += 1;
    }
    uint32_t x = x0 > 0 ? (uint32_t)x0 : 0;
    if (x0 >= 0 && x1 <= x + 1.0) { /* most are within one pixel */
        touch(&row[x], item, (double)(end_ns - item->from_ns), x1 - (x0 > *covered ? x0 : *covered));
        *covered = x1 > *covered ? x1 : *covered;
        return;
    }
    do {
        double from = x0 > x ? x0 : x, to = x1 < x + 1.0 ? x1 : x + 1.0;
        touch(&row[x], item, (double)(end_ns - item->from_ns), to - (from > *covered ? from : *covered));
        x++;
    } while (x < d->view->width && x < x1);
    *covered = x1 > *covered ? x1 : *covered;
}

/* The latest end in every complete block of WK_LOCK_BLOCK items, of those that have ended: blocks that end before a view are not
 * looked at. The items of a block have moved when one came late; an item that ends later raises its block's end (instants.c). */
static int sum_ends(struct wk_index *index, const struct wk_instant *items, uint32_t count)
{
    struct wk_instant_list *list = &index->instants[WK_INSTANT_LOCK];
    uint32_t wanted = count / WK_LOCK_BLOCK, still = list->kept / WK_LOCK_BLOCK;
    if (wk_array_reserve(&index->lock_ends, &index->allocator, wanted + 1, sizeof(int64_t)) < 0) {
        return WICK_E_NOMEM;
    }
    int64_t *ends = index->lock_ends.items;
    for (uint32_t b = index->lock_ends.count < still ? index->lock_ends.count : still; b < wanted; b++) {
        ends[b] = INT64_MIN;
        for (uint32_t i = b * WK_LOCK_BLOCK; i < (b + 1) * WK_LOCK_BLOCK; i++) {
            ends[b] = items[i].to_ns != WK_OPEN && items[i].to_ns > ends[b] ? items[i].to_ns : ends[b];
        }
    }
    index->lock_ends.count = wanted;
    list->kept = count;
    return 0;
}

/* Items that begin before the view and end in it or later. */
static void draw_before(const struct lock_drawing *d, const struct wk_instant *items, uint32_t past)
{
    const int64_t *ends = d->index->lock_ends.items;
    for (uint32_t i = 0; i < past; i++) {
        if (i % WK_LOCK_BLOCK == 0 && i / WK_LOCK_BLOCK < d->index->lock_ends.count && (double)ends[i / WK_LOCK_BLOCK] < d->view->from_ns) {
            i += WK_LOCK_BLOCK - 1;
        } else if (items[i].to_ns != WK_OPEN && (double)items[i].to_ns >= d->view->from_ns) {
            draw_item(d, &items[i]);
        }
    }
}

/* What is open at the end of the log may have begun long before the view: the tracks know it. */
static void draw_open(const struct lock_drawing *d, const struct wk_instant *items, uint32_t before)
{
    for (uint32_t t = 0; t < d->index->tracks.count; t++) {
        const struct wk_array *locks = &wk_index_tracks(d->index)[t].locks;
        const struct wk_open_lock *open = locks->items;
        for (uint32_t i = 0; i < locks->count; i++) {
            if (open[i].instant < before) {
                draw_item(d, &items[open[i].instant]);
            }
        }
    }
}

int wk_lock_pixels(struct wk_index *index, const struct wk_view *view, const struct wk_strips *strips,
                   struct wk_lock_pixel *pixels)
{
    uint32_t count;
    const struct wk_instant *items = wk_instants_sorted(index, WK_INSTANT_LOCK, &count);
    struct lock_covered *covered = wk_mem_zeroed(index->outer, (strips->count + 1) * sizeof *covered);
    if (!covered || (count && !items) || sum_ends(index, items, count) < 0) {
        wk_mem_free(index->outer, covered, (strips->count + 1) * sizeof *covered);
        return WICK_E_NOMEM;
    }
    for (size_t i = 0; i < (size_t)strips->count * view->width; i++) {
        pixels[i] = (struct wk_lock_pixel){.holder = -1};
    }
    const struct lock_drawing d = {index, view, strips, pixels, covered, 1 / view->ns_per_px};
    uint32_t i = wk_strip_first(items, count, view->from_ns);
    double past_ns = view->from_ns + view->ns_per_px * view->width;
    draw_open(&d, items, i);
    draw_before(&d, items, i);
    for (; i < count && (double)items[i].from_ns < past_ns; i++) {
        draw_item(&d, &items[i]);
    }
    wk_mem_free(index->outer, covered, (strips->count + 1) * sizeof *covered);
    return 0;
}
