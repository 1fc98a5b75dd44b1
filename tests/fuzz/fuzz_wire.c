/*
 * SPDX-License-Identifier: MIT
 * Fuzz target of the wire: any bytes as frames whose checksums are right, in one piece, cut, as parts, and as lines.
 * Must not check what a log means. Invariant: every way gives the same tree, and nothing crashes.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cuts.h"
#include "model/log/wire/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count);

struct text {
    char *bytes;
    size_t count;
};

static int keep(void *user, const char *bytes, size_t count)
{
    struct text *to = user;
    to->bytes = realloc(to->bytes, to->count + count + 1);
    memcpy(to->bytes + to->count, bytes, count);
    to->count += count;
    return 0;
}

static int into_tree(void *user, const struct wick_record *records, size_t count)
{
    return wick_tree_feed(user, records, count);
}

struct model {
    struct wick_names *names;
    struct wick_tree *tree;
    struct wick_reader *reader;
    struct text text;
};

static void open_model(struct model *m, uint32_t vector)
{
    *m = (struct model){.names = wick_names_create(&heap_allocator), .tree = wick_tree_create(&heap_allocator)};
    struct wick_record_out out = {into_tree, m->tree};
    m->reader = wick_reader_create(&heap_allocator, m->names, &out, vector);
}

static void render(struct model *m)
{
    struct wick_text_out out = {keep, &m->text};
    wick_reader_finish(m->reader);
    wick_tree_settle(m->tree, INT64_MIN);
    wick_tree_render(m->tree, m->names, NULL, &out);
}

static void close_model(struct model *m)
{
    wick_reader_destroy(m->reader);
    wick_tree_destroy(m->tree);
    wick_names_destroy(m->names);
    free(m->text.bytes);
}

static void must_equal(const struct model *x, const struct model *y, const char *how)
{
    if (x->text.count != y->text.count || memcmp(x->text.bytes, y->text.bytes, x->text.count) != 0) {
        fprintf(stderr, "different when %s:\n%.*s---\n%.*s", how, (int)x->text.count, x->text.bytes, (int)y->text.count, y->text.bytes);
        abort();
    }
}

/* Give every frame the checksum of what is in it: random bytes would not get past it. */
static void mend(uint8_t *bytes, size_t count)
{
    for (size_t at = 0; at < count;) {
        uint32_t kind;
        uint64_t size = wick_wire_frame(bytes + at, count - at, &kind);
        if (kind && size && size <= count - at) {
            uint32_t crc = wk_wire_crc(0, bytes + at + 8, (size_t)size - 8, WICK_VECTOR_NONE);
            memcpy(bytes + at + 4, &crc, 4);
        }
        at += size && size <= count - at ? (size_t)size : 1;
    }
}

/* A third of the frames as the head, the rest as two parts. */
static void read_parts(struct model *m, const uint8_t *bytes, size_t count)
{
    struct wick_seed *seed = NULL;
    for (size_t at = 0, end = 0; at < count; at = end) {
        do {
            uint64_t size = wick_wire_frame(bytes + end, count - end, NULL);
            end = size && size <= count - end ? end + (size_t)size : count;
        } while (end < count && end - at < count / 3);
        int rc = 0;
        if (seed) {
            struct wick_part *part = wick_part_create(seed);
            wick_part_feed(part, (const char *)bytes + at, end - at);
            if (end == count) {
                wick_part_finish(part);
            }
            rc = wick_part_join(part, m->reader, m->tree);
            wick_part_destroy(part);
        }
        if (rc == 0) {
            wick_reader_feed(m->reader, (const char *)bytes + at, end - at);
        }
        seed = seed ? seed : wick_seed_create(m->reader);
    }
    render(m);
    wick_seed_destroy(seed);
}

/* Wire to lines and back, and lines to wire and back: the second time nothing changes any more. */
static void convert(const uint8_t *bytes, size_t count)
{
    struct text lines = {calloc(1, 1), 0}, wire = {calloc(1, 1), 0}, again = {calloc(1, 1), 0};
    const struct {
        const char *from;
        struct text *to;
        uint32_t form;
    } steps[] = {{(const char *)bytes, &lines, WICK_FORM_CTXT}, {NULL, &wire, WICK_FORM_WIRE}, {NULL, &again, WICK_FORM_CTXT}};
    const char *from = (const char *)bytes;
    for (int i = 0; i < 3; i++) {
        struct wick_converter_options options = {.to = steps[i].form, .out = {keep, steps[i].to}};
        struct wick_converter *converter = wick_converter_create(&heap_allocator, &options);
        wick_converter_feed(converter, from, count);
        wick_converter_finish(converter);
        wick_converter_destroy(converter);
        from = steps[i].to->bytes;
        count = steps[i].to->count;
    }
    if (again.count != lines.count || memcmp(again.bytes, lines.bytes, lines.count) != 0) {
        fprintf(stderr, "lines do not come back:\n%.*s---\n%.*s", (int)lines.count, lines.bytes, (int)again.count, again.bytes);
        abort();
    }
    free(lines.bytes);
    free(wire.bytes);
    free(again.bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count)
{
    uint8_t *bytes = malloc(count + 1);
    struct model whole, cut, parts;
    memcpy(bytes, data, count);
    mend(bytes, count);
    open_model(&whole, WICK_VECTOR_NONE);
    wick_reader_feed(whole.reader, (const char *)bytes, count);
    render(&whole);

    open_model(&cut, WICK_VECTOR_AVX2);
    wick_reader_feed(cut.reader, (const char *)bytes, count / 2);
    wick_reader_feed(cut.reader, (const char *)bytes + count / 2, count - count / 2);
    render(&cut);
    must_equal(&whole, &cut, "cut in two, with vectors");

    cuts_must_not_matter((const char *)bytes, count);
    open_model(&parts, WICK_VECTOR_AVX2);
    read_parts(&parts, bytes, count);
    must_equal(&whole, &parts, "read in parts");
    convert(bytes, count);
    close_model(&whole);
    close_model(&cut);
    close_model(&parts);
    free(bytes);
    return 0;
}
