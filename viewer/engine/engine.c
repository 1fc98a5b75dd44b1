/*
 * SPDX-License-Identifier: MIT
 * The engine's state, memory for JavaScript, input, names and totals. See engine.h.
 * Must not compute: lib/model does. Invariant: after engine_reset() every object exists, or the calls that
 * need one fail with an error.
 */
#include "engine_state.h"
#include "model/log/tables/reader_state.h"

#define RETENTION_BYTES (512.0 * 1024 * 1024)

struct engine engine;

int engine_fail(int error, const char *text)
{
    uint32_t i = 0;
    for (; text[i] && i + 1 < sizeof engine.error; i++) {
        engine.error[i] = text[i];
    }
    engine.error[i] = 0;
    return error;
}

void *engine_need(struct wk_array *array, uint32_t count, size_t item_bytes)
{
    if (wk_array_reserve(array, &wasm_allocator, count ? count : 1, item_bytes) < 0) {
        engine_fail(WICK_E_NOMEM, ENGINE_NO_MEMORY);
        return NULL;
    }
    if (count > array->count) {
        memset((char *)array->items + array->count * item_bytes, 0, (count - array->count) * item_bytes);
        array->count = count;
    }
    return array->items;
}

void *engine_take_result(uint32_t count, size_t item_bytes)
{
    if (item_bytes && count > UINT32_MAX / item_bytes) {
        engine_fail(WICK_E_NOMEM, ENGINE_NO_MEMORY);
        return NULL;
    }
    engine.result_bytes = (uint32_t)(count * item_bytes);
    return engine_need(&engine.result, engine.result_bytes, 1);
}

uint32_t ENGINE_EXPORT(engine_room)(uint32_t room, uint32_t bytes)
{
    return room < ENGINE_ROOMS ? (uint32_t)(uintptr_t)engine_need(&engine.rooms[room], bytes, 1) : 0;
}

uint32_t ENGINE_EXPORT(engine_result)(void)
{
    return (uint32_t)(uintptr_t)engine.result.items;
}

uint32_t ENGINE_EXPORT(engine_result_bytes)(void)
{
    return engine.result_bytes;
}

uint32_t ENGINE_EXPORT(engine_error)(void)
{
    return (uint32_t)(uintptr_t)engine.error;
}

/* ---- input ---- */

static int into_index(void *user, const struct wick_record *records, size_t count)
{
    return wk_index_feed(user, records, count);
}

int ENGINE_EXPORT(engine_reset)(void)
{
    if (engine.index) {
        wk_selection_fini(&engine.selection);
        wk_search_end(&engine.search, engine.index);
    }
    wk_hist_free(engine.counted.hist, &wasm_allocator);
    engine.counted.hist = NULL;
    wick_reader_destroy(engine.reader);
    wk_index_destroy(engine.index);
    wick_names_destroy(engine.names);
    engine.reader = NULL;
    engine.inputs = engine.finished = 0;
    engine.problems = 0;
    engine.runs.count = 0;
    engine.retention_bytes = engine.retention_bytes > 0 ? engine.retention_bytes : RETENTION_BYTES;
    engine.names = wick_names_create(&wasm_allocator);
    engine.index = wk_index_create(&wasm_allocator);
    if (!engine.names || !engine.index) {
        return engine_fail(WICK_E_NOMEM, ENGINE_NO_MEMORY);
    }
    wk_selection_init(&engine.selection, engine.index);
    struct wick_record_out out = {into_index, engine.index};
    engine.reader = wick_reader_create(&wasm_allocator, engine.names, &out, WICK_VECTOR_SSE2);
    return engine.reader ? 0 : engine_fail(WICK_E_NOMEM, ENGINE_NO_MEMORY);
}

static double problem_count(void)
{
    struct wick_reader_stats stats;
    double count = 0;
    wick_reader_stats_read(engine.reader, &stats);
    for (uint32_t i = 0; i < WICK_PROBLEM_KINDS; i++) {
        count += i == WICK_PROBLEM_WORD ? 0 : (double)stats.problems[i];
    }
    return count + (wick_reader_remark(engine.reader)[0] != 0);
}

int ENGINE_EXPORT(engine_input_begin)(uint32_t beside)
{
    if (!engine.reader) {
        return engine_fail(WICK_E_STATE, "The engine was not started (engine_reset).");
    }
    if (engine.inputs++) {
        engine.problems += problem_count();
        wick_reader_restart(engine.reader);
    }
    if (beside) {
        wk_reader_end_processes(engine.reader);
    }
    engine.finished = 0;
    return 0;
}

static int read_result(int rc)
{
    if (rc < 0) {
        return engine_fail(rc, rc == WICK_E_NOMEM ? "There is not enough memory for the rest of the log; what was "
                                                    "read can be looked at."
                                                  : "The rest of the log could not be read.");
    }
    size_t limit = engine.retention_bytes < (double)SIZE_MAX ? (size_t)engine.retention_bytes : SIZE_MAX;
    return engine.index->bytes > limit ? wk_index_trim(engine.index, limit - limit / 16) : 0;
}

int ENGINE_EXPORT(engine_feed)(uint32_t bytes)
{
    if (!engine.inputs || bytes > engine.rooms[ENGINE_ROOM_INPUT].count) {
        return engine_fail(WICK_E_STATE, "Bytes were given before engine_input_begin, or more than the room holds.");
    }
    return read_result(wick_reader_feed(engine.reader, engine.rooms[ENGINE_ROOM_INPUT].items, bytes));
}

int ENGINE_EXPORT(engine_shift)(uint32_t first_track, double shift_ns)
{
    int rc = wk_index_shift(engine.index, first_track, wk_time_floor(shift_ns));
    return rc < 0 ? engine_fail(rc, rc == WICK_E_STATE ? "The logs are too large to be moved." : ENGINE_NO_MEMORY) : 0;
}

int ENGINE_EXPORT(engine_finish)(void)
{
    if (!engine.inputs || engine.finished) {
        return 0;
    }
    engine.finished = 1;
    return read_result(wick_reader_finish(engine.reader));
}

int ENGINE_EXPORT(engine_set_retention)(double bytes)
{
    engine.retention_bytes = bytes > 0 ? bytes : RETENTION_BYTES;
    return engine.index ? read_result(0) : 0;
}

int ENGINE_EXPORT(engine_set_now)(double now_ns)
{
    const double far_ns = (double)WK_FAR_NS;
    engine.index->now_ns = wk_time_floor(now_ns > far_ns ? far_ns : now_ns < -far_ns ? -far_ns : now_ns);
    return 0;
}

/* ---- totals ---- */

int ENGINE_EXPORT(engine_stats)(void)
{
    const struct wk_index *index = engine.index;
    struct engine_stats *stats = engine_take_result(1, sizeof *stats);
    if (!stats) {
        return WICK_E_NOMEM;
    }
    int empty = index->first_ns > index->last_ns;
    double first_ns = empty ? 0 : (double)index->first_ns;
    *stats = (struct engine_stats){
        .first_ns = first_ns, .last_ns = empty ? 0 : (double)index->last_ns,
        .retained_from_ns = index->retained_from_ns == INT64_MIN ? first_ns : (double)index->retained_from_ns,
        .records = (double)index->records, .scopes = (double)index->scopes, .scopes_dropped = (double)index->dropped,
        .marks = (double)index->marks, .failed = (double)index->failed, .unfinished = (double)index->unfinished,
        .lost = (double)index->lost, .problems = engine.problems + problem_count(),
        .stray_ends = (double)index->stray_ends, .backwards = (double)index->backwards,
        .memory_bytes = (double)index->bytes, .tracks = index->tracks.count, .rows = index->rows.count,
        .depth_max = index->depth_max,
        .sites_version = wick_names_sites(engine.names) + index->tracks.count + index->renames};
    return 1;
}

int64_t ENGINE_EXPORT(engine_origin_ns)(void)
{
    return engine.index->origin_ns;
}

/* ---- names ---- */

int ENGINE_EXPORT(engine_sites)(uint32_t first)
{
    uint32_t all = wick_names_sites(engine.names), count = first < all ? all - first : 0;
    struct engine_site *site = engine_take_result(count, sizeof *site);
    if (!site) {
        return WICK_E_NOMEM;
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct wick_site_info *info = wick_names_site(engine.names, first + i);
        site[i] = (struct engine_site){
            .name = engine_word_of(info->literal), .location = engine_word_of(info->location),
            .file = engine_word_of(info->file), .category = engine_word_of(info->category), .line = info->line,
            .colour = info->colour, .kind = info->kind};
    }
    return (int)count;
}

int ENGINE_EXPORT(engine_tracks)(void)
{
    const struct wk_index *index = engine.index;
    uint32_t count = index->tracks.count;
    struct engine_track *track = engine_take_result(count, sizeof *track);
    if (!track) {
        return WICK_E_NOMEM;
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct wk_index_track *from = &wk_index_tracks(index)[i];
        const struct wick_track_info *info = wick_names_track(engine.names, i);
        const struct wick_process_info *process = wick_names_process(engine.names, info->process);
        const uint32_t *outermost = from->rows.count ? from->rows.items : NULL;
        track[i] = (struct engine_track){
            .name = engine_word_of(info->label[0] ? info->label : info->thread),
            .host = engine_word_of(process->host), .program = engine_word_of(process->program),
            .pid = (uint32_t)process->pid_number, .process = info->process, .depth = from->rows.count,
            .first_ns = (double)from->first_ns, .last_ns = (double)from->last_ns,
            .busy_ns = outermost ? (double)wk_index_rows(index)[*outermost].busy_ns : 0};
    }
    return (int)count;
}

int ENGINE_EXPORT(engine_rows)(uint32_t track)
{
    const struct wk_index *index = engine.index;
    uint32_t count = track < index->tracks.count ? wk_index_tracks(index)[track].rows.count : 0;
    uint32_t *rows = engine_take_result(count, sizeof *rows);
    if (!rows) {
        return WICK_E_NOMEM;
    }
    if (count) {
        memcpy(rows, wk_index_tracks(index)[track].rows.items, count * sizeof *rows);
    }
    return (int)count;
}
