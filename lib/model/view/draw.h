/*
 * SPDX-License-Identifier: MIT
 * Draws rows of the index as pixels, and finds the scopes under a pixel. Canvases and fonts are the page's.
 * Invariant: the same view of the same scopes gives the same pixels on every machine, native or WebAssembly.
 */
#ifndef WICK_LIB_MODEL_VIEW_DRAW_H
#define WICK_LIB_MODEL_VIEW_DRAW_H

#include "index.h"

#define WK_DRAW_FLOOR 0.35f /* least share of its colour that a pixel with a scope gets */
#define WK_DRAW_WIDE_PX 3.0 /* wider scopes get a gap at their right edge */

/* The time of an image: pixel x is [from_ns + x * ns_per_px, from_ns + (x + 1) * ns_per_px). */
struct wk_view {
    double from_ns, ns_per_px;
    uint32_t width;
};

enum wk_pixel_flags {
    WK_PIXEL_FAILED = 1,
    WK_PIXEL_UNFINISHED = 2,
    WK_PIXEL_OPEN = 4,
    WK_PIXEL_MATCHED = 8, /* a text matches the search */
    WK_PIXEL_GAP = 16,    /* a wide scope ends here */
    WK_PIXEL_LOST = 32,
    WK_PIXEL_DROPPED = 64, /* from the pyramid, since detail was dropped */
    WK_PIXEL_DIM = 128     /* of a track that is not selected */
};

/* One pixel of one line while it is composed. */
struct wk_pixel {
    float coverage;
    float weight; /* of the vote for `site` */
    uint32_t site;
    uint32_t flags;
    float scopes, bad; /* how many are in it; of them, how many have failed or are unfinished */
};

/* Clear `width` pixels before the first row of a line; add a row to them. */
void wk_draw_clear(struct wk_pixel *pixels, uint32_t width);
void wk_draw_row(const struct wk_index *index, uint32_t row, const struct wk_view *view, struct wk_pixel *pixels);

struct wk_image_line {
    uint32_t row, line;
};

/* RGBA bytes. A site past `count` has colour `other`. */
struct wk_palette {
    const uint32_t *bright, *dimmed;
    uint32_t count;
    uint32_t other, background, hatch;
};

/* What to dim; a NULL array dims nothing. */
struct wk_dim {
    const uint8_t *matched;      /* per site: 0 = dim, unless a text of the instance matches */
    const uint8_t *sites;        /* per site: 0 = dim */
    const uint8_t *tracks;       /* per track: 0 = dim */
    uint32_t site_count, track_count; /* those beyond are dim */
    double from_ns, to_ns;       /* pixels outside are dim */
};

/* Pixels [x0, x1) of a line have these flags (failed, unfinished, open). */
struct wk_streak {
    uint32_t line, x0, x1, flags;
    uint32_t share; /* of bad scopes: 4 more than a half, 3 more than an eighth, 2 more than 1/64, 1 less, 0 none */
};

struct wk_image {
    struct wk_view view;
    const struct wk_image_line *lines; /* the rows of one line are consecutive */
    uint32_t line_count;
    uint32_t height;
    struct wk_palette palette;
    struct wk_dim dim;
    uint32_t *pixels;         /* out: width * height */
    struct wk_array *runs;    /* out: struct wk_streak; NULL: not wanted */
    struct wk_pixel *scratch; /* width */
};
/* Compose an image; 0 or WICK_E_NOMEM (of runs). */
int wk_image_draw(struct wk_index *index, const struct wk_image *image);

/* The next scope in [from, past) of at least `min_ns`; `past`: none. */
uint32_t wk_row_next_long(const struct wk_index *index, const struct wk_row *row, uint32_t from, uint32_t past,
                          int64_t min_ns);
/* The scopes of a row that touch a time range: [*first, *past). */
void wk_row_range(const struct wk_index *index, const struct wk_row *row, double from_ns, double to_ns,
                  uint32_t *first, uint32_t *past);
/* The nearest time at or below a double, within int64_t. */
int64_t wk_time_floor(double ns);

struct wk_hit {
    uint32_t count;       /* of scopes in the pixel */
    uint32_t failed;      /* of them */
    uint32_t first, last; /* of these */
    uint32_t longest;
    uint32_t site;        /* the one with most time in the pixel */
    uint32_t discarded;   /* 1: count is 0, but the pyramid has dropped scopes here */
    double share;         /* of that site in the scopes' time */
    double coverage;
    int64_t longest_ns;
};
/* Find the scopes in the pixel that begins at from_ns. `time_ns`: scratch, one double per site, all zero before and
 * after. */
void wk_row_hit(const struct wk_index *index, uint32_t row, const struct wk_view *view, double *time_ns,
                uint32_t site_count, struct wk_hit *hit);

#endif
