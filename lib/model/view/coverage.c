/*
 * SPDX-License-Identifier: MIT
 * Draws rows into pixels: exact coverage from the columns at high resolution, from the pyramid at low resolution. A
 * block of scopes within one pixel is one step, so that the cost follows the width, not the number of scopes.
 * Invariant: a scope is visible, however short it is.
 */
#include "draw.h"

#define NEVER 9.0e18

int64_t wk_time_floor(double ns)
{
    if (!(ns > -NEVER)) {
        return -(int64_t)NEVER;
    }
    if (ns >= NEVER) {
        return (int64_t)NEVER;
    }
    int64_t whole = (int64_t)ns;
    return (double)whole > ns ? whole - 1 : whole;
}

void wk_draw_clear(struct wk_pixel *pixels, uint32_t width)
{
    for (uint32_t x = 0; x < width; x++) {
        pixels[x] = (struct wk_pixel){.site = WICK_NONE};
    }
}

/* A row being drawn. */
struct drawing {
    const struct wk_index *index;
    const struct wk_row *row;
    const struct wk_view *view;
    struct wk_pixel *pixels;
    double px_per_ns;
};

/* One colour to draw. */
struct paint {
    uint32_t site, flags;
    float density; /* share of the time that is covered, 0 .. 1 */
    float scopes, bad;
};

static inline double x_of(const struct drawing *d, int64_t time_ns)
{
    return ((double)time_ns - d->view->from_ns) * d->px_per_ns;
}

static inline void paint_pixel(struct wk_pixel *pixel, const struct paint *paint, float amount, float weight)
{
    pixel->coverage += amount;
    pixel->flags |= paint->flags;
    pixel->scopes += paint->scopes;
    pixel->bad += paint->bad;
    if (pixel->site == paint->site) {
        pixel->weight += weight;
    } else if (weight > pixel->weight || pixel->site == WICK_NONE) {
        pixel->weight = weight - pixel->weight;
        pixel->site = paint->site;
    } else {
        pixel->weight -= weight;
    }
}

/* The least coverage that any scope adds, so that it is not lost. */
#define PRESENT 1e-6f

/* Paint [x0, x1) clipped to [low, high) pixels. */
static inline void paint_span(struct wk_pixel *pixels, const struct paint *paint, double x0, double x1,
                              double low, double high)
{
    x0 = x0 < low ? low : x0;
    x1 = x1 > high ? high : x1;
    if (x1 < x0 || x0 >= high) {
        return;
    }
    uint32_t first = (uint32_t)x0, last = (uint32_t)x1;
    if (first == last) {
        float amount = (float)(x1 - x0) * paint->density;
        amount = amount > PRESENT ? amount : PRESENT;
        paint_pixel(&pixels[first], paint, amount, amount);
        return;
    }
    float head = (float)(first + 1 - x0) * paint->density;
    paint_pixel(&pixels[first], paint, head > PRESENT ? head : PRESENT, head);
    for (uint32_t x = first + 1; x < last; x++) {
        paint_pixel(&pixels[x], paint, paint->density, paint->density);
    }
    float tail = (float)(x1 - last) * paint->density;
    if (tail > 0) {
        paint_pixel(&pixels[last], paint, tail, tail);
    }
}

/* Draw the pixels left of `past_px` from the buckets of a level. */
static void draw_buckets(const struct drawing *d, uint32_t number, double past_px, uint32_t flags)
{
    const struct wk_pyramid *pyramid = d->row->pyramid;
    const struct wk_level *level = &pyramid->level[number];
    const uint32_t *buckets = level->buckets.items;
    uint32_t shift = pyramid->shift + 2 * number;
    int64_t base = pyramid->base_ns >> shift;
    int64_t from = (wk_time_floor(d->view->from_ns) >> shift) - base;
    double size_px = (double)((int64_t)1 << shift) * d->px_per_ns;
    uint32_t at = from > 0 ? from < level->buckets.count ? (uint32_t)from : level->buckets.count : 0;
    double x = x_of(d, (base + at) * ((int64_t)1 << shift));
    double origin = x - at * size_px;
    for (; at < level->buckets.count && x < past_px; at++) {
        double next = origin + (at + 1) * size_px;
        uint32_t bucket = buckets[at];
        if (bucket & 255) {
            uint32_t code = bucket >> 8 & 15;
            struct paint paint = {bucket >> 12, flags | (code ? WK_PIXEL_FAILED : 0u), (float)(bucket & 255) / 255.0f, 1,
                                  code ? 1.0f / (float)(1u << (15 - code)) : 0};
            paint_span(d->pixels, &paint, x, next, 0, past_px);
        }
        x = next;
    }
}

/* If the block that begins at `at` has ended and lies within one pixel, paint it and return its size; else 0. */
static uint32_t paint_block(const struct drawing *d, const struct wk_chunk *chunk, uint32_t at, double x)
{
    uint32_t pixel = (uint32_t)x, last = at + WK_BLOCK_SCOPES - 1;
    int64_t end_ns = last < chunk->count ? wk_chunk_recorded_end(chunk, last) : WK_OPEN;
    if (end_ns == WK_OPEN || x_of(d, end_ns) >= (double)(pixel + 1)) {
        return 0;
    }
    const struct wk_block *block = &chunk->blocks[at / WK_BLOCK_SCOPES];
    struct paint paint = {block->site, block->flags & 3u, 1, WK_BLOCK_SCOPES, block->bad};
    float amount = (float)((double)block->busy_ns * d->px_per_ns);
    paint_pixel(&d->pixels[pixel], &paint, amount > PRESENT ? amount : PRESENT,
                (float)(block->weight * d->px_per_ns));
    return WK_BLOCK_SCOPES;
}

/* Draw the pixels right of `first_px` from the columns. */
static void draw_columns(const struct drawing *d, double first_px)
{
    const struct wk_row *row = d->row;
    double width = d->view->width;
    int64_t from_ns = wk_time_floor(d->view->from_ns + first_px * d->view->ns_per_px);
    uint32_t i = wk_row_first_ending(row, from_ns);
    while (i < row->count) {
        uint32_t at = (i - row->base) % WK_CHUNK_SCOPES;
        const struct wk_chunk *chunk = &row->chunks[(i - row->base) / WK_CHUNK_SCOPES];
        for (; at < chunk->count; at++, i++) {
            double x0 = x_of(d, chunk->start_ns[at]);
            if (x0 >= width) {
                return;
            }
            uint32_t step = at % WK_BLOCK_SCOPES || x0 < first_px ? 0 : paint_block(d, chunk, at, x0);
            if (step) {
                at += step - 1;
                i += step - 1;
                continue;
            }
            double x1 = x_of(d, wk_chunk_end(d->index, chunk, at));
            if (x1 <= first_px && x0 < first_px) {
                continue;
            }
            struct paint paint = {chunk->site[at], 0, 1, 1, 0};
            if (WICK_I_UNLIKELY(chunk->extras || chunk->duration_ns[at] == WK_LONG)) {
                paint.flags = wk_chunk_flags(chunk, at);
                paint.bad = (paint.flags & (WK_SCOPE_FAILED | WK_SCOPE_UNFINISHED)) != 0;
            }
            paint_span(d->pixels, &paint, x0, x1, first_px, width);
        }
    }
}

uint32_t wk_row_next_long(const struct wk_index *index, const struct wk_row *row, uint32_t from, uint32_t past,
                          int64_t min_ns)
{
    for (uint32_t i = from < row->base ? row->base : from; i < past;) {
        uint32_t at = (i - row->base) % WK_CHUNK_SCOPES;
        const struct wk_chunk *chunk = &row->chunks[(i - row->base) / WK_CHUNK_SCOPES];
        uint32_t ended = chunk->count - (wk_chunk_recorded_end(chunk, chunk->count - 1) == WK_OPEN);
        if (chunk->longest_ns < min_ns) { /* none of the ended ones: only an open scope can be long enough */
            i += ended - at;
            at = ended;
        }
        while (at < chunk->count && i < past) {
            uint32_t step = WK_BLOCK_SCOPES - at % WK_BLOCK_SCOPES;
            if (at + step <= ended && chunk->blocks[at / WK_BLOCK_SCOPES].longest_ns < min_ns) {
                at += step;
                i += step;
                continue;
            }
            if (wk_chunk_end(index, chunk, at) - chunk->start_ns[at] >= min_ns) {
                return i;
            }
            at++;
            i++;
        }
    }
    return past;
}

void wk_row_range(const struct wk_index *index, const struct wk_row *row, double from_ns, double to_ns,
                  uint32_t *first, uint32_t *past)
{
    (void)index;
    *first = wk_row_first_ending(row, wk_time_floor(from_ns));
    *past = wk_row_first_starting(row, wk_time_floor(to_ns) + 1);
    *past = *past < *first ? *first : *past;
}

/* Does a scope of the same site follow at once? */
static int is_joined(const struct drawing *d, uint32_t next, uint32_t site, double x)
{
    struct wk_place place = wk_row_place(d->row, next);
    return place.chunk && place.chunk->site[place.at] == site && x_of(d, place.chunk->start_ns[place.at]) - x < 1;
}

/* Draw the scopes that are long enough, from the columns alone: the pyramid does not know lengths. */
static void draw_long(const struct drawing *d)
{
    uint32_t i, past;
    wk_row_range(d->index, d->row, d->view->from_ns, d->view->from_ns + d->view->ns_per_px * d->view->width, &i, &past);
    while ((i = wk_row_next_long(d->index, d->row, i, past, d->index->least_ns)) < past) {
        struct wk_place place = wk_row_place(d->row, i++);
        struct paint paint = {place.chunk->site[place.at], wk_chunk_flags(place.chunk, place.at), 1, 1, 0};
        paint.bad = (paint.flags & (WK_SCOPE_FAILED | WK_SCOPE_UNFINISHED)) != 0;
        double x1 = x_of(d, wk_chunk_end(d->index, place.chunk, place.at));
        paint_span(d->pixels, &paint, x_of(d, place.chunk->start_ns[place.at]), x1, 0, d->view->width);
    }
}

/* Leave a gap of one pixel at the right edge of wide scopes. */
static void draw_gaps(const struct drawing *d)
{
    double min_ns = d->view->ns_per_px * WK_DRAW_WIDE_PX;
    uint32_t i, past;
    wk_row_range(d->index, d->row, d->view->from_ns,
                 d->view->from_ns + d->view->ns_per_px * d->view->width, &i, &past);
    int64_t long_ns = wk_time_floor(min_ns) + 1;
    while ((i = wk_row_next_long(d->index, d->row, i, past, long_ns)) < past) {
        struct wk_place place = wk_row_place(d->row, i++);
        int64_t end_ns = wk_chunk_recorded_end(place.chunk, place.at);
        double x = x_of(d, end_ns);
        if (end_ns == WK_OPEN || !(x > 0) || x > d->view->width) {
            continue;
        }
        if (d->index->join && is_joined(d, i, place.chunk->site[place.at], x)) {
            continue;
        }
        uint32_t pixel = (uint32_t)x;
        pixel -= (double)pixel == x;
        if (pixel < d->view->width) {
            d->pixels[pixel].flags |= WK_PIXEL_GAP;
        }
    }
}

/* The pixel at which the complete buckets of a level end; columns are drawn from there. */
static double end_of_level(const struct drawing *d, uint32_t number)
{
    const struct wk_pyramid *pyramid = d->row->pyramid;
    uint32_t shift = pyramid->shift + 2 * number;
    int64_t past_ns = ((pyramid->base_ns >> shift) + pyramid->level[number].buckets.count) * ((int64_t)1 << shift);
    double x = x_of(d, past_ns);
    return x < 0 ? 0 : x > d->view->width ? d->view->width : x;
}

void wk_draw_row(const struct wk_index *index, uint32_t row, const struct wk_view *view, struct wk_pixel *pixels)
{
    const struct wk_row *r = &wk_index_rows(index)[row];
    const struct drawing d = {index, r, view, pixels, 1.0 / view->ns_per_px};
    double first_px = 0;
    if (index->least_ns > 0) {
        draw_long(&d);
        draw_gaps(&d);
        return;
    }
    if (r->pyramid) {
        uint32_t level = wk_pyramid_level(r->pyramid, view->ns_per_px);
        if (level < WK_LEVELS) {
            first_px = end_of_level(&d, level);
            draw_buckets(&d, level, first_px, 0);
        } else if (r->base) {
            /* The view is finer than the pyramid, but columns were dropped: draw its finest level in their place. */
            double kept = r->chunk_count ? x_of(&d, r->chunks[0].start_ns[0]) : view->width;
            double most = end_of_level(&d, 0);
            first_px = kept < 0 ? 0 : kept < most ? kept : most;
            draw_buckets(&d, 0, first_px, WK_PIXEL_DROPPED);
        }
    }
    draw_columns(&d, first_px);
    draw_gaps(&d);
}
