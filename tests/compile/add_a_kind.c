/*
 * SPDX-License-Identifier: MIT
 * An event of a kind that only the copy of the headers has: recorded, decoded, and its record through every writer and
 * reader. Compiled by add_a_kind.
 */
#include "record/put.h"
#include "record_support.h"
#include "wire_support.h"

/* What a reader gave: the record of the kind, and how many. */
struct seen {
    struct wick_record record;
    uint32_t count;
};

static int look(void *user, const struct wick_record *records, size_t count)
{
    struct seen *seen = user;
    for (size_t i = 0; i < count; i++) {
        if (records[i].kind == WICK_RECORD_PROBE) {
            seen->record = records[i];
            seen->count++;
        }
    }
    return 0;
}

static void check_read(const char *log, size_t bytes)
{
    struct seen seen = {0};
    struct wick_names *names = wick_names_create(&heap_allocator);
    struct wick_record_out out = {look, &seen};
    struct wick_reader *reader = wick_reader_create(&heap_allocator, names, &out, WICK_VECTOR_NONE);
    cr_assert_eq(wick_reader_feed(reader, log, bytes), 0);
    cr_assert_eq(wick_reader_finish(reader), 0);
    cr_assert_eq(seen.count, 1);
    cr_assert_eq(seen.record.u.integer, -12345678901);
    cr_assert_eq(seen.record.time_ns, (int64_t)WIRE_FIRST_NS_SECOND * 1000000000);
    cr_assert_str_eq(wick_names_site(names, seen.record.site)->location, "main:20");
    wick_reader_destroy(reader);
    wick_names_destroy(names);
}

static int keep(void *user, const char *bytes, size_t count)
{
    wire_bytes_add(user, bytes, count);
    return 0;
}

/* The record of an event that went through a ring; as if its counter were the one of wire_sites. */
static struct wick_record recorded(void)
{
    static struct wick_site place = {"place", "queue", "app.c", NULL, 20, 0, WICK_I_SITE_COUNTER, 0};
    recorder_on(UINT32_MAX);
    struct reader *reader = reader_create();
    wk_put_one(&place, &(struct wk_put){.kind = WK_EVENT_PROBE, .has_more = 1, .more.integer = {-12345678901, 0}});
    struct wk_thread *thread = wk_thread_at(wk_recorder.root->fresh);
    const struct wk_read_ring *ring = wk_thread_read_ring(thread, thread->hot.tail);
    struct wk_span span = {.slots = wk_pool_at(ring->reference), .texts = &reader_texts, .mask = ring->mask,
                           .tail = thread->hot.tail, .head = thread->hot.head};
    wk_decode(&reader->decoder, &span, &reader->line, reader->batch, &heap_allocator);
    cr_assert_eq(reader->batch->count, 1);
    struct wick_record record = reader->batch->records[0];
    cr_assert_eq(record.kind, WICK_RECORD_PROBE);
    cr_assert_eq(record.site, place.id);
    record.site = 6;
    record.time_ns = (int64_t)WIRE_FIRST_NS_SECOND * 1000000000;
    return record;
}

static struct wire_bytes converted(const struct wire_bytes *from, uint32_t to)
{
    struct wire_bytes out = {0};
    struct wick_converter_options options = {to, WICK_VECTOR_NONE, {keep, &out}, NULL};
    struct wick_converter *converter = wick_converter_create(&heap_allocator, &options);
    cr_assert_eq(wick_converter_feed(converter, from->bytes, from->count), 0);
    cr_assert_eq(wick_converter_finish(converter), 0);
    wick_converter_destroy(converter);
    return out;
}

Test(add_a_kind, one_row_is_all_that_decoder_writers_readers_and_converter_need)
{
    static char line[WK_CTXT_ROOM + 1];
    const struct wk_ctxt_options options = {.names = wire_names()};
    struct wick_record record = recorded();
    struct wire_bytes wire = {0}, text = {0};

    struct wk_ctxt_writer *writer = wk_ctxt_writer_create(&options, "host", "42", &heap_allocator);
    char *end = line;
    cr_assert_eq(wk_ctxt_write(writer, &record, 1, &end, line + sizeof line), 1);
    wire_bytes_add(&text, line, (size_t)(end - line));
    *end = '\0';
    cr_assert(strstr(line, " probe main:20 -12345678901\n") != NULL);
    wk_ctxt_writer_destroy(writer);

    struct wk_wire_writer *binary = wire_open(&wire);
    cr_assert_eq(wk_wire_write(binary, &record, 1), 0);
    cr_assert_eq(wk_wire_flush(binary), 0);
    wk_wire_writer_destroy(binary);

    check_read(text.bytes, text.count);
    check_read(wire.bytes, wire.count);

    struct wire_bytes as_wire = converted(&text, WICK_FORM_WIRE), back = converted(&as_wire, WICK_FORM_CTXT);
    check_read(as_wire.bytes, as_wire.count);
    cr_assert_eq(back.count, text.count);
    cr_assert_arr_eq(back.bytes, text.bytes, text.count);
    struct wire_bytes from_wire = converted(&wire, WICK_FORM_CTXT);
    check_read(from_wire.bytes, from_wire.count);
    free(text.bytes);
    free(wire.bytes);
    free(as_wire.bytes);
    free(back.bytes);
    free(from_wire.bytes);
}
