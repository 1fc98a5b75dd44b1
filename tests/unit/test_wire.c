/*
 * SPDX-License-Identifier: MIT
 * The wire: what is written is read, as .ctxt would be; damaged, cut and hostile streams are counted, not followed.
 * Must not test the tree's arithmetic. Invariant: both forms of the same records give the same tree.
 */
#include "wire_support.h"

/* The same records in both forms. */
struct both {
    struct wire_bytes wire, text;
};

static struct both write_both(uint64_t seed, uint32_t count)
{
    static char line[WK_CTXT_ROOM + (1 << 16)];
    const struct wk_ctxt_options options = {.names = wire_names()};
    struct both both = {0};
    struct wk_wire_writer *wire = wire_open(&both.wire);
    struct wk_ctxt_writer *text = wk_ctxt_writer_create(&options, "host", "42", &heap_allocator);
    struct wire_program program = {0};
    static const struct {
        uint8_t kind;
        const char *text;
    } lines[] = {{WICK_LINE_MARK, "wick 0.1.0 start"}, {WICK_LINE_RUN, "program a b"}, {WICK_LINE_STAT, "lost 3"}};
    wire_state = seed;
    for (uint32_t i = 0; i < 3; i++) {
        char *end = wk_ctxt_write_line(text, line, (int64_t)WIRE_FIRST_NS_SECOND * 1000000000, "main", lines[i].kind, lines[i].text);
        wire_bytes_add(&both.text, line, (size_t)(end - line));
        wk_wire_write_line(wire, (int64_t)WIRE_FIRST_NS_SECOND * 1000000000, WICK_NONE, lines[i].kind, lines[i].text);
    }
    for (uint32_t i = 0; i < count; i++) {
        struct wick_record r = wire_record(&program);
        char *end = line;
        cr_assert_eq(wk_ctxt_write(text, &r, 1, &end, line + sizeof line), 1);
        wire_bytes_add(&both.text, line, (size_t)(end - line));
        cr_assert_eq(wk_wire_write(wire, &r, 1), 0);
        if (wire_random(1000) == 0) {
            wk_wire_flush(wire);
        }
    }
    wk_wire_flush(wire);
    cr_assert_eq(wk_wire_writer_lost(wire), 0);
    wk_wire_writer_destroy(wire);
    wk_ctxt_writer_destroy(text);
    return both;
}

static void free_both(struct both *both)
{
    free(both->wire.bytes);
    free(both->text.bytes);
}

static struct wick_reader_stats stats_of(const struct model *m)
{
    struct wick_reader_stats stats;
    wick_reader_stats_read(m->reader, &stats);
    return stats;
}

static char *tree_of(const char *bytes, size_t count, size_t step, uint32_t vector)
{
    struct model m = model_open_vector(vector);
    struct wick_text_options options = {.width = 140};
    model_read(&m, bytes, count, step);
    char *text = model_render(&m, &options);
    model_close(&m);
    return text;
}

Test(wire, gives_the_tree_that_the_lines_give)
{
    for (uint64_t seed = 1; seed < 12; seed++) {
        struct both both = write_both(seed, 20000);
        char *expected = tree_of(both.text.bytes, both.text.count, 0, WICK_VECTOR_NONE);
        char *got = tree_of(both.wire.bytes, both.wire.count, 0, WICK_VECTOR_NONE);
        cr_assert_str_eq(got, expected);
        cr_assert_lt(both.wire.count * 3, both.text.count);
        free(expected);
        free(got);
        free_both(&both);
    }
}

Test(wire, is_read_the_same_however_the_bytes_are_cut)
{
    static const size_t steps[] = {1, 7, 40, 4096, 100000};
    struct both both = write_both(77, 20000);
    char *expected = tree_of(both.wire.bytes, both.wire.count, 0, WICK_VECTOR_AVX2);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        char *got = tree_of(both.wire.bytes, both.wire.count, steps[i], i % 2 ? WICK_VECTOR_AVX2 : WICK_VECTOR_NONE);
        cr_assert_str_eq(got, expected);
        free(got);
    }
    free(expected);
    free_both(&both);
}

/* The bytes of this version, for ever: what is read from them, and what is written today. WICK_TEST_UPDATE=1
 * writes the file; a difference is another version. */
Test(wire, golden_bytes_are_written_and_read)
{
    wire_kinds = WICK_RECORD_RESUME + 1;
    struct both both = write_both(4242, 900);
    static char golden[1 << 16];
    if (getenv("WICK_TEST_UPDATE")) {
        FILE *to = fopen(WIRE_GOLDEN, "wb");
        cr_assert(to && fwrite(both.wire.bytes, 1, both.wire.count, to) == both.wire.count && fclose(to) == 0);
    }
    FILE *from = fopen(WIRE_GOLDEN, "rb");
    cr_assert(from != NULL);
    size_t count = fread(golden, 1, sizeof golden, from);
    fclose(from);

    char *expected = tree_of(both.text.bytes, both.text.count, 0, WICK_VECTOR_NONE);
    char *got = tree_of(golden, count, 0, WICK_VECTOR_NONE);
    cr_assert_str_eq(got, expected);
    cr_assert_eq(count, both.wire.count);
    cr_assert_arr_eq(golden, both.wire.bytes, count);
    free(expected);
    free(got);
    free_both(&both);
}

/* A file of the version before: refused, in words that name the version. */
Test(wire, golden_bytes_of_version_1_are_refused)
{
    static char golden[1 << 16];
    struct model m = model_open_vector(WICK_VECTOR_AVX2);
    struct wick_problem_info problem;
    FILE *from = fopen(WIRE_GOLDEN_1, "rb");
    cr_assert(from != NULL);
    size_t count = fread(golden, 1, sizeof golden, from);
    fclose(from);

    model_read(&m, golden, count, 0);

    cr_assert_eq(stats_of(&m).records, 0);
    cr_assert_eq(stats_of(&m).problems[WICK_PROBLEM_VERSION], 1);
    cr_assert_eq(wick_reader_problem(m.reader, 0, &problem), 1);
    cr_assert_str_eq(problem.excerpt, "version 1, not 2");
    model_close(&m);
}

/* ---- what later writers may add --------------------------------------------------------------- */

/* A frame around a payload, whose bytes may be a later version's. */
static void add_frame(struct wire_bytes *to, uint8_t kind, uint16_t flags, const void *payload, size_t bytes)
{
    uint8_t frame[WK_WIRE_FRAME_BYTES + 512];
    struct wk_wire_frame header = {.payload_bytes = (uint32_t)bytes, .kind = kind, .version = WK_WIRE_VERSION, .flags = flags};
    memcpy(frame + WK_WIRE_FRAME_BYTES, payload, bytes);
    wk_wire_frame_put(frame, &header);
    header.crc = wk_wire_crc(0, frame + 8, WK_WIRE_FRAME_BYTES + bytes - 8, WICK_VECTOR_NONE);
    wk_wire_frame_put(frame, &header);
    wire_bytes_add(to, frame, WK_WIRE_FRAME_BYTES + bytes);
}

static uint8_t *put_words(uint8_t *at, const uint64_t *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        at = wk_wire_put(at, words[i]);
    }
    return at;
}

static uint8_t *put_text(uint8_t *at, const char *text)
{
    at = wk_wire_put(at, strlen(text));
    memcpy(at, text, strlen(text));
    return at + strlen(text);
}

/* A definition: kind, size, body. */
static uint8_t *put_definition(uint8_t *at, uint8_t kind, const uint8_t *body, const uint8_t *end)
{
    *at++ = kind;
    at = wk_wire_put(at, (uint64_t)(end - body));
    memcpy(at, body, (size_t)(end - body));
    return at + (end - body);
}

/* Process 0, track 1 of it, site 1 `f`; with what a later writer says of each behind its own. */
static void define_one_of_each(struct wire_bytes *to, const char *more)
{
    uint8_t payload[512], body[256], *at = payload, *end;
    end = put_text(put_text(wk_wire_put(body, 0), "host"), "7");
    end = put_text(put_text(put_text(put_text(wk_wire_put(end, 0), "prog"), "a"), ""), "");
    at = put_definition(at, WK_WIRE_DEFINE_PROCESS, body, put_text(end, more));
    end = put_text(put_words(body, (const uint64_t[]){1, 0}, 2), "main");
    at = put_definition(at, WK_WIRE_DEFINE_TRACK, body, put_text(end, more));
    end = wk_wire_put(body, 1);
    *end++ = WICK_SITE_SCOPE;
    *end++ = 0x82; /* a flag that this version does not have */
    end = put_text(put_text(put_text(put_text(put_words(end, (const uint64_t[]){3, 0}, 2), "f:3"), "f"), ""), "");
    at = put_definition(at, WK_WIRE_DEFINE_SITE, body, put_text(end, more));
    at = put_definition(at, 99, body, put_text(body, "a definition of a later version"));
    add_frame(to, WK_WIRE_DEFINITIONS, 0, payload, (size_t)(at - payload));
}

Test(wire, what_later_writers_add_is_passed_over_and_counted)
{
    struct wire_bytes stream = {0};
    struct model m = model_open_vector(WICK_VECTOR_NONE);
    uint8_t events[256], *at = events;
    wire_bytes_add(&stream, wk_wire_stream_header, WK_WIRE_STREAM_BYTES);
    define_one_of_each(&stream, "more");
    at = wk_wire_put(at, WK_WIRE_OP_OTHER);
    *at++ = WK_KIND_SWITCH | WK_WIRE_BARE;
    at = put_words(at, (const uint64_t[]){1, 0, wk_wire_fold(1700000000000000000)}, 3);
    at = put_words(at, (const uint64_t[]){5 << 2 | WK_WIRE_OP_START, 1}, 2);
    for (uint8_t kind = WICK_RECORD_KINDS; kind < 64; kind += 13) { /* kinds of records to come */
        at = wk_wire_put(at, WK_WIRE_OP_OTHER);
        *at++ = kind;
        at = put_text(at, "whatever it says");
    }
    at = wk_wire_put(at, 7 << 2 | WK_WIRE_OP_OTHER);
    *at++ = WICK_RECORD_ENDOK;
    at = wk_wire_put(at, 1 + 8 + 2); /* size: flags, the string of a flag to come, the text */
    *at++ = WK_WIRE_END_TEXT | 0x40;
    at = put_text(at, "flagged");
    memcpy(at, "ok", 2);
    at += 2;
    add_frame(&stream, WK_WIRE_EVENTS, 0, events, (size_t)(at - events));
    add_frame(&stream, WK_WIRE_EVENTS, 4, events, (size_t)(at - events));
    add_frame(&stream, 77, 0, events, (size_t)(at - events));

    model_read(&m, stream.bytes, stream.count, 0);

    struct wick_reader_stats stats = stats_of(&m);
    struct wick_node_info node;
    cr_assert_eq(stats.problems[WICK_PROBLEM_WORD], 1 + 3 + 1 + 1 + 1); /* definition, kinds, flag, frame's flag, frame */
    cr_assert_eq(stats.problems[WICK_PROBLEM_CONTENT], 0);
    cr_assert_eq(stats.records, 2);
    wick_tree_node(m.tree, 1, &node);
    cr_assert_eq(node.count, 1);
    cr_assert_eq(node.total_ns, 7);
    cr_assert_str_eq(wick_names_track_process(m.names, 0)->program, "prog");
    cr_assert_eq(wick_names_track_process(m.names, 0)->pid_number, 7);
    free(stream.bytes);
    model_close(&m);
}

Test(wire, numbers_keep_every_value)
{
    uint8_t bytes[16];
    for (uint32_t bits = 0; bits <= 64; bits++) {
        for (int step = -1; step <= 1; step++) {
            uint64_t value = (bits == 64 ? 0 : (uint64_t)1 << bits) + (uint64_t)(int64_t)step, got;
            uint32_t count;
            size_t size = (size_t)(wk_wire_put(bytes, value) - bytes);
            got = wk_wire_number(wk_wire_load(bytes), &count);
            cr_assert_eq(count == 9 ? wk_wire_load(bytes + 1) : got, value);
            cr_assert_eq(size, count);
            cr_assert_eq(wk_wire_unfold(wk_wire_fold((int64_t)value)), (int64_t)value);
        }
    }
}

Test(wire, checksum_is_crc_32c_both_ways)
{
    cr_assert_eq(wk_wire_crc(0, "123456789", 9, WICK_VECTOR_NONE), 0xe3069283);
    cr_assert_eq(wk_wire_crc(0, "123456789", 9, WICK_VECTOR_AVX2), 0xe3069283);
    cr_assert_eq(wk_wire_crc(wk_wire_crc(0, "1234", 4, 0), "56789", 5, 0), 0xe3069283);
}

Test(wire, says_what_is_damaged_and_reads_on)
{
    struct both both = write_both(5, 20000);
    struct model whole = model_open_vector(WICK_VECTOR_AVX2), damaged = model_open_vector(WICK_VECTOR_AVX2);
    model_read(&whole, both.wire.bytes, both.wire.count, 0);
    both.wire.bytes[both.wire.count / 2] ^= 0x10;
    model_read(&damaged, both.wire.bytes, both.wire.count, 0);

    struct wick_reader_stats a = stats_of(&whole), b = stats_of(&damaged);
    cr_assert_eq(b.problems[WICK_PROBLEM_CHECKSUM], 1);
    cr_assert_eq(b.problems[WICK_PROBLEM_GAP], 1);
    cr_assert_eq(b.frames_lost, 1);
    cr_assert_eq(b.frames, a.frames - 1);
    cr_assert_gt(b.records, a.records / 2);
    struct wick_tree_stats tree;
    wick_tree_stats_read(damaged.tree, &tree);
    cr_assert_eq(tree.stray_ends, 0);
    model_close(&whole);
    model_close(&damaged);
    free_both(&both);
}

Test(wire, a_torn_tail_and_a_foreign_version_are_said)
{
    struct both both = write_both(6, 5000);
    struct model torn = model_open_vector(WICK_VECTOR_AVX2), later = model_open_vector(WICK_VECTOR_AVX2);
    model_read(&torn, both.wire.bytes, both.wire.count - 9, 0);
    cr_assert_eq(stats_of(&torn).problems[WICK_PROBLEM_FRAME], 1);
    both.wire.bytes[7] = 9;
    model_read(&later, both.wire.bytes, both.wire.count, 0);
    cr_assert_eq(stats_of(&later).problems[WICK_PROBLEM_VERSION], 1);
    cr_assert_eq(stats_of(&later).records, 0);
    model_close(&torn);
    model_close(&later);
    free_both(&both);
}

/* Frames [from, to) of a stream; the stream's header counts as one. */
static size_t frame_at(const struct wire_bytes *wire, size_t number)
{
    size_t at = 0;
    for (; number && at < wire->count; number--) {
        at += (size_t)wick_wire_frame(wire->bytes + at, wire->count - at, NULL);
    }
    return at;
}

static void feed_definitions(struct wick_seed *seed, const struct wire_bytes *wire, size_t at)
{
    uint32_t kind;
    for (uint64_t bytes; at < wire->count; at += (size_t)bytes) {
        bytes = wick_wire_frame(wire->bytes + at, wire->count - at, &kind);
        if (kind == WK_WIRE_DEFINITIONS) {
            cr_assert_eq(wick_seed_feed(seed, wire->bytes + at, (size_t)bytes), 0);
        }
    }
}

/* Read in parts of `step` frames, cut and joined; gives how many had to be read again. */
static int read_parts(struct model *m, const struct wire_bytes *wire, size_t step, int tell)
{
    size_t first = frame_at(wire, 3), at = first;
    int again = 0;
    cr_assert_eq(wick_reader_feed(m->reader, wire->bytes, first), 0);
    struct wick_seed *seed = wick_seed_create(m->reader);
    if (tell) {
        feed_definitions(seed, wire, first);
    }
    for (size_t number = 3; at < wire->count; number += step) {
        size_t end = frame_at(wire, number + step);
        struct wick_part *part = wick_part_create(seed);
        cr_assert_eq(wick_part_feed(part, wire->bytes + at, end - at), 0);
        if (end == wire->count) {
            cr_assert_eq(wick_part_finish(part), 0);
        }
        int joined = wick_part_join(part, m->reader, m->tree);
        cr_assert_geq(joined, 0);
        if (!joined) {
            again++;
            cr_assert_eq(wick_reader_feed(m->reader, wire->bytes + at, end - at), 0);
        }
        wick_part_destroy(part);
        at = end;
    }
    cr_assert_eq(wick_reader_finish(m->reader), 0);
    cr_assert_eq(wick_tree_settle(m->tree, INT64_MIN), 0);
    wick_seed_destroy(seed);
    return again;
}

static void expect_parts(const struct both *both, size_t step, int tell, int again)
{
    struct model whole = model_open_vector(WICK_VECTOR_AVX2), parts = model_open_vector(WICK_VECTOR_AVX2);
    model_read(&whole, both->wire.bytes, both->wire.count, 0);
    int got = read_parts(&parts, &both->wire, step, tell);
    cr_assert(again < 0 || got == again, "%d parts were read again", got);
    struct wick_reader_stats a = stats_of(&whole), b = stats_of(&parts);
    cr_assert(memcmp(&a, &b, sizeof a) == 0, "other counts");
    char *x = model_render(&whole, NULL), *y = model_render(&parts, NULL);
    cr_assert_str_eq(x, y);
    free(x);
    free(y);
    model_close(&whole);
    model_close(&parts);
}

Test(wire, parts_that_are_joined_are_one_pass)
{
    for (uint64_t seed = 20; seed < 28; seed++) {
        struct both both = write_both(seed, 6000);
        expect_parts(&both, 1, 1, -1);
        expect_parts(&both, 3, 1, -1);
        expect_parts(&both, 2, 0, -1);
        for (size_t at = 3; at < both.wire.frames; at += 5) { /* damage: it is counted alike */
            both.wire.bytes[frame_at(&both.wire, at) + WK_WIRE_FRAME_BYTES] ^= 1;
        }
        expect_parts(&both, 2, 1, -1);
        free_both(&both);
    }
}

Test(wire, plain_scopes_are_joined_at_once)
{
    struct both both = {0};
    struct wk_wire_writer *writer = wire_open(&both.wire);
    for (int64_t i = 0; i < 20000; i++) {
        struct wick_record r = {.kind = i % 4 < 2 ? WICK_RECORD_START : WICK_RECORD_ENDOK, .site = i % 4 < 2 ? 1 + 7 * (i > 9000) : 0,
                                .time_ns = i * 10 + 1, .track = (uint32_t)(i / 4 % 2), .u.cpu_ns = -1};
        wk_wire_write(writer, &r, 1);
        if (i % 1000 == 998) {
            wk_wire_flush(writer);
        }
    }
    wk_wire_flush(writer);
    wk_wire_writer_destroy(writer);
    expect_parts(&both, 2, 1, 0);
    free_both(&both);
}
