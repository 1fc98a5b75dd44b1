/*
 * SPDX-License-Identifier: MIT
 * Exports of the selection: what is selected, its statistics, search, single instances.
 * Must not compute: lib/model does. Invariant: nothing is told of statistics that are not finished.
 */
#include "engine_state.h"
#include "model/tree/rows_state.h"

/* A copy of a room's flags in a selection. */
static int take_flags(struct wk_array *to, uint32_t room, uint32_t use)
{
    const struct wk_array *from = &engine.rooms[room];
    to->count = 0;
    if (use && from->count) {
        if (wk_array_reserve(to, &wasm_allocator, from->count, 1) < 0) {
            return engine_fail(WICK_E_NOMEM, ENGINE_NO_MEMORY);
        }
        memcpy(to->items, from->items, from->count);
        to->count = from->count;
    }
    return 0;
}

int ENGINE_EXPORT(engine_select)(double from_ns, double to_ns, uint32_t use_tracks, uint32_t use_sites)
{
    struct wk_selection *s = &engine.selection;
    wk_selection_restart(s);
    s->from_ns = wk_time_floor(from_ns);
    s->to_ns = wk_time_floor(to_ns);
    int rc = take_flags(&s->tracks, ENGINE_ROOM_TRACKS, use_tracks);
    return rc < 0 ? rc : take_flags(&s->sites, ENGINE_ROOM_SITES, use_sites);
}

int ENGINE_EXPORT(engine_select_step)(uint32_t scopes)
{
    int rc = wk_selection_step(&engine.selection, scopes);
    return rc < 0 ? engine_fail(rc, ENGINE_NO_MEMORY) : rc;
}

struct wk_dim engine_dimming(uint32_t dim)
{
    const struct wk_selection *s = &engine.selection;
    struct wk_dim dimming = {.from_ns = -1e300, .to_ns = 1e300, .site_count = UINT32_MAX};
    if (dim & ENGINE_DIM_SEARCH && engine.search.sites.count) {
        dimming.matched = engine.search.sites.items;
        dimming.site_count = engine.search.sites.count;
    }
    if (dim & ENGINE_DIM_SELECTION) {
        dimming.from_ns = (double)s->from_ns;
        dimming.to_ns = (double)s->to_ns;
        dimming.tracks = s->tracks.count ? s->tracks.items : NULL;
        dimming.track_count = s->tracks.count;
        dimming.sites = s->sites.count ? s->sites.items : NULL;
        dimming.site_count = s->sites.count && s->sites.count < dimming.site_count ? s->sites.count
                                                                                   : dimming.site_count;
    }
    return dimming;
}

static int not_done(void)
{
    return engine.selection.done ? 0 : engine_fail(WICK_E_STATE, "The statistics are not finished.");
}

/* ---- the table ---- */

static double known(int64_t ns)
{
    return ns < 0 ? __builtin_nan("") : (double)ns;
}

int ENGINE_EXPORT(engine_table)(void)
{
    const struct wick_rows *rows =
        not_done() < 0 ? NULL : wk_selection_rows(&engine.selection, wick_names_sites(engine.names));
    if (!rows) {
        return engine.selection.done ? engine_fail(WICK_E_NOMEM, ENGINE_NO_MEMORY) : WICK_E_STATE;
    }
    uint32_t count = wick_rows_count(rows);
    const struct wk_group *groups = rows->groups.items;
    struct engine_row_stats *out = engine_take_result(count, sizeof *out);
    for (uint32_t i = 0; out && i < count; i++) {
        struct wick_row_info r;
        wick_rows_read(rows, i, &r);
        out[i] = (struct engine_row_stats){
            .site = engine.selection.tree->nodes[r.node].site, .count = (double)r.calls, .total_ns = (double)r.total_ns,
            .self_ns = (double)r.self_ns, .mean_ns = known(r.mean_ns), .min_ns = known(r.min_ns),
            .p50_ns = known(r.p50_ns), .p90_ns = known(r.p90_ns), .p99_ns = known(r.p99_ns),
            .p999_ns = known(wk_group_quantile(&groups[i], 999)), .max_ns = known(r.max_ns), .failed = (double)r.failed, .unfinished = (double)r.unfinished,
            .open = (double)r.open, .cpu_ns = (double)r.cpu_ns, .value = r.value_sum.value,
            .value_low = (uint32_t)r.value_sum.whole, .value_high = (uint32_t)((uint64_t)r.value_sum.whole >> 32),
            .value_is_whole = r.value_sum.is_whole};
    }
    return out ? (int)count : WICK_E_NOMEM;
}

int ENGINE_EXPORT(engine_sums)(uint32_t row, uint32_t index)
{
    const struct wick_rows *rows = row == ENGINE_NONE && engine.selection.done ? engine.selection.rows : NULL;
    const struct wk_place place = row < engine.index->rows.count ? wk_row_place(&wk_index_rows(engine.index)[row], index) : (struct wk_place){0};
    const struct wk_amount *amounts = place.chunk ? place.chunk->amounts.items : NULL;
    struct engine_sum *out = engine_take_result(rows ? rows->sums.count : amounts ? place.chunk->amounts.count : 0, sizeof *out);
    int count = 0;
    uint32_t cursor = 0;
    for (struct wick_sum_info sum; out && rows && wick_rows_sum(rows, index, &cursor, &sum);) {
        out[count++] = (struct engine_sum){sum.sum.value, sum.site};
    }
    for (uint32_t at = out && amounts ? wk_chunk_detail(place.chunk, place.at).amount : 0; at; at = amounts[at - 1].next) {
        out[count++] = (struct engine_sum){amounts[at - 1].sum, amounts[at - 1].site};
    }
    return count;
}

int ENGINE_EXPORT(engine_flame)(uint32_t kind, uint32_t site, double min_ns, uint32_t weight)
{
    const struct wk_flame_ask ask = {.kind = kind, .weight = weight, .site = site, .min = min_ns};
    struct wk_array frames = {0};
    int rc = not_done();
    if (rc < 0) {
        return rc;
    }
    rc = wk_flame_build(engine.selection.tree, &wasm_allocator, &ask, &frames);
    struct engine_frame *out = rc < 0 ? NULL : engine_take_result(frames.count, sizeof *out);
    const struct wk_flame_frame *from = frames.items;
    for (uint32_t i = 0; out && i < frames.count; i++) {
        out[i] = (struct engine_frame){
            .parent = from[i].parent, .site = from[i].site, .track = from[i].track, .depth = from[i].depth,
            .offset_ns = from[i].offset, .total_ns = from[i].total, .self_ns = from[i].self, .count = from[i].count,
            .failed = from[i].failed, .unfinished = from[i].unfinished, .value = from[i].value};
    }
    int count = (int)frames.count;
    wk_array_free(&frames, &wasm_allocator, sizeof *from);
    return out ? count : engine_fail(WICK_E_NOMEM, ENGINE_NO_MEMORY);
}

/* ---- instances ---- */

int ENGINE_EXPORT(engine_histogram)(uint32_t site, uint32_t self)
{
    const struct wk_instances_ask ask = {.site = site, .self = self, .low_ns = INT64_MIN, .high_ns = INT64_MAX};
    struct wk_bar bars[WK_BARS];
    uint32_t count = 0;
    memset(bars, 0, sizeof bars);
    wk_hist_free(engine.counted.hist, &wasm_allocator);
    engine.counted = (struct wk_instances){.bars = bars};
    int rc = wk_instances_find(&engine.selection, &engine.search, &ask, &engine.counted);
    struct engine_bar *out = rc < 0 ? NULL : engine_take_result(WK_BARS, sizeof *out);
    for (uint32_t i = 0; out && i < WK_BARS; i++) {
        int64_t low_ns, high_ns;
        if (bars[i].count > 0) {
            wk_bar_bounds(i, &low_ns, &high_ns);
            out[count++] = (struct engine_bar){(double)low_ns, (double)high_ns, bars[i].count, bars[i].time_ns};
        }
    }
    engine.result_bytes = count * (uint32_t)sizeof *out;
    return out ? (int)count : engine_fail(WICK_E_NOMEM, ENGINE_NO_MEMORY);
}

double ENGINE_EXPORT(engine_quantile)(uint32_t per_mille)
{
    return (double)wk_hist_quantile(engine.counted.hist, per_mille, engine.counted.min_ns, engine.counted.max_ns);
}

/* Instances as items of the result. */
static int put_instances(struct wk_array *instances)
{
    uint32_t count = instances->count;
    const struct wk_instance *from = instances->items;
    struct engine_instance *out = engine_take_result(count, sizeof *out);
    for (uint32_t i = 0; out && i < count; i++) {
        struct engine_scope scope;
        engine_fill_scope(from[i].row, from[i].index, &scope);
        out[i] = (struct engine_instance){
            .row = from[i].row, .index = from[i].index, .track = scope.track, .flags = scope.flags,
            .site = scope.site, .text = scope.text, .message = scope.message, .start_ns = scope.start_ns, .duration_ns = scope.duration_ns, .self_ns = scope.self_ns};
    }
    wk_array_free(instances, &wasm_allocator, sizeof *from);
    return out ? (int)count : WICK_E_NOMEM;
}

int ENGINE_EXPORT(engine_instances)(uint32_t site, double low_ns, double high_ns, uint32_t self, uint32_t most)
{
    const struct wk_instances_ask ask = {.site = site, .self = self, .low_ns = wk_time_floor(low_ns),
                                         .high_ns = wk_time_floor(high_ns), .most = most};
    struct wk_instances found = {0};
    int rc = wk_instances_find(&engine.selection, &engine.search, &ask, &found);
    engine.instances_total = (double)found.count;
    if (rc < 0) {
        wk_array_free(&found.longest, &wasm_allocator, sizeof(struct wk_instance));
        return engine_fail(rc, ENGINE_NO_MEMORY);
    }
    return put_instances(&found.longest);
}

double ENGINE_EXPORT(engine_instances_total)(void)
{
    return engine.instances_total;
}

/* ---- search ---- */

static int search_result(int rc)
{
    struct wk_search_sums sums;
    rc = rc < 0 ? rc : wk_search_sum(&engine.search, &engine.selection, &sums);
    struct engine_search *out = rc < 0 ? NULL : engine_take_result(1, sizeof *out);
    if (!out) {
        return engine_fail(rc, rc == WICK_E_LIMIT ? "The search is too long." : ENGINE_NO_MEMORY);
    }
    *out = (struct engine_search){.scopes = (double)sums.scopes, .covered_ns = (double)sums.covered_ns,
                                  .selected_ns = (double)sums.selected_ns, .total_ns = (double)sums.total_ns,
                                  .marks = (double)sums.marks, .by_name = (double)sums.by_name,
                                  .texts = (double)sums.texts, .end_texts = (double)sums.end_texts, .sites = engine.search.names};
    return 1;
}

int ENGINE_EXPORT(engine_search)(uint32_t mode, uint32_t bytes)
{
    const struct wk_array *room = &engine.rooms[mode == ENGINE_SEARCH_SITES ? ENGINE_ROOM_SITES : ENGINE_ROOM_TEXT];
    if (bytes > room->count) {
        return engine_fail(WICK_E_INVAL, "More bytes than the room holds.");
    }
    return search_result(mode == ENGINE_SEARCH_SITES
                             ? wk_search_flags(&engine.search, engine.index, room->items, bytes)
                             : wk_search_text(&engine.search, engine.index, engine.names, room->items, bytes));
}

int ENGINE_EXPORT(engine_search_sites)(void)
{
    uint32_t count = engine.search.sites.count;
    uint8_t *out = engine_take_result(count, 1);
    if (out && count) {
        memcpy(out, engine.search.sites.items, count);
    }
    return out ? (int)count : WICK_E_NOMEM;
}

int ENGINE_EXPORT(engine_search_next)(double at_ns, uint32_t row, uint32_t index, int direction)
{
    struct wk_instance place = {row, index, 0};
    struct engine_scope *scope = engine_take_result(1, sizeof *scope);
    if (!scope || !wk_search_next(&engine.search, &engine.selection, wk_time_floor(at_ns), &place, direction)) {
        return scope ? 0 : WICK_E_NOMEM;
    }
    return engine_fill_scope(place.row, place.index, scope);
}

int ENGINE_EXPORT(engine_search_strip)(double from_ns, double ns_per_px, uint32_t width)
{
    const struct wk_view view = {from_ns, ns_per_px, width};
    uint8_t *out = engine_take_result(width, 1);
    if (!out || !(ns_per_px > 0)) {
        return out ? engine_fail(WICK_E_INVAL, "The view cannot be drawn.") : WICK_E_NOMEM;
    }
    wk_search_strip(&engine.search, &engine.selection, &view, out);
    return (int)width;
}
