/*
 * SPDX-License-Identifier: MIT
 * JSON files of other tools: cuts the bytes into values and passes each to the form that its key names. A Chrome trace
 * is never kept as text: each event is used as soon as it is complete.
 * Invariant: the result does not depend on where the caller cuts the bytes.
 */
#include "import.h"

/* ---- JSON cut into values ---- */

static void keep(struct wick_reader *reader, struct wk_array *array, const char *bytes, size_t count)
{
    if (wk_array_append(array, reader->allocator, bytes, count) < 0) {
        reader->error = WICK_E_NOMEM;
    }
}

static int key_is(const struct wk_import *f, const char *word)
{
    return wk_slice_is((struct wk_slice){f->key, f->key + f->key_bytes}, word);
}

/* Keep a whole value. A carried one is long: its memory moves to `to` instead of being copied. */
static void keep_value(struct wick_reader *reader, struct wk_array *to, const char *at, const char *end)
{
    struct wk_import *f = reader->import;
    if (f->carry.count) {
        wk_array_free(to, reader->allocator, 1);
        *to = f->carry;
        f->carry = (struct wk_array){0};
    } else {
        keep(reader, to, at, (size_t)(end - at));
    }
}

/* Use a complete value: a Chrome event, or the value of one of speedscope's keys. */
static void use_value(struct wick_reader *reader, const char *at, const char *end)
{
    struct wk_import *f = reader->import;
    if (f->carry.count) {
        keep(reader, &f->carry, at, (size_t)(end - at));
        at = f->carry.items;
        end = at + f->carry.count;
    }
    if (reader->error) {
        return;
    }
    if (f->is_array || f->unit == 2) {
        f->events++;
        reader->stats.lines++;
        wk_import_chrome_event(reader, (struct wk_slice){at, end});
    } else if (key_is(f, "shared")) {
        keep_value(reader, &f->shared, at, end);
    } else if (key_is(f, "profiles")) {
        keep_value(reader, &f->profiles, at, end);
    }
    f->carry.count = 0;
}

/* Count a bracket outside of strings. Returns 1 when a value begins here, 2 when one has ended. */
static int bracket(struct wk_import *f, char c)
{
    if (c == '{' || c == '[') {
        if (!f->depth) {
            f->is_array = c == '[';
            f->unit = 1;
        } else if (f->depth == 1 && !f->is_array && c == '[' && key_is(f, "traceEvents")) {
            f->unit = 2;
        } else if (f->depth == f->unit && !f->in_value) {
            f->in_value = 1;
            f->depth++;
            return 1;
        }
        f->depth++;
        return 0;
    }
    f->depth -= f->depth > 0;
    if (f->in_value && f->depth == f->unit) {
        f->in_value = 0;
        return 2;
    }
    if (f->unit == 2 && f->depth == 1) {
        f->unit = 1; /* the array of events has ended */
    }
    return 0;
}

/* Skip the rest of a string; returns the position after its closing quote, or the end of the bytes. */
static const char *pass_string(struct wk_import *f, const char *at, const char *end)
{
    for (; at < end; at++) {
        if (f->escaped) {
            f->escaped = 0;
        } else if (*at == '\\') {
            f->escaped = 1;
        } else if (*at == '"') {
            f->in_string = f->in_key = 0;
            return at + 1;
        } else if (f->in_key && f->key_bytes < sizeof f->key) {
            f->key[f->key_bytes++] = *at;
        }
    }
    return end;
}

void wk_import_json(struct wick_reader *reader, const char *bytes, size_t count)
{
    struct wk_import *f = reader->import;
    const char *at = bytes, *end = bytes + count, *value = bytes;
    while (at < end && !reader->error) {
        if (f->in_string) {
            at = pass_string(f, at, end);
            continue;
        }
        char c = *at++;
        if (c == '"') {
            f->in_string = 1;
            f->in_key = f->depth == 1 && !f->is_array;
            f->key_bytes = f->in_key ? 0 : f->key_bytes;
        } else if ((c | 0x20) == '{' || (c | 0x20) == '}') { /* `[` and `{`, `]` and `}` differ by one bit */
            int what = bracket(f, c);
            if (what == 1) {
                value = at - 1;
            } else if (what == 2) {
                use_value(reader, value, at);
            }
        }
    }
    if (f->in_value && !reader->error) {
        keep(reader, &f->carry, value, (size_t)(end - value));
    }
    wk_reader_flush(reader);
}

/* ---- life ---- */

void wk_import_finish(struct wick_reader *reader)
{
    struct wk_import *f = reader->import;
    wk_import_folded_finish(reader);
    if (f->depth || f->in_string) {
        wk_reader_problem(reader, WICK_PROBLEM_END, f->carry.items, f->carry.count);
    }
    if (f->events) {
        wk_import_chrome_finish(reader);
    } else if (f->profiles.count) {
        wk_import_speedscope(reader);
    } else if (f->is_array || f->unit) {
        static const char text[] = "neither traceEvents nor profiles";
        wk_reader_problem(reader, WICK_PROBLEM_WORD, text, sizeof text - 1);
    }
    wk_reader_flush(reader);
    wk_import_free(reader);
}

void wk_import_free(struct wick_reader *reader)
{
    struct wk_import *f = reader->import;
    const struct wick_allocator *a = reader->allocator;
    if (!f) {
        return;
    }
    wk_array_free(&f->carry, a, 1);
    wk_array_free(&f->spans, a, sizeof(struct wk_import_span));
    wk_array_free(&f->tops, a, sizeof(uint32_t));
    wk_array_free(&f->texts, a, 1);
    wk_array_free(&f->shared, a, 1);
    wk_array_free(&f->profiles, a, 1);
    wk_array_free(&f->stack, a, sizeof(uint32_t));
    wk_mem_free(a, f, sizeof *f);
    reader->import = NULL;
}
