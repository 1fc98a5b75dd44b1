/*
 * SPDX-License-Identifier: MIT
 * The public reader: passes the bytes of a log on to its form.
 * Invariant: input never makes it fail: unusable lines and frames are counted with their place and left out.
 */
#include "form.h"
#include "model/log/ctxt/ctxt_read.h"
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
    reader->use_line = wk_ctxt_line;
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
    wk_array_free(&reader->head, a, 1);
    wk_array_free(&reader->utf16.text, a, 1);
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
    if (reader->form == WK_FORM_OTHER) {
        return reader->error;
    }
    if (reader->form == WK_FORM_JSON || reader->form == WK_FORM_JSON_LINES) {
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
    if (!reader->wire) {
        reader->wire = wk_mem_zeroed(reader->allocator, sizeof *reader->wire);
        if (!reader->wire) {
            return reader->error = WICK_E_NOMEM;
        }
    }
    return wk_wire_feed(reader, (const uint8_t *)bytes, count);
}

/* The bytes of a log behind its byte order mark. A part of a log with `site` lines is text. */
static int feed(struct wick_reader *reader, const char *bytes, size_t count, int all)
{
    struct wk_array *head = &reader->head;
    const char *other = "";
    if (WICK_I_LIKELY(reader->form != WK_FORM_UNKNOWN)) {
        return count ? feed_known(reader, bytes, count) : reader->error;
    }
    if (head->count) {
        if (wk_array_append(head, reader->allocator, bytes, count) < 0) {
            return reader->error = WICK_E_NOMEM;
        }
        bytes = head->items;
        count = head->count;
    }
    if (!count) {
        return reader->error;
    }
    reader->form = wk_form_decide(bytes, count < WK_FORM_LOOK ? count : WK_FORM_LOOK, all, &other);
    if (reader->form == WK_FORM_UNKNOWN && reader->speculate) {
        reader->form = WK_FORM_TEXT;
    }
    if (reader->form == WK_FORM_UNKNOWN) {
        if (!head->count && wk_array_append(head, reader->allocator, bytes, count) < 0) {
            reader->error = WICK_E_NOMEM;
        }
        return reader->error;
    }
    if (reader->form == WK_FORM_FOLDED && reader->speculate) {
        reader->form = WK_FORM_TEXT;
    } else if (reader->form == WK_FORM_FOLDED) {
        reader->use_line = wk_import_folded;
    } else if (reader->form == WK_FORM_OTHER) {
        wk_reader_say(reader, other);
    }
    feed_known(reader, bytes, count);
    head->count = 0;
    return reader->error;
}

/* Take the byte order mark off; what follows one of UTF-16 is converted. Until it is certain, the bytes are held back. */
static int feed_first(struct wick_reader *reader, const char *bytes, size_t count, int all)
{
    static const char mark[] = "\xef\xbb\xbf";
    struct wk_array *head = &reader->head;
    if (wk_array_append(head, reader->allocator, bytes, count) < 0) {
        return reader->error = WICK_E_NOMEM;
    }
    const unsigned char *first = head->items;
    uint32_t skip = 0;
    if (!head->count || (head->count < 3 && !all && (memcmp(first, mark, head->count) == 0 || (head->count < 2 && first[0] >= 0xfe)))) {
        return 0;
    }
    reader->begun = 1;
    if (head->count > 2 && memcmp(first, mark, 3) == 0) {
        skip = 3;
    } else if (head->count > 1 && first[0] >= 0xfe && first[0] + first[1] == 0xfe + 0xff) {
        skip = 2;
        reader->utf16.on = 1;
        reader->utf16.big = first[0] == 0xfe;
    }
    struct wk_array held = *head;
    *head = (struct wk_array){0};
    int rc = wick_reader_feed(reader, (const char *)held.items + skip, held.count - skip);
    wk_array_free(&held, reader->allocator, 1);
    return rc;
}

int wick_reader_feed(struct wick_reader *reader, const char *bytes, size_t count)
{
    if (WICK_I_UNLIKELY(!reader->begun)) {
        unsigned char byte = count ? (unsigned char)*bytes : 0;
        if (reader->head.count || byte == 0xef || byte >= 0xfe || !count) {
            return feed_first(reader, bytes, count, 0);
        }
        reader->begun = 1;
    }
    reader->stats.bytes += count;
    if (WICK_I_UNLIKELY(reader->utf16.on)) {
        if (wk_form_utf16(&reader->utf16, reader->allocator, bytes, count) < 0) {
            return reader->error = WICK_E_NOMEM;
        }
        return feed(reader, reader->utf16.text.items, reader->utf16.text.count, 0);
    }
    return feed(reader, bytes, count, 0);
}

int wick_reader_finish(struct wick_reader *reader)
{
    if (!reader->begun) {
        feed_first(reader, "", 0, 1);
    }
    feed(reader, "", 0, 1);
    if (reader->wire) {
        wk_wire_finish(reader);
    }
    wk_ctxt_finish(reader);
    if (reader->import) {
        wk_import_finish(reader);
    }
    return wk_reader_flush(reader);
}

/* Add what a `run` or `stat` line says of it. */
static void add_left_out(struct wick_left_out *out, const struct wick_property *line)
{
    uint64_t number = 0;
    (void)wk_number_unsigned(line->value, wk_mem_length(line->value), INT64_MAX, &number);
    if (line->stat) {
        out->scopes += wk_mem_same(line->key, "left_out") ? number : 0;
    } else if (wk_mem_same(line->key, "filter")) {
        out->differ |= out->filter && !wk_mem_same(out->filter, line->value);
        out->filter = out->filter ? out->filter : line->value;
    } else if (wk_mem_same(line->key, "min")) {
        out->differ |= out->min_ns && out->min_ns != (int64_t)number;
        out->min_ns = out->min_ns ? out->min_ns : (int64_t)number;
    }
}

void wick_reader_left_out(const struct wick_reader *reader, struct wick_left_out *out)
{
    *out = reader->left_out;
    for (uint32_t i = 0; i < reader->runs.count; i++) {
        add_left_out(out, (const struct wick_property *)reader->runs.items + i);
    }
}

/* Forgets everything about the old log but the tables, whose indices are in the names and trees of the caller, and what was left
 * out of it. */
void wick_reader_restart(struct wick_reader *reader)
{
    struct wick_left_out left_out;
    wick_reader_left_out(reader, &left_out);
    reader->left_out = left_out;
    reader->carry.count = 0;
    reader->skipping = 0;
    wk_import_free(reader);
    reader->form = WK_FORM_UNKNOWN;
    reader->use_line = wk_ctxt_line;
    reader->head.count = 0;
    reader->begun = 0;
    reader->utf16.on = reader->utf16.half = 0;
    reader->utf16.high = 0;
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
    stats->imported = reader->form >= WK_FORM_JSON;
}

int wick_reader_problem(const struct wick_reader *reader, uint32_t index, struct wick_problem_info *info)
{
    if (index >= reader->problem_count) {
        return 0;
    }
    *info = reader->problems[index];
    return 1;
}

void wick_reader_set_unit(struct wick_reader *reader, const char *unit)
{
    reader->unit = unit;
}

int64_t wick_reader_unit(const struct wick_reader *reader)
{
    return reader->form == WK_FORM_FOLDED ? wk_import_unit_ns(reader) : 0;
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
