/*
 * SPDX-License-Identifier: MIT
 * Counters and locks as numbers per pixel: what a strip of the timeline shows of the samples, waits and holds in each pixel.
 * Must not draw: shapes are the page's. Invariant: every sample, wait and hold of the view is in its pixels, however many.
 */
#ifndef WICK_LIB_MODEL_VIEW_STRIP_PIXELS_H
#define WICK_LIB_MODEL_VIEW_STRIP_PIXELS_H

#include "draw.h"

/* Which strip each site of a process stands on. Sites of one strip are one counter, or one lock. */
struct wk_strips {
    const uint32_t *of_site; /* of the first process, then of the next, ...; WICK_NONE: on none */
    uint32_t sites;          /* of a process */
    uint32_t count;          /* of strips */
    uint32_t processes;      /* 0: all are one, and what follows is not used */
    const uint32_t *process_of; /* per track */
    uint32_t tracks;
};

static inline uint32_t wk_strip_of(const struct wk_strips *strips, const struct wk_instant *item)
{
    uint32_t process = strips->processes && item->track < strips->tracks ? strips->process_of[item->track] : 0;
    int known = item->site < strips->sites && (!process || process < strips->processes);
    uint32_t strip = known ? strips->of_site[process * strips->sites + item->site] : WICK_NONE;
    return strip < strips->count ? strip : WICK_NONE;
}

/* The samples of a pixel; without any, all three are the value that still holds. Not-a-number: there is none yet. */
struct wk_counter_pixel {
    double min, max, last;
};

/* The waits and holds of a pixel. */
struct wk_lock_pixel {
    double held, waited;                   /* share of the pixel's time in which somebody holds it, or waits; 0 .. 1 */
    double longest_hold_ns, longest_wait_ns; /* whole length of the longest one that touches the pixel */
    double holds, waits;                   /* that begin in it */
    double holder;                         /* track of the longest hold, valid where there is one; -1: none */
};

/* Fill in `width` pixels for each strip, one strip after the other. 0 or WICK_E_NOMEM. */
int wk_counter_pixels(struct wk_index *index, const struct wk_view *view, const struct wk_strips *strips,
                      struct wk_counter_pixel *pixels);
int wk_lock_pixels(struct wk_index *index, const struct wk_view *view, const struct wk_strips *strips,
                   struct wk_lock_pixel *pixels);

/* How many entries `of_site` has. */
static inline uint32_t wk_strips_sites(const struct wk_strips *strips)
{
    return strips->sites * (strips->processes ? strips->processes : 1);
}

/* The first sorted item that begins at or after a time of a view. */
static inline uint32_t wk_strip_first(const struct wk_instant *items, uint32_t count, double from_ns)
{
    int64_t floor_ns = wk_time_floor(from_ns);
    return wk_instants_first(items, count, floor_ns + ((double)floor_ns < from_ns));
}

#endif
