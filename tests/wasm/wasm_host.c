/*
 * SPDX-License-Identifier: MIT
 * The host of lib/model in WebAssembly for the test in Node: memory, the four functions, a few exports.
 * Must not compute. Invariant: what Node sees is what the model says.
 */
#include <string.h>

#include "wick/model.h"

#define EXPORT(name) __attribute__((export_name(name)))

/* Loops that the compiler must not turn back into calls of themselves. */
__attribute__((no_builtin)) void *memcpy(void *to, const void *from, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ((char *)to)[i] = ((const char *)from)[i];
    }
    return to;
}

__attribute__((no_builtin)) void *memmove(void *to, const void *from, size_t count)
{
    if ((char *)to < (const char *)from) {
        return memcpy(to, from, count);
    }
    while (count--) {
        ((char *)to)[count] = ((const char *)from)[count];
    }
    return to;
}

__attribute__((no_builtin)) void *memset(void *to, int value, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ((char *)to)[i] = (char)value;
    }
    return to;
}

__attribute__((no_builtin)) int memcmp(const void *x, const void *y, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int difference = ((const unsigned char *)x)[i] - ((const unsigned char *)y)[i];
        if (difference) {
            return difference;
        }
    }
    return 0;
}

extern unsigned char __heap_base;
static char *next;

/* Never frees: a test ends before memory does. */
static void *resize(void *user, void *block, size_t old_bytes, size_t new_bytes)
{
    (void)user;
    if (!new_bytes) {
        return NULL;
    }
    if (!next) {
        next = (char *)&__heap_base;
    }
    char *taken = (char *)(((size_t)next + 15) & ~(size_t)15);
    size_t end = (size_t)taken + new_bytes, has = __builtin_wasm_memory_size(0) * 65536;
    if (end > has && __builtin_wasm_memory_grow(0, (end - has + 65535) / 65536) == (size_t)-1) {
        return NULL;
    }
    next = taken + new_bytes;
    if (block) {
        memcpy(taken, block, old_bytes < new_bytes ? old_bytes : new_bytes);
    }
    return taken;
}

static const struct wick_allocator allocator = {resize, NULL};
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
    names = wick_names_create(&allocator);
    tree = wick_tree_create(&allocator);
    struct wick_record_out out = {into_tree, tree};
    reader = wick_reader_create(&allocator, names, &out, WICK_VECTOR_NONE);
    return reader != NULL;
}

EXPORT("room") void *host_room(size_t count)
{
    return resize(NULL, NULL, 0, count);
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
        text = resize(NULL, text, text_capacity, capacity);
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
