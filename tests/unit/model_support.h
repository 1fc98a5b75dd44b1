/*
 * SPDX-License-Identifier: MIT
 * What the model's unit tests share: a reader into a tree, a list of records.
 * Must not be used outside tests/unit. Invariant: a failed allocation in a test is a failed test.
 */
#ifndef WICK_TESTS_UNIT_MODEL_SUPPORT_H
#define WICK_TESTS_UNIT_MODEL_SUPPORT_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "heap_memory.h"
#include "wick/model.h"

struct model {
    struct wick_names *names;
    struct wick_tree *tree;
    struct wick_reader *reader;
};

static inline int model_into_tree(void *user, const struct wick_record *records, size_t count)
{
    return wick_tree_feed(user, records, count);
}

static inline struct model model_open_vector(uint32_t vector)
{
    struct model m = {.names = wick_names_create(&heap_allocator), .tree = wick_tree_create(&heap_allocator)};
    struct wick_record_out out = {model_into_tree, m.tree};
    m.reader = wick_reader_create(&heap_allocator, m.names, &out, vector);
    cr_assert(m.names && m.tree && m.reader);
    return m;
}

static inline void model_close(struct model *m)
{
    wick_reader_destroy(m->reader);
    wick_tree_destroy(m->tree);
    wick_names_destroy(m->names);
}

/* Read a whole log, cut into pieces of `step` bytes (0: one piece). */
static inline void model_read(struct model *m, const char *log, size_t bytes, size_t step)
{
    for (size_t at = 0; at < bytes;) {
        size_t part = step && step < bytes - at ? step : bytes - at;
        cr_assert_eq(wick_reader_feed(m->reader, log + at, part), 0);
        at += part;
    }
    cr_assert_eq(wick_reader_finish(m->reader), 0);
    cr_assert_eq(wick_tree_settle(m->tree, INT64_MIN), 0);
}

static inline struct model model_of(const char *log)
{
    struct model m = model_open_vector(WICK_VECTOR_AVX2);
    model_read(&m, log, strlen(log), 0);
    return m;
}

/* The node at a path of literals below the roots: "main/load/parse"; WICK_NONE when there is none. */
static inline uint32_t model_find(const struct model *m, const char *path)
{
    uint32_t node = wick_tree_first_root(m->tree), last = WICK_NONE;
    while (*path && node != WICK_NONE) {
        size_t length = strcspn(path, "/");
        struct wick_node_info info;
        for (;; node = info.next_sibling) {
            if (node == WICK_NONE) {
                return WICK_NONE;
            }
            wick_tree_node(m->tree, node, &info);
            const char *name = info.kind == WICK_NODE_TRACK ? wick_names_track(m->names, info.track)->thread
                                                            : wick_names_site(m->names, info.site)->literal;
            if (strlen(name) == length && strncmp(name, path, length) == 0) {
                break;
            }
        }
        last = node;
        node = info.first_child;
        path += length + (path[length] == '/');
    }
    return *path ? WICK_NONE : last;
}

static inline struct wick_node_info model_node(const struct model *m, const char *path)
{
    struct wick_node_info info;
    uint32_t node = model_find(m, path);
    cr_assert_neq(node, WICK_NONE, "no node %s", path);
    wick_tree_node(m->tree, node, &info);
    return info;
}

/* What was written, piece by piece; zeroed: nothing. The caller frees it. */
struct model_text {
    char *bytes;
    size_t count;
};

static inline int model_text_write(void *user, const char *bytes, size_t count)
{
    struct model_text *text = user;
    text->bytes = realloc(text->bytes, text->count + count + 1);
    memcpy(text->bytes + text->count, bytes, count);
    text->count += count;
    text->bytes[text->count] = 0;
    return 0;
}

static inline char *model_render(const struct model *m, const struct wick_text_options *options)
{
    struct model_text text = {calloc(1, 1), 0};
    struct wick_text_out out = {model_text_write, &text};
    cr_assert_eq(wick_tree_render(m->tree, m->names, options, &out), 0);
    return text.bytes;
}

#endif
