/*
 * SPDX-License-Identifier: MIT
 * Exports of what lies beside the scopes: layout of tracks, marks, counters, locks, losses, messages.
 * Must not compute: lib/model does. Invariant: texts are whole sentences for people.
 */
#include "engine_state.h"
#include "model/view/export.h"
#include "model/view/layout.h"

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

static struct engine_instant instant_of(const struct wk_instant *item, double value)
{
    uint32_t bytes;
    const char *text = wk_kept_read(&engine.index->texts, item->text, &bytes);
    double to_ns = (double)(item->to_ns == WK_OPEN ? wk_index_now(engine.index) : item->to_ns);
    return (struct engine_instant){.from_ns = (double)item->from_ns, .to_ns = to_ns, .number = value,
                                   .track = item->track, .site = item->site, .text = engine_text_of(text, bytes),
                                   .kind = item->kind};
}

/* Whether the item before stands for the same site, track and step: then it is replaced. */
static int same_step(const struct engine_instant *last, const struct engine_instant *next, double step_ns)
{
    return last->site == next->site && last->track == next->track && next->from_ns < last->from_ns + step_ns;
}

int ENGINE_EXPORT(engine_list)(uint32_t list, double from_ns, double to_ns, double step_ns, uint32_t most)
{
    uint32_t count = 0, found = 0;
    const struct wk_instant *items = list < WK_INSTANT_UNDER ? wk_instants_sorted(engine.index, list, &count) : NULL;
    uint32_t sites = wick_names_sites(engine.names);
    double *sums = engine_need(&engine.times, sites, sizeof *sums);
    most = most < count ? most : count;
    struct engine_instant *out = engine_take_result(most, sizeof *out);
    if (!out || !sums) {
        return WICK_E_NOMEM;
    }
    for (uint32_t i = 0; items && i < count && (double)items[i].from_ns <= to_ns && found < most; i++) {
        double value = items[i].number;
        if (list == WK_INSTANT_COUNTER && items[i].site < sites) {
            value = items[i].kind ? sums[items[i].site] + value : value;
            sums[items[i].site] = value;
        }
        struct engine_instant next = instant_of(&items[i], value);
        if (next.to_ns < from_ns) {
            continue;
        }
        if (step_ns > 0 && found && same_step(&out[found - 1], &next, step_ns)) {
            next.from_ns = out[found - 1].from_ns;
            found--;
        }
        out[found++] = next;
    }
    memset(sums, 0, sites * sizeof *sums);
    engine.result_bytes = found * (uint32_t)sizeof *out;
    return (int)found;
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
