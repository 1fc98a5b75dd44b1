/*
 * SPDX-License-Identifier: MIT
 * Row images of a log, drawn by the native build: a line per view with a hash of its pixels.
 * usage: images_native <LOG. Must draw what engine.mjs draws. Invariant: one palette, one list of views.
 */
#include <stdio.h>
#include <stdlib.h>

#include "../support/heap_memory.h"
#include "model/view/draw.h"

#define WIDTH 640u
#define LINES 64u

static int into_index(void *user, const struct wick_record *records, size_t count)
{
    return wk_index_feed(user, records, count);
}

static void print_image(struct wk_index *index, double from_ns, double ns_per_px)
{
    static uint32_t bright[256], dimmed[256], pixels[WIDTH * LINES];
    static struct wk_pixel scratch[WIDTH];
    static struct wk_image_line lines[LINES];
    uint32_t hash = 2166136261u, count = index->rows.count < LINES ? index->rows.count : LINES;
    for (uint32_t i = 0; i < 256; i++) {
        bright[i] = 0xff000000u | i * 2654435761u >> 8;
        dimmed[i] = 0xff404040u;
    }
    for (uint32_t i = 0; i < count; i++) {
        lines[i] = (struct wk_image_line){i, i};
    }
    struct wk_image image = {.view = {from_ns, ns_per_px, WIDTH}, .lines = lines, .line_count = count, .height = count,
                             .palette = {bright, dimmed, 256, 0xff808080u, 0xff101010u, 0xff0000ffu},
                             .dim = {.from_ns = -1e300, .to_ns = 1e300}, .pixels = pixels, .scratch = scratch};
    if (wk_image_draw(index, &image) < 0) {
        exit(1);
    }
    for (uint32_t i = 0; i < count * WIDTH; i++) {
        hash = (hash ^ pixels[i]) * 16777619u;
    }
    printf("%.17g %.17g %08x\n", from_ns, ns_per_px, hash);
}

int main(void)
{
    static char bytes[65536];
    struct wick_names *names = wick_names_create(&heap_allocator);
    struct wk_index *index = wk_index_create(&heap_allocator);
    struct wick_record_out out = {into_index, index};
    struct wick_reader *reader = wick_reader_create(&heap_allocator, names, &out, WICK_VECTOR_NONE);
    for (size_t count; (count = fread(bytes, 1, sizeof bytes, stdin)) > 0;) {
        wick_reader_feed(reader, bytes, count);
    }
    wick_reader_finish(reader);
    double first_ns = (double)index->first_ns, span_ns = (double)(index->last_ns - index->first_ns);
    for (uint32_t zoom = 0; zoom < 8; zoom++) {
        double part_ns = span_ns / (double)(1u << (2 * zoom));
        print_image(index, first_ns + (span_ns - part_ns) * 0.375, part_ns / WIDTH);
    }
    wick_reader_destroy(reader);
    wk_index_destroy(index);
    wick_names_destroy(names);
    return 0;
}
