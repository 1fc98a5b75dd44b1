/*
 * SPDX-License-Identifier: MIT
 * Fuzz target of the JSON reader: any bytes, checked, read piece by piece, cut in two as a stream, written again.
 * Must not check what a document means. Invariants: what is valid reads to its end, a string that was read and written is
 * valid and means the same, and where a stream is cut does not matter.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/heap_memory.h"
#include "model/base/json.h"
#include "wick/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count);

static void must(int good, const char *what)
{
    if (!good) {
        fprintf(stderr, "%s\n", what);
        abort();
    }
}

static int keep(void *user, const char *bytes, size_t count)
{
    return wk_array_append(user, &heap_allocator, bytes, count);
}

/* Read a string, write it, read it again. */
static void there_and_back(struct wk_json string)
{
    char text[64], again[64];
    struct wk_array out = {0};
    struct wick_json json = {.out = {keep, &out}};
    struct wk_json_error error;
    uint32_t bytes = wk_json_text(string, text, sizeof text);
    wick_json_text(&json, NULL, text, bytes);
    struct wk_json written = {out.items, (const char *)out.items + out.count};
    must(wk_json_check(written, 0, &error) == 0, "what was written is not valid");
    if (string.end - string.at < 60) {
        must(wk_json_same(string, written) == (wk_json_text(written, again, sizeof again) == bytes && memcmp(text, again, bytes) == 0),
             "a string changes");
    }
    wk_array_free(&out, &heap_allocator, 1);
}

/* Read the members or elements of a value, and of those inside them; gives whether all were valid. */
static int read_all(struct wk_json value, int depth)
{
    struct wk_json inside = wk_json_inside(value), key, item;
    int is_object = value.at < value.end && *value.at == '{', more;
    if (value.at == value.end || (*value.at != '{' && *value.at != '[')) {
        double real;
        uint64_t whole;
        int64_t number;
        wk_json_double(value, &real);
        wk_json_unsigned(value, &whole);
        wk_json_signed(value, &number);
        wk_json_scaled(value, 3, &number);
        wk_json_is(value, "name");
        if (value.at < value.end && *value.at == '"') {
            there_and_back(value);
        }
        return 1;
    }
    while ((more = is_object ? wk_json_member(&inside, &key, &item) : wk_json_element(&inside, &item)) > 0) {
        must(item.at >= value.at && item.end <= value.end, "outside");
        if (is_object) {
            there_and_back(key);
        }
        if (depth && !read_all(item, depth - 1)) {
            return 0;
        }
    }
    return more == 0;
}

static void note(void *user, struct wk_json value)
{
    keep(user, value.at, (size_t)(value.end - value.at));
}

static struct wk_array cut(const char *text, size_t count, size_t at)
{
    struct wk_array out = {0};
    struct wk_json_cutter cutter = {.allocator = &heap_allocator, .each = "each", .take = note, .user = &out};
    wk_json_cut(&cutter, text, at);
    wk_json_cut(&cutter, text + at, count - at);
    keep(&out, wk_json_cut_complete(&cutter) ? "." : "!", 1);
    wk_array_free(&cutter.carry, &heap_allocator, 1);
    return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count)
{
    struct wk_json document = {(const char *)data, (const char *)data + count};
    struct wk_json_error error;
    int valid = wk_json_check(document, 1, &error) == 0;
    must(error.at <= count && !valid == !!error.what, "where is outside");
    while (valid && (*document.at == ' ' || *document.at == '\n' || *document.at == '\r' || *document.at == '\t')) {
        document.at++;
    }
    must(read_all(document, 64) || !valid, "a valid document does not read to its end");
    struct wk_array whole = cut((const char *)data, count, count);
    for (size_t at = 0; at < count && at < 64; at++) {
        struct wk_array parts = cut((const char *)data, count, at);
        must(parts.count == whole.count && memcmp(parts.items, whole.items, whole.count) == 0, "the cut matters");
        wk_array_free(&parts, &heap_allocator, 1);
    }
    wk_array_free(&whole, &heap_allocator, 1);
    return 0;
}
