/*
 * SPDX-License-Identifier: MIT
 * Fuzz target of the .ctxt reader and the tree: any bytes, in one piece, cut anywhere, and as joined parts.
 * Must not check what a log means. Invariant: every way says the same, and nothing crashes.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cuts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count);

struct model {
    struct wick_names *names;
    struct wick_tree *tree;
    struct wick_reader *reader;
    char *text;
    size_t bytes;
};

static int into_tree(void *user, const struct wick_record *records, size_t count)
{
    return wick_tree_feed(user, records, count);
}

static void open_model(struct model *m, uint32_t vector)
{
    *m = (struct model){.names = wick_names_create(&heap_allocator), .tree = wick_tree_create(&heap_allocator)};
    struct wick_record_out out = {into_tree, m->tree};
    m->reader = wick_reader_create(&heap_allocator, m->names, &out, vector);
}

static int keep(void *user, const char *bytes, size_t count)
{
    struct model *m = user;
    m->text = realloc(m->text, m->bytes + count);
    memcpy(m->text + m->bytes, bytes, count);
    m->bytes += count;
    return 0;
}

static void render(struct model *m)
{
    struct wick_text_out out = {keep, m};
    wick_reader_finish(m->reader);
    wick_tree_settle(m->tree, INT64_MIN);
    wick_tree_render(m->tree, m->names, NULL, &out);
}

static void close_model(struct model *m)
{
    wick_reader_destroy(m->reader);
    wick_tree_destroy(m->tree);
    wick_names_destroy(m->names);
    free(m->text);
}

/* A third of the bytes as the head, the next as a part, the rest as another; cut at line ends. */
static void read_parts(struct model *m, const char *log, size_t count)
{
    struct wick_seed *seed = NULL;
    for (size_t at = 0, end; at < count; at = end) {
        end = at + count / 3 + 1 < count ? at + count / 3 + 1 : count;
        while (end < count && log[end - 1] != '\n') {
            end++;
        }
        int rc = 0;
        if (seed) {
            struct wick_part *part = wick_part_create(seed);
            wick_part_feed(part, log + at, end - at);
            if (end == count) {
                wick_part_finish(part);
            }
            rc = wick_part_join(part, m->reader, m->tree);
            wick_part_destroy(part);
        }
        if (rc == 0) {
            wick_reader_feed(m->reader, log + at, end - at);
        }
        seed = seed ? seed : wick_seed_create(m->reader);
    }
    render(m);
    wick_seed_destroy(seed);
}

static void must_equal(const struct model *x, const struct model *y, const char *how)
{
    if (x->bytes != y->bytes || memcmp(x->text, y->text, x->bytes) != 0) {
        fprintf(stderr, "different when %s:\n%.*s---\n%.*s", how, (int)x->bytes, x->text, (int)y->bytes, y->text);
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count)
{
    const char *log = (const char *)data;
    struct model whole, cut, parts;
    open_model(&whole, WICK_VECTOR_NONE);
    wick_reader_feed(whole.reader, log, count);
    render(&whole);

    open_model(&cut, WICK_VECTOR_AVX2);
    wick_reader_feed(cut.reader, log, count / 2);
    wick_reader_feed(cut.reader, log + count / 2, count - count / 2);
    render(&cut);
    must_equal(&whole, &cut, "cut in two, with vectors");

    cuts_must_not_matter(log, count);
    open_model(&parts, WICK_VECTOR_AVX2);
    read_parts(&parts, log, count);
    must_equal(&whole, &parts, "read in parts");
    close_model(&whole);
    close_model(&cut);
    close_model(&parts);
    return 0;
}
