/*
 * SPDX-License-Identifier: MIT
 * Counters per pixel. A sample sets the value of its strip or adds to it, in order of time over all threads. The values at
 * every WK_COUNTER_STEPth sample are kept, so that the cost follows the samples in the view.
 * Invariant: a pixel without a sample has the value that was carried into it.
 */
#include "strip_pixels.h"

#include "model/base/exact.h"

/* The value of a counter after a sample that is a finite number. */
static double value_after(const struct wk_instant *item, double before)
{
    return item->kind && wk_exact_finite(before) ? before + item->number : item->number;
}

static void take(const struct wk_strips *strips, const struct wk_instant *item, double *values)
{
    uint32_t strip = wk_strip_of(strips, item);
    if (strip != WICK_NONE && wk_exact_finite(item->number)) {
        values[strip] = value_after(item, values[strip]);
    }
}

static int same_strips(const struct wk_counter_marks *marks, const struct wk_strips *strips)
{
    uint32_t sites = wk_strips_sites(strips);
    return marks->strips == strips->count && marks->of_site.count == sites &&
           (!sites || memcmp(marks->of_site.items, strips->of_site, sites * sizeof *strips->of_site) == 0);
}

static int keep_strips(struct wk_index *index, const struct wk_strips *strips)
{
    struct wk_counter_marks *marks = &index->counter_marks;
    uint32_t sites = wk_strips_sites(strips);
    if (same_strips(marks, strips)) {
        return 0;
    }
    marks->count = marks->of_site.count = 0;
    if (wk_array_reserve(&marks->of_site, &index->allocator, sites + 1, sizeof *strips->of_site) < 0) {
        return WICK_E_NOMEM;
    }
    if (sites) {
        memcpy(marks->of_site.items, strips->of_site, sites * sizeof *strips->of_site);
    }
    marks->of_site.count = sites;
    marks->strips = strips->count;
    return 0;
}

/* Make the marks that are missing; those before the first item that has moved stay. */
static int make_marks(struct wk_index *index, const struct wk_strips *strips, const struct wk_instant *items, uint32_t count)
{
    struct wk_counter_marks *marks = &index->counter_marks;
    struct wk_instant_list *list = &index->instants[WK_INSTANT_COUNTER];
    uint32_t wanted = count / WK_COUNTER_STEP + 1, still = list->kept / WK_COUNTER_STEP + 1;
    if (keep_strips(index, strips) < 0 ||
        wk_array_reserve(&marks->values, &index->allocator, wanted * strips->count + 1, sizeof(double)) < 0) {
        return WICK_E_NOMEM;
    }
    double *values = marks->values.items;
    for (uint32_t m = marks->count < still ? marks->count : still; m < wanted; m++) {
        for (uint32_t s = 0; s < strips->count; s++) {
            values[m * strips->count + s] = m ? values[(m - 1) * strips->count + s] : __builtin_nan("");
        }
        for (uint32_t i = m ? (m - 1) * WK_COUNTER_STEP : 0; i < m * WK_COUNTER_STEP; i++) {
            take(strips, &items[i], values + m * strips->count);
        }
    }
    marks->count = wanted;
    list->kept = count;
    return 0;
}

struct counter_drawing {
    const struct wk_view *view;
    const struct wk_strips *strips;
    struct wk_counter_pixel *pixels;
    double *values;    /* of each strip, at the sample that is next */
    uint32_t *written; /* how many pixels of each strip are complete */
};

/* Let the value of a strip hold from its first unwritten pixel up to `past`. */
static void hold(const struct counter_drawing *d, uint32_t strip, uint32_t past)
{
    struct wk_counter_pixel *row = d->pixels + (size_t)strip * d->view->width;
    double value = d->values[strip];
    for (; d->written[strip] < past; d->written[strip]++) {
        row[d->written[strip]] = (struct wk_counter_pixel){value, value, value};
    }
}

static void draw_sample(const struct counter_drawing *d, const struct wk_instant *item, uint32_t x)
{
    uint32_t strip = wk_strip_of(d->strips, item);
    if (strip == WICK_NONE || !wk_exact_finite(item->number)) {
        return;
    }
    struct wk_counter_pixel *pixel = d->pixels + (size_t)strip * d->view->width + x;
    double value = value_after(item, d->values[strip]);
    if (d->written[strip] <= x) { /* the first one in its pixel */
        hold(d, strip, x);
        *pixel = (struct wk_counter_pixel){value, value, value};
        d->written[strip] = x + 1;
    }
    d->values[strip] = value;
    pixel->min = value < pixel->min ? value : pixel->min;
    pixel->max = value > pixel->max ? value : pixel->max;
    pixel->last = value;
}

/* The values before sample `first`. */
static void values_before(const struct wk_index *index, const struct counter_drawing *d, const struct wk_instant *items, uint32_t first)
{
    uint32_t mark = first / WK_COUNTER_STEP, count = d->strips->count;
    for (uint32_t s = 0; s < count; s++) {
        d->values[s] = ((const double *)index->counter_marks.values.items)[mark * count + s];
    }
    for (uint32_t i = mark * WK_COUNTER_STEP; i < first; i++) {
        take(d->strips, &items[i], d->values);
    }
}

int wk_counter_pixels(struct wk_index *index, const struct wk_view *view, const struct wk_strips *strips,
                      struct wk_counter_pixel *pixels)
{
    uint32_t count;
    const struct wk_instant *items = wk_instants_sorted(index, WK_INSTANT_COUNTER, &count);
    size_t bytes = strips->count * (sizeof(double) + sizeof(uint32_t)) + 1;
    double *values = wk_mem_zeroed(index->outer, bytes);
    if (!values || (count && !items) || make_marks(index, strips, items, count) < 0) {
        wk_mem_free(index->outer, values, bytes);
        return WICK_E_NOMEM;
    }
    const struct counter_drawing d = {view, strips, pixels, values, (uint32_t *)(void *)(values + strips->count)};
    uint32_t i = wk_strip_first(items, count, view->from_ns);
    values_before(index, &d, items, i);
    double past_ns = view->from_ns + view->ns_per_px * view->width, next_ns = view->from_ns; /* end of the pixel at x */
    for (uint32_t x = 0; i < count && (double)items[i].from_ns < past_ns; i++) {
        if ((double)items[i].from_ns >= next_ns) { /* most samples are in the pixel of the one before: no division then */
            double at = ((double)items[i].from_ns - view->from_ns) / view->ns_per_px;
            x = at < view->width - 1 ? (uint32_t)at : view->width - 1;
            next_ns = view->from_ns + (x + 1) * view->ns_per_px;
        }
        draw_sample(&d, &items[i], x);
    }
    for (uint32_t s = 0; s < strips->count; s++) {
        hold(&d, s, view->width);
    }
    wk_mem_free(index->outer, values, bytes);
    return 0;
}
