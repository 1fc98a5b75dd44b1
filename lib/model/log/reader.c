/*
 * SPDX-License-Identifier: MIT
 * The public reader: detects the form of a log by its first bytes and passes the bytes on.
 * Invariant: input never makes it fail: unusable lines and frames are counted with their place and left out.
 */
#include "model/log/ctxt/ctxt_read.h"
#include "model/log/import/import.h"
#include "model/log/wire/wire_read.h"

/* If the first line is a folded stack, all lines are. Called once: for the first line, which is counted already, or at
 * the end of a log without a newline. A part of a log with `site` lines is never folded. */
static void decide_lines(struct wick_reader *reader, const char *line, size_t bytes)
{
    reader->use_line = wk_ctxt_line;
    if (reader->stats.lines <= 1 && !reader->speculate && wk_import_is_folded(line, bytes)) {
        reader->form = WK_FORM_FOLDED;
        reader->use_line = wk_import_folded;
    }
}

static void first_line(struct wick_reader *reader, const char *line, size_t bytes)
{
    decide_lines(reader, line, bytes);
    reader->use_line(reader, line, bytes);
}

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
    reader->use_line = first_line;
#if defined(__wasm_simd128__)
    reader->fast_lines = wk_ctxt_lines_simd128;
#else
    reader->fast_lines = wk_ctxt_lines_plain;
#endif
#if defined(__x86_64__)
    if (vector >= WICK_VECTOR_SSE2) {
        reader->fast_lines = vector >= WICK_VECTOR_AVX2 ? wk_ctxt_lines_avx2 : wk_ctxt_lines_sse2;
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
    wk_import_free(reader);
    wk_array_free(&reader->processes, a, sizeof(struct wk_process));
    wk_array_free(&reader->tracks, a, sizeof(struct wk_reader_track));
    wk_array_free(&reader->locations, a, sizeof(struct wk_location));
    wk_array_free(&reader->runs, a, sizeof(struct wick_property));
    wk_array_free(&reader->carry, a, 1);
    wk_array_free(&reader->scratch, a, 1);
    wk_array_free(&reader->remark, a, 1);
    wk_table_free(&reader->process_table, a);
    wk_table_free(&reader->track_table, a);
    wk_table_free(&reader->location_table, a);
    wk_table_free(&reader->site_table, a);
    wk_arena_fini(&reader->strings);
    wk_mem_free(a, reader, sizeof *reader);
}

/* A stream and a frame begin with a byte that no text has, JSON with a bracket; the rest is text. One byte decides,
 * except for a beginning of the two magics: then four do. */
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
        if (wk_import_begin(reader) >= 0) {
            wk_import_json(reader, bytes, count);
        }
        return reader->error;
    }
    if (reader->form != WK_FORM_WIRE) {
        wk_ctxt_text(reader, bytes, count);
        return reader->error;
    }
    reader->stats.wire = 1;
    reader->use_line = wk_ctxt_line; /* for events of kind `line` */
    if (!reader->wire) {
        reader->wire = wk_mem_zeroed(reader->allocator, sizeof *reader->wire);
        if (!reader->wire) {
            return reader->error = WICK_E_NOMEM;
        }
    }
    return wk_wire_feed(reader, (const uint8_t *)bytes, count);
}

/* The bytes held back in `first`, now that their form is known. */
static int feed_first(struct wick_reader *reader)
{
    size_t count = reader->first_count;
    reader->first_count = 0;
    return feed_known(reader, reader->first, count);
}

int wick_reader_feed(struct wick_reader *reader, const char *bytes, size_t count)
{
    reader->stats.bytes += count;
    /* At most four turns, also across calls: four bytes always decide, so `first` cannot overflow. */
    while (WICK_I_UNLIKELY(reader->form == WK_FORM_UNKNOWN) && count) {
        reader->first[reader->first_count++] = *bytes++;
        count--;
        reader->form = wk_reader_form_of(reader->first, reader->first_count);
        if (reader->form != WK_FORM_UNKNOWN && reader->first_count == 1) {
            reader->first_count = 0; /* the usual case: give the byte back, nothing is held back */
            bytes--;
            count++;
        }
    }
    if (reader->first_count && reader->form != WK_FORM_UNKNOWN && feed_first(reader) < 0) {
        return reader->error;
    }
    return count && !reader->error ? feed_known(reader, bytes, count) : reader->error;
}

int wick_reader_finish(struct wick_reader *reader)
{
    if (reader->first_count) { /* fewer than four bytes of a magic: text like any other */
        reader->form = WK_FORM_TEXT;
        feed_first(reader);
    }
    if (reader->wire) {
        wk_wire_finish(reader);
    }
    if (reader->use_line == first_line) { /* no whole line came: the carry is all there is */
        decide_lines(reader, reader->carry.items, reader->carry.count);
    }
    wk_ctxt_finish(reader);
    if (reader->import) {
        wk_import_finish(reader);
    }
    return wk_reader_flush(reader);
}

/* Forgets everything about the old log but the tables: their indices are in the names and trees of the caller. */
void wick_reader_restart(struct wick_reader *reader)
{
    reader->carry.count = 0;
    reader->skipping = 0;
    wk_import_free(reader);
    reader->form = WK_FORM_UNKNOWN;
    reader->use_line = first_line;
    reader->first_count = 0;
    reader->frames = 0;
    if (reader->wire) {
        wk_wire_restart(reader);
    }
    reader->problem_count = 0;
    reader->remark.count = 0;
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

const char *wick_reader_remark(const struct wick_reader *reader)
{
    return reader->remark.count ? reader->remark.items : "";
}

int wick_reader_property(const struct wick_reader *reader, uint32_t index, struct wick_property *info)
{
    if (index >= reader->runs.count) {
        return 0;
    }
    *info = ((const struct wick_property *)reader->runs.items)[index];
    return 1;
}
