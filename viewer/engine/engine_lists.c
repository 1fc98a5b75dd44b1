/*
 * SPDX-License-Identifier: MIT
 * Exports of what lies beside the scopes: layout of tracks, marks, losses, the export, messages.
 * Must not compute: lib/model does. Invariant: texts are whole sentences for people.
 */
#include "engine_state.h"
#include "model/view/export.h"
#include "model/view/layout.h"
#include "model/view/lock_rows.h"

int ENGINE_EXPORT(engine_layout)(uint32_t flags)
{
    struct wk_array items = {0};
    int rc = wk_layout_tracks(engine.index, engine.names, flags, &items);
    struct engine_lane_item *out = rc < 0 ? NULL : engine_take_result(items.count, sizeof *out);
    const struct wk_lane_item *from = items.items;
    for (uint32_t i = 0; out && i < items.count; i++) {
        out[i] = (struct engine_lane_item){
            .lane = from[i].lane, .track = from[i].track, .pool = from[i].pool, .depth = from[i].depth,
            .pool_name = engine_text_of(from[i].pool_name, from[i].pool_bytes),
            .lane_busy_ns = (double)from[i].lane_busy_ns};
    }
    int count = (int)items.count;
    wk_array_free(&items, &wasm_allocator, sizeof *from);
    return out ? count : engine_fail(WICK_E_NOMEM, ENGINE_NO_MEMORY);
}

static struct engine_instant instant_of(const struct wk_instant *item, uint32_t list)
{
    uint32_t bytes;
    const char *text = wk_kept_read(&engine.index->texts, item->text, &bytes);
    return (struct engine_instant){.from_ns = (double)item->from_ns, .to_ns = (double)item->to_ns,
                                   .number = list == WK_INSTANT_LOSS ? item->number : 1, .track = item->track,
                                   .site = item->site, .text = engine_text_of(text, bytes)};
}

/* The item of the list that an instant is joined to: of its step, and its track where it is a loss; NULL: none. `last`: the
 * newest item of each track, from 1. */
static struct engine_instant *joined(struct engine_instant *items, const uint32_t *last, uint32_t key, double before_ns)
{
    struct engine_instant *item = last[key] ? &items[last[key] - 1] : NULL;
    return item && item->from_ns > before_ns ? item : NULL;
}

int ENGINE_EXPORT(engine_list)(uint32_t list, double from_ns, double to_ns, double step_ns, uint32_t most)
{
    uint32_t count = 0, found = 0;
    const struct wk_instant *items = list == WK_INSTANT_MARK || list == WK_INSTANT_LOSS
                                         ? wk_instants_sorted(engine.index, list, &count) : NULL;
    uint32_t *last = wk_mem_zeroed(&wasm_allocator, (engine.index->tracks.count + 1) * sizeof *last);
    struct engine_instant *out = engine_take_result(0, sizeof *out);
    for (uint32_t i = 0; items && last && out && i < count && (double)items[i].from_ns <= to_ns && found < most; i++) {
        struct engine_instant next = instant_of(&items[i], list);
        uint32_t key = list == WK_INSTANT_LOSS ? next.track + 1 : 0;
        if (next.to_ns < from_ns) {
            continue;
        }
        struct engine_instant *to = step_ns > 0 ? joined(out, last, key, next.from_ns - step_ns) : NULL;
        if (to) {
            to->number += next.number;
            to->to_ns = next.to_ns > to->to_ns ? next.to_ns : to->to_ns;
            continue;
        }
        out = engine_need(&engine.result, ++found * (uint32_t)sizeof *out, 1);
        if (out) {
            out[found - 1] = next;
            last[key] = found;
        }
    }
    if (!last || !out) {
        found = 0;
    }
    int failed = !last || !out;
    wk_mem_free(&wasm_allocator, last, (engine.index->tracks.count + 1) * sizeof *last);
    engine.result_bytes = found * (uint32_t)sizeof *out;
    return failed ? engine_fail(WICK_E_NOMEM, ENGINE_NO_MEMORY) : (int)found;
}

/* ---- locks ---- */

int ENGINE_EXPORT(engine_lock_rows)(uint32_t strips, uint32_t count)
{
    struct wk_strips of;
    struct wk_lock_rows found = {0};
    wk_array_free(&engine.blocks, &wasm_allocator, sizeof(struct wk_lock_block));
    if (!engine_room_strips(strips, count, &of)) {
        return engine_fail(WICK_E_INVAL, "The locks cannot be counted.");
    }
    struct wk_lock_row *rows = found.rows = engine_need(&engine.lock_rows, strips, sizeof *rows);
    struct engine_lock_row *out = engine_take_result(strips, sizeof *out);
    int rc = rows && out ? wk_lock_rows(&engine.selection, &of, &found) : WICK_E_NOMEM;
    engine.blocks = found.blocks;
    for (uint32_t i = 0; rc >= 0 && i < strips; i++) {
        out[i] = (struct engine_lock_row){rows[i].holds, rows[i].hold_ns, rows[i].held_ns, rows[i].longest_hold_ns, rows[i].waits,
                                          rows[i].wait_ns, rows[i].p99_wait_ns, rows[i].longest_wait_ns};
    }
    return rc < 0 ? engine_fail(rc, ENGINE_NO_MEMORY) : (int)strips;
}

int ENGINE_EXPORT(engine_lock_blocks)(void)
{
    const struct wk_lock_block *from = engine.blocks.items;
    struct engine_lock_block *out = engine_take_result(engine.blocks.count, sizeof *out);
    for (uint32_t i = 0; out && i < engine.blocks.count; i++) {
        out[i] = (struct engine_lock_block){from[i].strip, from[i].holder, from[i].waiter, from[i].times, from[i].ns};
    }
    return out ? (int)engine.blocks.count : WICK_E_NOMEM;
}

/* ---- export ---- */

int ENGINE_EXPORT(engine_export)(uint32_t begin)
{
    static struct wk_export export;
    engine.result_bytes = 0;
    if (begin) {
        wk_export_end(&export);
        int rc = wk_export_begin(&export, &engine.selection, engine.names);
        if (rc < 0) {
            return engine_fail(rc, ENGINE_NO_MEMORY);
        }
    }
    int bytes = export.out ? wk_export_next(&export) : 0;
    char *out = bytes > 0 ? engine_take_result((uint32_t)bytes, 1) : NULL;
    if (out) {
        memcpy(out, export.out, (uint32_t)bytes);
        return bytes;
    }
    wk_export_end(&export);
    return bytes ? engine_fail(WICK_E_NOMEM, ENGINE_NO_MEMORY) : 0;
}

/* ---- messages ---- */

static void put(const char *text)
{
    uint32_t bytes = engine_word_of(text).bytes, at = engine.result_bytes;
    char *to = engine_need(&engine.result, at + bytes, 1);
    if (to) {
        memcpy(to + at, text, bytes);
        engine.result_bytes = at + bytes;
    }
}

static void put_number(uint64_t number)
{
    char digits[24];
    uint32_t at = sizeof digits - 1;
    digits[at] = 0;
    do {
        digits[--at] = (char)('0' + number % 10);
    } while (number /= 10);
    put(digits + at);
}

int ENGINE_EXPORT(engine_problems)(void)
{
    struct wick_problem_info problem;
    struct wick_reader_stats stats;
    uint32_t count = 0;
    engine.result_bytes = 0;
    wick_reader_stats_read(engine.reader, &stats);
    for (; wick_reader_problem(engine.reader, count, &problem); count++) {
        put(count ? "\n" : "");
        put(stats.wire ? "frame " : "line ");
        put_number(problem.line);
        put(": ");
        put(wick_problem_text((enum wick_problem)problem.kind));
        put(problem.excerpt[0] ? ": " : "");
        put(problem.excerpt);
    }
    if (wick_reader_remark(engine.reader)[0]) {
        put(count++ ? "\n" : "");
        put(wick_reader_remark(engine.reader));
    }
    return (int)count;
}

static int put_bytes(void *user, const char *bytes, size_t count)
{
    (void)user;
    char *to = engine_need(&engine.result, engine.result_bytes + (uint32_t)count, 1);
    if (!to) {
        return WICK_E_NOMEM;
    }
    memcpy(to + engine.result_bytes, bytes, count);
    engine.result_bytes += (uint32_t)count;
    return 0;
}

int ENGINE_EXPORT(engine_left_out)(void)
{
    struct wick_left_out left_out;
    engine.result_bytes = 0;
    wick_reader_left_out(engine.reader, &left_out);
    left_out.pauses = engine.index->pauses;
    left_out.lost = engine.index->lost;
    int rc = wick_text_left_out(&left_out, &(struct wick_text_out){put_bytes, NULL});
    return rc < 0 ? engine_fail(rc, ENGINE_NO_MEMORY) : (int)engine.result_bytes;
}

int ENGINE_EXPORT(engine_properties)(void)
{
    struct wick_property run;
    uint32_t count = 0;
    engine.result_bytes = 0;
    for (; wick_reader_property(engine.reader, count, &run); count++) {
        put(count ? "\n" : "");
        put(run.stat ? "stat " : "");
        put(run.key);
        put("=");
        put(run.value);
    }
    return (int)count;
}
