/*
 * SPDX-License-Identifier: MIT
 * The host of lib/model in WebAssembly for the test in Node: a few exports.
 * Must not compute. Invariant: what Node sees is what the model says.
 */
#include "wasm_memory.h"

#include <string.h>

#define EXPORT(name) __attribute__((export_name(name)))

static struct wick_names *names;
static struct wick_tree *tree;
static struct wick_reader *reader;
static char *text;
static size_t text_bytes, text_capacity;

static int into_tree(void *user, const struct wick_record *records, size_t count)
{
    return wick_tree_feed(user, records, count);
}

EXPORT("open") int host_open(void)
{
    names = wick_names_create(&wasm_allocator);
    tree = wick_tree_create(&wasm_allocator);
    struct wick_record_out out = {into_tree, tree};
    reader = wick_reader_create(&wasm_allocator, names, &out, WICK_VECTOR_SSE2);
    return reader != NULL;
}

EXPORT("room") void *host_room(size_t count)
{
    return wasm_allocator.resize(NULL, NULL, 0, count);
}

EXPORT("feed") int host_feed(const char *bytes, size_t count)
{
    return wick_reader_feed(reader, bytes, count);
}

static int keep(void *user, const char *bytes, size_t count)
{
    (void)user;
    if (text_bytes + count > text_capacity) {
        size_t capacity = (text_bytes + count) * 2;
        text = wasm_allocator.resize(NULL, text, text_capacity, capacity);
        if (!text) {
            return WICK_E_NOMEM;
        }
        text_capacity = capacity;
    }
    memcpy(text + text_bytes, bytes, count);
    text_bytes += count;
    return 0;
}

EXPORT("render") const char *host_render(uint32_t width)
{
    struct wick_text_options options = {.width = width};
    struct wick_text_out out = {keep, NULL};
    int rc = wick_reader_finish(reader);
    rc = rc < 0 ? rc : wick_tree_settle(tree, INT64_MIN);
    rc = rc < 0 ? rc : wick_tree_render(tree, names, &options, &out);
    return rc < 0 ? NULL : text;
}

EXPORT("text_bytes") size_t host_text_bytes(void)
{
    return text_bytes;
}
