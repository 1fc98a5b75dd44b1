/*
 * SPDX-License-Identifier: MIT
 * The .ctxt reader: bytes of any length in, records out. This file cuts lines and counts what is wrong.
 * Must not fail on input: a line that cannot be used is counted with its number and left out. Invariant:
 * where the bytes are cut between two calls never changes what is read.
 */
#include "model/log/import/import.h"
#include "model/log/wire/wire_read.h"

struct wick_reader *wick_reader_create(const struct wick_allocator *allocator, struct wick_names *names,
                                       const struct wick_record_out *out, uint32_t vector)
{
    struct wick_reader *reader = wk_mem_zeroed(allocator, sizeof *reader);
    if (!reader) {
        return NULL;
    }
    reader->allocator = allocator;
    reader->names = names;
    reader->out = *out;
    reader->vector = vector;
    reader->last_track = WICK_NONE;
#if defined(__wasm_simd128__)
    reader->fast_lines = wk_reader_lines_simd128;
#else
    reader->fast_lines = wk_reader_lines_plain;
#endif
#if defined(__x86_64__)
    if (vector >= WICK_VECTOR_SSE2) {
        reader->fast_lines = vector >= WICK_VECTOR_AVX2 ? wk_reader_lines_avx2 : wk_reader_lines_sse2;
    }
#endif
    wk_arena_init(&reader->strings, allocator);
    return reader;
}

void wick_reader_set_renamer(struct wick_reader *reader, const struct wick_renamer *renamer)
{
    reader->renamer = *renamer;
}

void wick_reader_destroy(struct wick_reader *reader)
{
    if (!reader) {
        return;
    }
    const struct wick_allocator *a = reader->allocator;
    wk_wire_free(reader);
    wk_foreign_free(reader);
    wk_array_free(&reader->processes, a, sizeof(struct wk_process));
    wk_array_free(&reader->tracks, a, sizeof(struct wk_reader_track));
    wk_array_free(&reader->locations, a, sizeof(struct wk_location));
    wk_array_free(&reader->runs, a, sizeof(struct wick_run_info));
    wk_array_free(&reader->carry, a, 1);
    wk_table_free(&reader->process_table, a);
    wk_table_free(&reader->track_table, a);
    wk_table_free(&reader->location_table, a);
    wk_table_free(&reader->site_table, a);
    wk_arena_fini(&reader->strings);
    wk_mem_free(a, reader, sizeof *reader);
}

int wk_reader_flush(struct wick_reader *reader)
{
    uint32_t count = reader->batch_count;
    reader->batch_count = 0;
    if (count && !reader->error) {
        reader->stats.records += count;
        int rc = reader->out.records(reader->out.user, reader->batch, count);
        if (rc < 0) {
            reader->error = rc;
        }
    }
    return reader->error;
}

void wk_reader_problem(struct wick_reader *reader, uint8_t kind, const char *excerpt, size_t bytes)
{
    reader->stats.problems[kind]++;
    if (reader->problem_count == WK_READER_PROBLEMS) {
        return;
    }
    struct wick_problem_info *problem = &reader->problems[reader->problem_count++];
    problem->line = reader->stats.wire ? reader->wire->frames : reader->stats.lines;
    problem->kind = kind;
    size_t keep = bytes < sizeof problem->excerpt - 1 ? bytes : sizeof problem->excerpt - 1;
    for (size_t i = 0; i < keep; i++) {
        problem->excerpt[i] = excerpt[i] >= ' ' && excerpt[i] < 127 ? excerpt[i] : '?';
    }
    problem->excerpt[keep] = 0;
}

static const char *find_newline(const char *at, const char *end)
{
    for (; end - at >= 8; at += 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        word ^= 0x0a0a0a0a0a0a0a0au;
        if ((word - 0x0101010101010101u) & ~word & 0x8080808080808080u) {
            break;
        }
    }
    for (; at < end; at++) {
        if (*at == '\n') {
            return at;
        }
    }
    return NULL;
}

static int carry_add(struct wick_reader *reader, const char *bytes, size_t count)
{
    if (reader->skipping || count > WK_READER_LINE_MAX - reader->carry.count) {
        reader->skipping = 1;
        return 0;
    }
    int rc = wk_array_reserve(&reader->carry, reader->allocator, reader->carry.count + (uint32_t)count, 1);
    if (rc < 0) {
        reader->error = rc;
        return rc;
    }
    memcpy((char *)reader->carry.items + reader->carry.count, bytes, count);
    reader->carry.count += (uint32_t)count;
    return 0;
}

/* The carried line is complete: use it, and hand its records out before the buffer changes. */
static void carry_use(struct wick_reader *reader)
{
    reader->stats.lines++;
    if (reader->skipping) {
        wk_reader_problem(reader, WICK_PROBLEM_LONG, reader->carry.items, reader->carry.count);
    } else {
        wk_reader_line(reader, reader->carry.items, reader->carry.count);
    }
    wk_reader_flush(reader);
    reader->skipping = 0;
    reader->carry.count = 0;
}

void wk_reader_text(struct wick_reader *reader, const char *bytes, size_t count)
{
    const char *at = bytes, *end = bytes + count;
    if (reader->carry.count || reader->skipping) {
        const char *newline = find_newline(at, end);
        if (carry_add(reader, at, (size_t)((newline ? newline : end) - at)) < 0 || !newline) {
            return;
        }
        carry_use(reader);
        at = newline + 1;
    }
    while (at < end && !reader->error) {
        at = reader->fast_lines(reader, at, end);
        const char *newline = find_newline(at, end);
        if (!newline) {
            break;
        }
        reader->stats.lines++;
        if (WICK_I_LIKELY(newline - at <= (ptrdiff_t)WK_READER_LINE_MAX)) {
            wk_reader_line(reader, at, (size_t)(newline - at));
        } else {
            wk_reader_problem(reader, WICK_PROBLEM_LONG, at, (size_t)(newline - at));
        }
        at = newline + 1;
    }
    wk_reader_flush(reader);
    if (at < end && !reader->error) {
        carry_add(reader, at, (size_t)(end - at));
    }
}

/* Text begins with a digit, JSON with a bracket; a stream and a frame begin with bytes that no text has. */
uint8_t wk_reader_form_of(const char *first, size_t count)
{
    if (memcmp(first, wk_wire_stream_magic, count) == 0 || memcmp(first, wk_wire_frame_magic, count) == 0) {
        return count == 4 ? WK_FORM_WIRE : WK_FORM_UNKNOWN;
    }
    return first[0] == '{' || first[0] == '[' ? WK_FORM_JSON : WK_FORM_TEXT;
}

static int feed_known(struct wick_reader *reader, const char *bytes, size_t count)
{
    if (reader->form == WK_FORM_JSON) {
        if (wk_foreign_begin(reader) >= 0) {
            wk_foreign_json(reader, bytes, count);
        }
        return reader->error;
    }
    if (reader->form != WK_FORM_WIRE) {
        wk_reader_text(reader, bytes, count);
        return reader->error;
    }
    reader->stats.wire = 1;
    if (!reader->wire) {
        reader->wire = wk_mem_zeroed(reader->allocator, sizeof *reader->wire);
        if (!reader->wire) {
            return reader->error = WICK_E_NOMEM;
        }
    }
    return wk_wire_feed(reader, (const uint8_t *)bytes, count);
}

static int feed_first(struct wick_reader *reader)
{
    size_t count = reader->first_count;
    reader->first_count = 0;
    return feed_known(reader, reader->first, count);
}

int wick_reader_feed(struct wick_reader *reader, const char *bytes, size_t count)
{
    reader->stats.bytes += count;
    while (WICK_I_UNLIKELY(reader->form == WK_FORM_UNKNOWN) && count) {
        reader->first[reader->first_count++] = *bytes++;
        count--;
        reader->form = wk_reader_form_of(reader->first, reader->first_count);
        if (reader->form != WK_FORM_UNKNOWN && reader->first_count == 1) {
            reader->first_count = 0; /* as a rule: nothing is copied */
            bytes--;
            count++;
        }
    }
    if (reader->first_count && reader->form != WK_FORM_UNKNOWN && feed_first(reader) < 0) {
        return reader->error;
    }
    return count && !reader->error ? feed_known(reader, bytes, count) : reader->error;
}

/* A last line without a newline may be torn anywhere. Only Context's own words survive that: a cut text
 * stays a text, but a cut number would be another number. */
static int last_line_is_usable(const char *line, size_t bytes)
{
    uint32_t spaces = 0;
    char word = 0;
    for (size_t i = 0; i < bytes && spaces < 6; i++) {
        if (line[i] == ' ' && ++spaces == 4 && i + 1 < bytes) {
            word = line[i + 1];
        }
    }
    return spaces == 6 && word >= 'A' && word <= 'Z';
}

int wick_reader_finish(struct wick_reader *reader)
{
    if (reader->first_count) {
        reader->form = WK_FORM_TEXT;
        feed_first(reader);
    }
    if (reader->wire) {
        wk_wire_finish(reader);
    }
    if (reader->carry.count || reader->skipping) {
        const char *line = reader->carry.items;
        if (reader->form == WK_FORM_FOLDED || reader->skipping ||
            wk_foreign_begins_folded(reader, line, reader->carry.count) ||
            last_line_is_usable(line, reader->carry.count)) {
            carry_use(reader);
        } else {
            reader->stats.lines++;
            wk_reader_problem(reader, WICK_PROBLEM_END, line, reader->carry.count);
            reader->carry.count = 0;
        }
    }
    if (reader->foreign) {
        wk_foreign_finish(reader);
    }
    return wk_reader_flush(reader);
}

void wick_reader_restart(struct wick_reader *reader)
{
    reader->carry.count = 0;
    reader->skipping = 0;
    wk_foreign_free(reader);
    reader->form = WK_FORM_UNKNOWN;
    reader->first_count = 0;
    if (reader->wire) {
        wk_wire_restart(reader);
    }
    reader->problem_count = 0;
    reader->stats = (struct wick_reader_stats){0};
    reader->runs.count = 0;
}

void wick_reader_stats_read(const struct wick_reader *reader, struct wick_reader_stats *stats)
{
    *stats = reader->stats;
}

int wick_reader_problem(const struct wick_reader *reader, uint32_t index, struct wick_problem_info *info)
{
    if (index >= reader->problem_count) {
        return 0;
    }
    *info = reader->problems[index];
    return 1;
}

int wick_reader_run(const struct wick_reader *reader, uint32_t index, struct wick_run_info *info)
{
    if (index >= reader->runs.count) {
        return 0;
    }
    *info = ((const struct wick_run_info *)reader->runs.items)[index];
    return 1;
}
