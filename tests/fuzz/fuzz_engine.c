/*
 * SPDX-License-Identifier: MIT
 * Fuzz target of the page's engine, compiled natively: any bytes as a log that is read piece by piece; the same bytes, from
 * their end on, say which exports of engine.h are called meanwhile, with which arguments.
 * Must not check numbers. Invariant: nothing crashes, and a result has the bytes that the count of its items promises.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/heap_memory.h"

/* The engine's sources as one, for this machine instead of wasm32: an export is any function, memory comes from the heap. */
#define export_name(name) __used__
#define WICK_VIEWER_ENGINE_WASM_MEMORY_H
#define wasm_allocator heap_allocator
#include "../../viewer/engine/engine.c"
#include "../../viewer/engine/engine_draw.c"
#include "../../viewer/engine/engine_lists.c"
#include "../../viewer/engine/engine_scope.c"
#include "../../viewer/engine/engine_select.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count);

enum { CALLS_MAX = 24, PIECES = 3, WIDE = 70, LINES = 5 };

/* What is called with what: the input, read from its end. */
struct input {
    const uint8_t *begin, *at;
};

static uint8_t take_byte(struct input *in)
{
    return in->at > in->begin ? *--in->at : 0;
}

static double take_time(struct input *in)
{
    static const double far_times[] = {0, -1, 1e18, -1e18, 1e300, -1e300, 9.3e18, -9.3e18, 1.0 / 0.0, -1.0 / 0.0, 0.0 / 0.0, 0.5};
    uint8_t how = take_byte(in);
    return how < 64 ? far_times[how % (sizeof far_times / sizeof far_times[0])] : (double)(how * (uint64_t)1 << (how % 40));
}

/* Fill a room with `count` items of `bytes` each that are numbers below `limit`. */
static void fill(struct input *in, uint32_t room, uint32_t count, uint32_t bytes, uint32_t limit)
{
    engine_room(room, count * bytes);
    engine.rooms[room].count = count * bytes; /* as if it had never been larger: what lies behind is seen */
    engine.rooms[room].items = realloc(engine.rooms[room].items, count * bytes + 1);
    engine.rooms[room].capacity = count * bytes + 1;
    for (uint32_t i = 0; i < count * bytes; i += bytes) {
        uint32_t number = take_byte(in) % limit;
        memcpy((char *)engine.rooms[room].items + i, &number, bytes);
    }
}

static void must_hold(int items, size_t item_bytes)
{
    if (items > 0 && engine.result_bytes < (size_t)items * item_bytes) {
        fprintf(stderr, "%d items of %zu bytes in %u\n", items, item_bytes, engine.result_bytes);
        abort();
    }
}

static void draw(struct input *in)
{
    double from_ns = take_time(in), ns_per_px = take_time(in);
    uint32_t lines = take_byte(in) % LINES, width = take_byte(in) % WIDE;
    uint32_t sites = wick_names_sites(engine.names);
    fill(in, ENGINE_ROOM_LINES, 2 * lines, 4, engine.index->rows.count + 2);
    fill(in, ENGINE_ROOM_PALETTE, take_byte(in) % (sites + 1), 4, 256);
    fill(in, ENGINE_ROOM_DIMMED, take_byte(in) % (sites + 1), 4, 256);
    engine_set_colours(take_byte(in), take_byte(in), take_byte(in));
    must_hold(engine_image(from_ns, ns_per_px, width, LINES, lines, take_byte(in) % 4), 4);
    must_hold(engine_flags(), sizeof(struct engine_streak));
    must_hold(engine_labels(from_ns, ns_per_px, width, lines, take_byte(in)), sizeof(struct engine_label));
    fill(in, ENGINE_ROOM_TRACKS, take_byte(in) % 5, 1, 4);
    must_hold(engine_activity(from_ns, ns_per_px, width, take_byte(in) % 4), sizeof(float));
    must_hold(engine_search_strip(from_ns, ns_per_px, width), 1);
    must_hold(engine_hit(take_byte(in), from_ns, ns_per_px), sizeof(struct engine_hit));
}

static void choose(struct input *in)
{
    fill(in, ENGINE_ROOM_TRACKS, take_byte(in) % 5, 1, 2);
    fill(in, ENGINE_ROOM_SITES, take_byte(in) % (wick_names_sites(engine.names) + 1), 1, 3);
    engine_select(take_time(in), take_time(in), take_byte(in) % 2, take_byte(in) % 2);
    for (int i = take_byte(in) % 2 ? 1000 : 1; i > 0 && engine_select_step(1 + take_byte(in)) == 0; i--) {
    }
}

static void search(struct input *in)
{
    uint32_t mode = take_byte(in) % 2;
    fill(in, ENGINE_ROOM_TEXT, take_byte(in) % 9, 1, 256);
    fill(in, ENGINE_ROOM_SITES, take_byte(in) % (wick_names_sites(engine.names) + 1), 1, 3);
    must_hold(engine_search(mode, engine.rooms[mode ? ENGINE_ROOM_SITES : ENGINE_ROOM_TEXT].count), sizeof(struct engine_search));
    must_hold(engine_search_sites(), 1);
    must_hold(engine_search_next(take_time(in), take_byte(in), take_byte(in), take_byte(in) % 2 ? 1 : -1), sizeof(struct engine_scope));
}

static void statistics(struct input *in)
{
    uint32_t site = take_byte(in);
    must_hold(engine_table(), sizeof(struct engine_row_stats));
    must_hold(engine_flame(take_byte(in) % 5, site, take_time(in), take_byte(in) % 4), sizeof(struct engine_frame));
    must_hold(engine_histogram(site, take_byte(in) % 2), sizeof(struct engine_bar));
    engine_quantile(take_byte(in) * 5u);
    must_hold(engine_instances(site, take_time(in), take_time(in), take_byte(in) % 2, take_byte(in)), sizeof(struct engine_instance));
    engine_instances_total();
}

static void list(struct input *in)
{
    must_hold(engine_stats(), sizeof(struct engine_stats));
    must_hold(engine_sites(take_byte(in)), sizeof(struct engine_site));
    must_hold(engine_tracks(), sizeof(struct engine_track));
    must_hold(engine_rows(take_byte(in)), sizeof(uint32_t));
    must_hold(engine_layout(take_byte(in) % 8), sizeof(struct engine_lane_item));
    must_hold(engine_scope(take_byte(in), take_byte(in)), sizeof(struct engine_scope));
    must_hold(engine_scope_at(take_byte(in), take_time(in)), sizeof(struct engine_scope));
    must_hold(engine_list(take_byte(in) % 4, take_time(in), take_time(in), take_time(in), take_byte(in)), sizeof(struct engine_instant));
    engine_problems();
    engine_properties();
    engine_left_out();
}

static void call(struct input *in)
{
    switch (take_byte(in) % 8) {
    case 0:
        choose(in);
        break;
    case 1:
        search(in);
        break;
    case 2:
        statistics(in);
        break;
    case 3:
        list(in);
        break;
    case 4:
        for (int begin = 1, i = 0; i < 3 && engine_export((uint32_t)begin) > 0; begin = 0, i++) {
        }
        break;
    case 5:
        engine_set_now(take_time(in));
        engine_set_retention(take_byte(in) % 2 ? 100000.0 : 0);
        break;
    default:
        draw(in);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count)
{
    struct input in = {data, data + count};
    size_t piece = count / PIECES + 1;
    engine_reset();
    for (uint32_t log = 0; log < 3; log++) { /* the second time its tracks and sites are known, the third it lies beside them */
        engine_input_begin(log == 2);
        for (size_t at = 0; at < count; at += piece) {
            uint32_t bytes = (uint32_t)(count - at < piece ? count - at : piece);
            engine_room(ENGINE_ROOM_INPUT, bytes);
            memcpy(engine.rooms[ENGINE_ROOM_INPUT].items, data + at, bytes);
            engine_feed(bytes);
            for (int i = 0; i < CALLS_MAX / (2 * PIECES); i++) {
                call(&in);
            }
        }
        engine_finish();
    }
    engine_select(-1e300, 1e300, 0, 0);
    while (engine_select_step(1000) == 0) {
    }
    statistics(&in);
    list(&in);
    engine_reset();
    return 0;
}
