/*
 * SPDX-License-Identifier: MIT
 * Finds the scopes under a pixel of a row. They are counted one by one; only where detail was dropped does the answer
 * come from the pyramid.
 */
#include "draw.h"

/* Time of a scope within a pixel. */
static double within(const struct wk_view *view, int64_t start_ns, int64_t end_ns)
{
    double from = (double)start_ns > view->from_ns ? (double)start_ns : view->from_ns;
    double past = view->from_ns + view->ns_per_px;
    double to = (double)end_ns < past ? (double)end_ns : past;
    return to > from ? to - from : 0;
}

/* A scope that ends at the pixel's left edge or begins at its right edge is not in it; one of no length at the left
 * edge is. */
static int is_in(const struct wk_view *view, int64_t start_ns, int64_t end_ns)
{
    return (double)start_ns < view->from_ns + view->ns_per_px &&
           ((double)end_ns > view->from_ns || (double)start_ns >= view->from_ns);
}

static void discarded(const struct wk_row *row, const struct wk_index *index, uint32_t number,
                      const struct wk_view *view, struct wk_hit *hit)
{
    struct wk_pixel pixel = {.site = WICK_NONE};
    struct wk_view one = {view->from_ns, view->ns_per_px, 1};
    if (row->base) {
        wk_draw_row(index, number, &one, &pixel);
        hit->discarded = pixel.coverage > 0;
        hit->coverage = pixel.coverage < 1 ? (double)pixel.coverage : 1;
        hit->site = pixel.site;
    }
}

void wk_row_hit(const struct wk_index *index, uint32_t row, const struct wk_view *view, double *time_ns,
                uint32_t site_count, struct wk_hit *hit)
{
    const struct wk_row *r = &wk_index_rows(index)[row];
    uint32_t first, past;
    double sum_ns = 0, best_ns = -1;
    *hit = (struct wk_hit){.first = WICK_NONE, .longest = WICK_NONE, .site = WICK_NONE, .longest_ns = -1};
    wk_row_range(index, r, view->from_ns, view->from_ns + view->ns_per_px, &first, &past);
    for (uint32_t i = first; i < past; i++) {
        struct wk_place place = wk_row_place(r, i);
        int64_t start_ns = place.chunk->start_ns[place.at], end_ns = wk_chunk_end(index, place.chunk, place.at);
        uint32_t site = place.chunk->site[place.at];
        if (!is_in(view, start_ns, end_ns) || site >= site_count) {
            continue;
        }
        hit->first = hit->first == WICK_NONE ? i : hit->first;
        hit->last = i;
        hit->count++;
        hit->failed += place.chunk->extras && (wk_chunk_flags(place.chunk, place.at) & WK_SCOPE_FAILED);
        double in_ns = within(view, start_ns, end_ns);
        sum_ns += in_ns;
        time_ns[site] += in_ns;
        if (time_ns[site] > best_ns) {
            best_ns = time_ns[site];
            hit->site = site;
        }
        if (end_ns - start_ns > hit->longest_ns) {
            hit->longest_ns = end_ns - start_ns;
            hit->longest = i;
        }
    }
    hit->share = sum_ns > 0 ? best_ns / sum_ns : 1;
    hit->coverage = sum_ns / view->ns_per_px;
    for (uint32_t i = first; i < past; i++) {
        struct wk_place place = wk_row_place(r, i);
        if (place.chunk->site[place.at] < site_count) {
            time_ns[place.chunk->site[place.at]] = 0;
        }
    }
    if (!hit->count) {
        discarded(r, index, row, view, hit);
    }
}
