/*
 * SPDX-License-Identifier: MIT
 * Exports that show: images, labels, counters, locks, activity, what is under a pixel.
 * Must not compute: lib/model does. Invariant: rooms that are too small end a call with an error.
 */
#include "engine_state.h"

int ENGINE_EXPORT(engine_set_colours)(uint32_t background, uint32_t hatch, uint32_t other)
{
    engine.background = background;
    engine.hatch = hatch;
    engine.other = other;
    return 0;
}

/* The lines in their room; NULL: fewer than `count`. */
static const struct wk_image_line *room_lines(uint32_t count)
{
    const struct wk_array *room = &engine.rooms[ENGINE_ROOM_LINES];
    if (count > room->count / sizeof(struct wk_image_line)) {
        engine_fail(WICK_E_INVAL, "More lines than ENGINE_ROOM_LINES holds.");
        return NULL;
    }
    return room->items ? room->items : engine_need(&engine.rooms[ENGINE_ROOM_LINES], 1, 1);
}

static uint32_t room_count(uint32_t room, size_t item_bytes)
{
    return engine.rooms[room].count / (uint32_t)item_bytes;
}

static int view_is_fine(const struct wk_view *view)
{
    return view->ns_per_px > 0 && view->ns_per_px < 1e18 && view->from_ns > -1e18 && view->from_ns < 1e18 &&
           view->width <= 65536;
}

static struct wk_palette palette(void)
{
    uint32_t bright = room_count(ENGINE_ROOM_PALETTE, 4), dimmed = room_count(ENGINE_ROOM_DIMMED, 4);
    return (struct wk_palette){
        .bright = engine.rooms[ENGINE_ROOM_PALETTE].items, .dimmed = engine.rooms[ENGINE_ROOM_DIMMED].items,
        .count = bright < dimmed ? bright : dimmed, .other = engine.other, .background = engine.background,
        .hatch = engine.hatch};
}

int ENGINE_EXPORT(engine_image)(double from_ns, double ns_per_px, uint32_t width, uint32_t lines, uint32_t count,
                                uint32_t dim)
{
    struct wk_image image = {.view = {from_ns, ns_per_px, width}, .lines = room_lines(count), .line_count = count,
                             .height = lines, .palette = palette(), .dim = engine_dimming(dim),
                             .runs = &engine.runs};
    if (!image.lines || !view_is_fine(&image.view) || lines > 65536) {
        return engine_fail(WICK_E_INVAL, "The view cannot be drawn.");
    }
    image.scratch = engine_need(&engine.pixels, width, sizeof *image.scratch);
    image.pixels = engine_take_result(width * lines, sizeof *image.pixels);
    if (!image.scratch || !image.pixels) {
        return WICK_E_NOMEM;
    }
    engine.runs.count = 0;
    int rc = wk_image_draw(engine.index, &image);
    return rc < 0 ? engine_fail(rc, ENGINE_NO_MEMORY) : (int)(width * lines);
}

int ENGINE_EXPORT(engine_flags)(void)
{
    struct engine_streak *streak = engine_take_result(engine.runs.count, sizeof *streak);
    const struct wk_streak *from = engine.runs.items;
    if (!streak) {
        return WICK_E_NOMEM;
    }
    for (uint32_t i = 0; i < engine.runs.count; i++) {
        streak[i] = (struct engine_streak){from[i].line, from[i].x0, from[i].x1, from[i].flags, from[i].share};
    }
    return (int)engine.runs.count;
}

/* ---- labels ---- */

static struct engine_label label_of(const struct wk_view *view, const struct wk_image_line *line, uint32_t scope)
{
    const struct wk_row *row = &wk_index_rows(engine.index)[line->row];
    struct wk_place place = wk_row_place(row, scope);
    double x0 = ((double)place.chunk->start_ns[place.at] - view->from_ns) / view->ns_per_px;
    double x1 = ((double)wk_chunk_end(engine.index, place.chunk, place.at) - view->from_ns) / view->ns_per_px;
    struct wk_detail detail = wk_chunk_detail(place.chunk, place.at);
    uint32_t bytes;
    const char *text = wk_chunk_text(place.chunk, detail.text, &bytes);
    return (struct engine_label){
        .line = line->line, .x0 = (float)(x0 > 0 ? x0 : 0), .x1 = (float)(x1 < view->width ? x1 : view->width),
        .site = place.chunk->site[place.at], .text = engine_text_of(text, bytes),
        .flags = wk_chunk_flags(place.chunk, place.at)};
}

int ENGINE_EXPORT(engine_set_shown)(double least_ns, uint32_t join)
{
    engine.index->least_ns = wk_time_floor(least_ns);
    engine.index->join = join != 0;
    return 0;
}

/* Put a label after those of its line from `first` on: a neighbour of one site may join the last one, and a last one that has
 * stayed too narrow makes room. Gives the number of labels. */
static uint32_t put_label(struct engine_label *label, uint32_t first, uint32_t found, const struct engine_label *next, double min_px)
{
    struct engine_label *last = found > first ? &label[found - 1] : NULL;
    if (last && next && engine.index->join && last->site == next->site && !last->text.bytes && !next->text.bytes && next->x0 - last->x1 < 1) {
        last->x1 = next->x1;
        return found;
    }
    found -= last && last->x1 - last->x0 < min_px;
    if (next) {
        label[found++] = *next;
    }
    return found;
}

int ENGINE_EXPORT(engine_labels)(double from_ns, double ns_per_px, uint32_t width, uint32_t count, double min_px)
{
    const struct wk_view view = {from_ns, ns_per_px, width};
    const struct wk_image_line *lines = room_lines(count);
    uint32_t found = 0, most = (uint32_t)(width / (min_px > 1 ? min_px : 1)) + 3;
    if (!lines || !view_is_fine(&view)) {
        return engine_fail(WICK_E_INVAL, "The view cannot be drawn.");
    }
    struct engine_label *label = engine_take_result(count * most, sizeof *label);
    if (!label) {
        return WICK_E_NOMEM;
    }
    int64_t min_ns = wk_time_floor((engine.index->join ? 1 : min_px) * ns_per_px);
    min_ns = min_ns > engine.index->least_ns ? min_ns : engine.index->least_ns;
    for (uint32_t i = 0; i < count; i++) {
        if (lines[i].row >= engine.index->rows.count) {
            continue;
        }
        const struct wk_row *row = &wk_index_rows(engine.index)[lines[i].row];
        uint32_t at, past, first = found;
        wk_row_range(engine.index, row, from_ns, from_ns + ns_per_px * width, &at, &past);
        while (found < first + most && (at = wk_row_next_long(engine.index, row, at, past, min_ns)) < past) {
            struct engine_label next = label_of(&view, &lines[i], at++);
            found = put_label(label, first, found, &next, min_px);
        }
        found = put_label(label, first, found, NULL, min_px);
    }
    engine.result_bytes = found * (uint32_t)sizeof *label;
    return (int)found;
}

/* ---- counters and locks ---- */

/* The strips of ENGINE_ROOM_LINES; 0: it holds fewer than `count`, or there is no memory. */
int engine_room_strips(uint32_t strips, uint32_t count, struct wk_strips *out)
{
    const struct wk_array *room = &engine.rooms[ENGINE_ROOM_LINES];
    const struct engine_strip *pairs = room->items;
    uint32_t sites = wick_names_sites(engine.names), tracks = engine.index->tracks.count;
    uint32_t known = wick_names_processes(engine.names), processes = known ? known : 1;
    if (strips > 65536 || count > room->count / sizeof *pairs) {
        return 0;
    }
    uint32_t *of_site = engine_need(&engine.strips, sites * processes, sizeof *of_site);
    uint32_t *process_of = engine_need(&engine.processes, tracks, sizeof *process_of);
    if (!of_site || !process_of) {
        return 0;
    }
    for (uint32_t i = 0; i < sites * processes; i++) {
        of_site[i] = WICK_NONE;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (pairs[i].site < sites && pairs[i].process < processes) {
            of_site[pairs[i].process * sites + pairs[i].site] = pairs[i].strip;
        }
    }
    for (uint32_t i = 0; i < tracks; i++) {
        process_of[i] = wick_names_track(engine.names, i)->process;
    }
    *out = (struct wk_strips){of_site, sites, strips, processes > 1 ? processes : 0, process_of, tracks};
    return 1;
}

int ENGINE_EXPORT(engine_counters)(double from_ns, double ns_per_px, uint32_t width, uint32_t strips, uint32_t count)
{
    const struct wk_view view = {from_ns, ns_per_px, width};
    struct wk_strips of = {0};
    if (!view_is_fine(&view) || strips > (1u << 26) / (width + 1) || !engine_room_strips(strips, count, &of)) {
        return engine_fail(WICK_E_INVAL, "The counters cannot be drawn.");
    }
    struct wk_counter_pixel *pixels = engine_take_result(strips * width, sizeof *pixels);
    int rc = pixels ? wk_counter_pixels(engine.index, &view, &of, pixels) : WICK_E_NOMEM;
    return rc < 0 ? engine_fail(rc, ENGINE_NO_MEMORY) : (int)(strips * width);
}

int ENGINE_EXPORT(engine_locks)(double from_ns, double ns_per_px, uint32_t width, uint32_t strips, uint32_t count)
{
    const struct wk_view view = {from_ns, ns_per_px, width};
    struct wk_strips of = {0};
    if (!view_is_fine(&view) || strips > (1u << 26) / (width + 1) || !engine_room_strips(strips, count, &of)) {
        return engine_fail(WICK_E_INVAL, "The locks cannot be drawn.");
    }
    struct wk_lock_pixel *pixels = engine_take_result(strips * width, sizeof *pixels);
    int rc = pixels ? wk_lock_pixels(engine.index, &view, &of, pixels) : WICK_E_NOMEM;
    return rc < 0 ? engine_fail(rc, ENGINE_NO_MEMORY) : (int)(strips * width);
}

/* ---- activity ---- */

int ENGINE_EXPORT(engine_activity)(double from_ns, double ns_per_px, uint32_t width, uint32_t groups)
{
    const struct wk_view view = {from_ns, ns_per_px, width};
    const struct wk_array *room = &engine.rooms[ENGINE_ROOM_TRACKS];
    const uint8_t *group = room->items;
    if (!view_is_fine(&view) || groups > 255) {
        return engine_fail(WICK_E_INVAL, "The view cannot be drawn.");
    }
    struct wk_pixel *pixels = engine_need(&engine.pixels, width, sizeof *pixels);
    float *sum = engine_take_result(groups * width, sizeof *sum);
    if (!pixels || !sum) {
        return WICK_E_NOMEM;
    }
    memset(sum, 0, (size_t)groups * width * sizeof *sum);
    for (uint32_t track = 0; track < engine.index->tracks.count && track < room->count; track++) {
        const struct wk_array *rows = &wk_index_tracks(engine.index)[track].rows;
        if (group[track] >= groups || !rows->count) {
            continue;
        }
        wk_draw_clear(pixels, width);
        wk_draw_row(engine.index, *(const uint32_t *)rows->items, &view, pixels);
        for (uint32_t x = 0; x < width; x++) {
            sum[group[track] * width + x] += pixels[x].coverage < 1 ? pixels[x].coverage : 1;
        }
    }
    return (int)(groups * width);
}

/* ---- under a pixel ---- */

int ENGINE_EXPORT(engine_hit)(uint32_t row, double from_ns, double ns_per_px)
{
    const struct wk_view view = {from_ns, ns_per_px, 1};
    uint32_t sites = wick_names_sites(engine.names);
    double *times = engine_need(&engine.times, sites, sizeof *times);
    struct engine_hit *hit = engine_take_result(1, sizeof *hit);
    struct wk_hit found;
    if (!times || !hit) {
        return WICK_E_NOMEM;
    }
    if (row >= engine.index->rows.count || !view_is_fine(&view)) {
        return engine_fail(WICK_E_INVAL, "No such row.");
    }
    wk_row_hit(engine.index, row, &view, times, sites, &found);
    *hit = (struct engine_hit){
        .count = found.count, .row = row, .index = found.longest, .site = found.site,
        .discarded = found.discarded, .failed = found.failed, .share = found.share, .longest_ns = (double)found.longest_ns};
    if (found.count) {
        const struct wk_row *r = &wk_index_rows(engine.index)[row];
        struct wk_place first = wk_row_place(r, found.first), last = wk_row_place(r, found.last);
        hit->from_ns = (double)first.chunk->start_ns[first.at];
        hit->to_ns = (double)wk_chunk_end(engine.index, last.chunk, last.at);
    }
    return 1;
}
