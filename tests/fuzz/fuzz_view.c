/*
 * SPDX-License-Identifier: MIT
 * Fuzz target of what the page's engine and the tree do with records: any order, any times, whatever is selected, searched and drawn.
 * Must not check numbers. Invariant: nothing crashes, and no time, however far away, is computed with beyond what 64 bits hold.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../support/heap_memory.h"
#include "model/tree/hist.h"
#include "model/view/draw.h"
#include "model/view/selection.h"
#include "wick/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count);

enum { TRACKS = 3, SITES = 6, RECORDS_MAX = 2000, WIDTH = 40 };

static const int64_t far_times[] = {0, 1, -1, 1000, 1000000000, 1700000000000000000, INT64_MAX, INT64_MAX - 1, INT64_MIN,
                                    INT64_MIN + 1, INT64_MAX / 2, INT64_MIN / 2, (int64_t)1 << 53, -((int64_t)1 << 53),
                                    INT64_MAX / 2 + 2, INT64_MIN / 2 - 2};

/* The input, read from its beginning; zeros behind its end. */
struct input {
    const uint8_t *at, *end;
};

static uint8_t take(struct input *in)
{
    return in->at < in->end ? *in->at++ : 0;
}

static int64_t take_time(struct input *in, int64_t last_ns)
{
    uint8_t how = take(in);
    uint64_t bits = 0;

    if (how < 200) { /* near the last one */
        return (int64_t)((uint64_t)last_ns + how);
    }
    if (how < 240) {
        return far_times[how % (sizeof far_times / sizeof far_times[0])];
    }
    for (int i = 0; i < 8; i++) {
        bits = bits << 8 | take(in);
    }
    return (int64_t)bits;
}

static uint32_t take_records(struct input *in, struct wick_record *records)
{
    int64_t last_ns = take_time(in, 0);
    uint32_t count = 0;

    while (in->at < in->end && count < RECORDS_MAX) {
        uint8_t kind = take(in), what = take(in);

        if (kind == 255) { /* the rest says what is looked at */
            break;
        }
        last_ns = take_time(in, last_ns);
        records[count] = (struct wick_record){.time_ns = last_ns, .kind = kind % WICK_RECORD_KINDS, .track = what % TRACKS,
                                              .site = what / TRACKS % SITES, .u.cpu_ns = -1, .text = "", .unfinished = 0};
        if (what >= 128) {
            records[count].u.cpu_ns = take_time(in, 0);
            records[count].first_ns = take_time(in, last_ns);
            records[count].parent_track = what % TRACKS;
            records[count].unfinished = what % WICK_UNFINISHED_KINDS;
        }
        count++;
    }
    return count;
}

static void try_tree(const struct wick_record *records, uint32_t count)
{
    struct wick_tree *tree = wick_tree_create(&heap_allocator);
    struct wick_tree *other = wick_tree_create(&heap_allocator);

    wick_tree_feed(tree, records, count / 2);
    wick_tree_feed(other, records + count / 2, count - count / 2);
    wick_tree_feed(tree, records + count / 2, count - count / 2);
    wick_tree_settle(tree, INT64_MIN);
    wick_tree_settle(other, INT64_MAX);
    struct wick_tree_stats stats;
    wick_tree_stats_read(tree, &stats);
    for (uint32_t node = 0; node < stats.nodes; node++) {
        struct wick_node_info info;

        wick_tree_node(tree, node, &info);
    }
    wick_tree_destroy(other);
    wick_tree_destroy(tree);
}

static void look(struct wk_selection *s, struct wk_search *search, struct input *in)
{
    struct wk_bar bars[WK_BARS] = {{0, 0}};
    struct wk_instances found = {.bars = take(in) % 2 ? bars : NULL};
    const struct wk_instances_ask ask = {.site = take(in) % (SITES + 1) ? take(in) % SITES : WICK_NONE, .self = take(in) % 2,
                                         .low_ns = take_time(in, 0), .high_ns = take_time(in, 0), .most = take(in)};
    struct wk_instance place = {.row = 0, .index = take(in)};
    const struct wk_view view = {.from_ns = (double)take_time(in, 0), .ns_per_px = 1 + (double)(take_time(in, 0) & INT64_MAX) / WIDTH,
                                 .width = WIDTH};
    struct wk_search_sums sums;
    uint8_t strip[WIDTH];

    wk_instances_find(s, search, &ask, &found);
    wk_hist_free(found.hist, s->index->outer);
    wk_array_free(&found.longest, s->index->outer, sizeof(struct wk_instance));
    wk_search_sum(search, s, &sums);
    wk_search_strip(search, s, &view, strip);
    wk_search_next(search, s, take_time(in, 0), &place, take(in) % 2 ? 1 : -1);
    for (uint32_t row = 0; row < s->index->rows.count; row++) {
        struct wk_pixel pixels[WIDTH];

        wk_draw_clear(pixels, WIDTH);
        wk_draw_row(s->index, row, &view, pixels);
    }
    for (uint32_t kind = WK_FLAME_MERGED; kind <= WK_FLAME_CALLEES; kind++) {
        const struct wk_flame_ask flame = {.kind = kind, .weight = take(in) % 4, .site = take(in) % SITES};
        struct wk_array frames = {0};

        wk_flame_build(s->tree, &heap_allocator, &flame, &frames);
        wk_array_free(&frames, &heap_allocator, sizeof(struct wk_flame_frame));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count)
{
    static struct wick_record records[RECORDS_MAX];
    struct input in = {data, data + count};
    uint32_t all = take_records(&in, records);
    struct wk_index *index = wk_index_create(&heap_allocator);
    struct wk_search search = {0};
    struct wk_selection s;
    uint8_t flags[SITES];

    try_tree(records, all);
    wk_index_feed(index, records, all / 2);
    wk_selection_init(&s, index);
    for (int round = 0; round < 3; round++) {
        if (round == 1) {
            wk_index_feed(index, records + all / 2, all - all / 2);
        } else if (round == 2 && take(&in) % 2) {
            wk_index_trim(index, 100000);
        }
        s.from_ns = round ? take_time(&in, 0) : INT64_MIN;
        s.to_ns = round ? take_time(&in, 0) : INT64_MAX;
        for (int i = 0; i < SITES; i++) {
            flags[i] = take(&in) % 3;
        }
        wk_search_flags(&search, index, flags, SITES);
        wk_selection_restart(&s);
        while (wk_selection_step(&s, 50) == 0) {
        }
        (void)wk_selection_rows(&s, SITES);
        look(&s, &search, &in);
    }
    wk_search_end(&search, index);
    wk_selection_fini(&s);
    wk_index_destroy(index);
    return 0;
}
