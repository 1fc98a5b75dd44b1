/*
 * SPDX-License-Identifier: MIT
 * Composes pixels into colours: dimming, hatching, and streaks of flags for the page to draw over.
 * Invariant: every pixel of the image is written, whatever `lines` contains.
 */
#include "draw.h"

static inline uint32_t mix(uint32_t under, uint32_t over, uint32_t share) /* 0 .. 256 */
{
    uint32_t even = ((over & 0xff00ff) * share + (under & 0xff00ff) * (256 - share)) >> 8 & 0xff00ff;
    uint32_t odd = ((over >> 8 & 0xff00ff) * share + (under >> 8 & 0xff00ff) * (256 - share)) & 0xff00ff00;
    return even | odd;
}

static int is_dim(const struct wk_dim *dim, const struct wk_pixel *pixel)
{
    uint32_t site = pixel->site;
    if (pixel->flags & WK_PIXEL_DIM) {
        return 1;
    }
    if (dim->sites && (site >= dim->site_count || !dim->sites[site])) {
        return 1;
    }
    return dim->matched && (site >= dim->site_count || !(dim->matched[site] & 1)) &&
           !(pixel->flags & WK_PIXEL_MATCHED);
}

static uint32_t colour_of(const struct wk_image *image, const struct wk_pixel *pixel, int outside)
{
    const struct wk_palette *palette = &image->palette;
    float share = pixel->coverage > WK_DRAW_FLOOR ? pixel->coverage : WK_DRAW_FLOOR;
    if (pixel->flags & WK_PIXEL_GAP) {
        share = WK_DRAW_FLOOR;
    }
    uint32_t colour = palette->other;
    if (pixel->site < palette->count) {
        colour = (outside || is_dim(&image->dim, pixel) ? palette->dimmed : palette->bright)[pixel->site];
    }
    return mix(palette->background, colour, (uint32_t)((share < 1 ? share : 1) * 256.0f));
}

static int add_run(struct wk_index *index, struct wk_array *runs, const struct wk_streak *run)
{
    if (run->x1 == run->x0 || !run->flags) {
        return 0;
    }
    if (wk_array_reserve(runs, &index->allocator, runs->count + 1, sizeof *run) < 0) {
        return WICK_E_NOMEM;
    }
    ((struct wk_streak *)runs->items)[runs->count++] = *run;
    return 0;
}

/* As in struct wk_streak. */
static uint32_t bad_share(const struct wk_pixel *pixel)
{
    float share = pixel->scopes > 0 ? pixel->bad / pixel->scopes : 0;
    return share > 0.5f ? 4 : share > 1.0f / 8 ? 3 : share > 1.0f / 64 ? 2 : share > 0;
}

static int add_runs(struct wk_index *index, const struct wk_image *image, uint32_t line)
{
    const uint32_t wanted = WK_PIXEL_FAILED | WK_PIXEL_UNFINISHED | WK_PIXEL_OPEN;
    struct wk_streak run = {line, 0, 0, 0, 0};
    for (uint32_t x = 0; x < image->view.width; x++) {
        uint32_t flags = image->scratch[x].flags & wanted;
        uint32_t share = bad_share(&image->scratch[x]);
        if (flags != run.flags || share != run.share) {
            run.x1 = x;
            if (add_run(index, image->runs, &run) < 0) {
                return WICK_E_NOMEM;
            }
            run = (struct wk_streak){line, x, x, flags, share};
        }
    }
    run.x1 = image->view.width;
    return add_run(index, image->runs, &run);
}

static int compose(struct wk_index *index, const struct wk_image *image, uint32_t line)
{
    const struct wk_view *view = &image->view;
    uint32_t *out = image->pixels + (size_t)line * view->width;
    uint32_t any = 0;
    for (uint32_t x = 0; x < view->width; x++) {
        const struct wk_pixel *pixel = &image->scratch[x];
        double ns = view->from_ns + (x + 0.5) * view->ns_per_px;
        int outside = ns < image->dim.from_ns || ns > image->dim.to_ns;
        out[x] = pixel->coverage > 0 ? colour_of(image, pixel, outside) : image->palette.background;
        if (pixel->flags & (WK_PIXEL_LOST | WK_PIXEL_DROPPED)) {
            /* Hatch one column of four for lost events, of eight for dropped detail, shifted from line to line. */
            uint32_t period = pixel->flags & WK_PIXEL_LOST ? 4 : 8;
            out[x] = (x + line) % period ? out[x] : image->palette.hatch;
        }
        any |= pixel->flags;
    }
    return image->runs && any ? add_runs(index, image, line) : 0;
}

static void mark_losses(struct wk_index *index, const struct wk_image *image, uint32_t track)
{
    uint32_t count;
    const struct wk_instant *item = wk_instants_sorted(index, WK_INSTANT_LOSS, &count);
    double past_ns = image->view.from_ns + image->view.width * image->view.ns_per_px;
    for (uint32_t i = 0; i < count && (double)item[i].from_ns < past_ns; i++) {
        double x0 = ((double)item[i].from_ns - image->view.from_ns) / image->view.ns_per_px;
        double x1 = ((double)item[i].to_ns - image->view.from_ns) / image->view.ns_per_px;
        if (item[i].track != track || x1 < 0) {
            continue;
        }
        uint32_t last = x1 < image->view.width - 1 ? (uint32_t)x1 : image->view.width - 1;
        for (uint32_t x = x0 > 0 ? (uint32_t)x0 : 0; x <= last; x++) {
            image->scratch[x].flags |= WK_PIXEL_LOST;
        }
    }
}

static void draw_line(struct wk_index *index, const struct wk_image *image, uint32_t row)
{
    const struct wk_dim *dim = &image->dim;
    uint32_t track = wk_index_rows(index)[row].track;
    wk_draw_row(index, row, &image->view, image->scratch);
    mark_losses(index, image, track);
    if (dim->tracks && (track >= dim->track_count || !dim->tracks[track])) {
        for (uint32_t x = 0; x < image->view.width; x++) {
            image->scratch[x].flags |= WK_PIXEL_DIM;
        }
    }
}

int wk_image_draw(struct wk_index *index, const struct wk_image *image)
{
    uint32_t width = image->view.width, line = WICK_NONE;
    int rc = 0;
    for (size_t i = 0; i < (size_t)width * image->height; i++) {
        image->pixels[i] = image->palette.background;
    }
    for (uint32_t i = 0; i < image->line_count && rc >= 0; i++) {
        const struct wk_image_line *next = &image->lines[i];
        if (next->line >= image->height || next->row >= index->rows.count) {
            continue;
        }
        if (next->line != line) {
            rc = line == WICK_NONE ? 0 : compose(index, image, line);
            wk_draw_clear(image->scratch, width);
            line = next->line;
        }
        draw_line(index, image, next->row);
    }
    return rc < 0 || line == WICK_NONE ? rc : compose(index, image, line);
}
