/*
 * SPDX-License-Identifier: MIT
 * Metrics as text. See exposition.h.
 */
#include "exposition.h"

#include <string.h>

#include "base/heap.h"
#include "model/base/number.h"
#include "model/base/utf8.h"

enum { NS = 1000000000 };

void wk_exposition_put(struct wk_exposition *to, const char *bytes, size_t count)
{
    to->failed = to->failed || wk_array_append(&to->text, &wk_heap_allocator, bytes, count) < 0;
}

void wk_exposition_word(struct wk_exposition *to, const char *word)
{
    wk_exposition_put(to, word, strlen(word));
}

void wk_exposition_fini(struct wk_exposition *to)
{
    wk_array_free(&to->text, &wk_heap_allocator, 1);
}

/* ---- families -------------------------------------------------------------------------------- */

static bool is_counter(const struct wk_family *family)
{
    return strcmp(family->type, "counter") == 0;
}

static void put_about(struct wk_exposition *to, const char *what, const struct wk_family *family, const char *value)
{
    wk_exposition_word(to, "# ");
    wk_exposition_word(to, what);
    wk_exposition_word(to, " ");
    wk_exposition_word(to, family->name);
    wk_exposition_word(to, !to->open && is_counter(family) ? "_total " : " ");
    wk_exposition_word(to, value);
    wk_exposition_word(to, "\n");
}

void wk_exposition_family(struct wk_exposition *to, const struct wk_family *family)
{
    to->name = family->name;
    put_about(to, "HELP", family, family->help);
    put_about(to, "TYPE", family, family->type);
    if (to->open && family->unit[0]) {
        put_about(to, "UNIT", family, family->unit);
    }
}

/* ---- samples --------------------------------------------------------------------------------- */

void wk_sample_begin(struct wk_exposition *to, const char *suffix)
{
    wk_exposition_word(to, to->name);
    wk_exposition_word(to, suffix);
    to->labelled = false;
}

static void put_escaped(struct wk_exposition *to, const char *text, size_t bytes)
{
    static const char digits[] = "0123456789abcdef";
    const char *end = text + bytes, *plain = text;

    while (text < end) {
        uint32_t code, size = wk_utf8_read(text, (size_t)(end - text), &code);
        const char hex[] = {'\\', '\\', 'x', digits[(unsigned char)*text >> 4], digits[(unsigned char)*text & 15], 0};
        const char *escape = !size ? hex : code == '\n' ? "\\n" : code == '"' ? "\\\"" : code == '\\' ? "\\\\" : NULL;

        if (escape) {
            wk_exposition_put(to, plain, (size_t)(text - plain));
            wk_exposition_word(to, escape);
        }
        text += size ? size : 1;
        plain = escape ? text : plain;
    }
    wk_exposition_put(to, plain, (size_t)(end - plain));
}

void wk_sample_label(struct wk_exposition *to, const char *name, const char *text, size_t bytes)
{
    wk_exposition_word(to, to->labelled ? "," : "{");
    wk_exposition_word(to, name);
    wk_exposition_word(to, "=\"");
    put_escaped(to, text, bytes);
    wk_exposition_word(to, "\"");
    to->labelled = true;
}

void wk_sample_labels(struct wk_exposition *to, const char *labels, size_t bytes)
{
    wk_exposition_put(to, labels, bytes);
    to->labelled = true;
}

static void put_value(struct wk_exposition *to, const char *bytes, size_t count)
{
    wk_exposition_word(to, to->labelled ? "} " : " ");
    wk_exposition_put(to, bytes, count);
}

void wk_sample_unsigned(struct wk_exposition *to, uint64_t value)
{
    char text[24];

    put_value(to, text, (size_t)(wk_number_put_unsigned(text, value) - text));
}

void wk_sample_double(struct wk_exposition *to, double value)
{
    char text[32];

    put_value(to, text, wk_number_put(text, value));
}

uint32_t wk_exposition_seconds(char *to, int64_t time_ns)
{
    uint64_t magnitude = time_ns < 0 ? 0 - (uint64_t)time_ns : (uint64_t)time_ns;
    char *at = to;

    if (time_ns < 0) {
        *at++ = '-';
    }
    at = wk_number_put_unsigned(at, magnitude / NS);
    *at++ = '.';
    for (uint64_t left = magnitude % NS, unit = NS / 10; unit; left %= unit, unit /= 10) {
        *at++ = (char)('0' + left / unit);
    }
    while (at[-1] == '0' && at[-2] != '.') {
        at--;
    }
    return (uint32_t)(at - to);
}

void wk_sample_seconds(struct wk_exposition *to, int64_t time_ns)
{
    char text[32];

    put_value(to, text, wk_exposition_seconds(text, time_ns));
}

void wk_sample_exemplar(struct wk_exposition *to)
{
    wk_exposition_word(to, " # ");
    to->labelled = false;
}

void wk_sample_end(struct wk_exposition *to)
{
    wk_exposition_word(to, "\n");
}

void wk_exposition_lone(struct wk_exposition *to, const struct wk_family *family, uint64_t value)
{
    wk_exposition_family(to, family);
    wk_sample_begin(to, is_counter(family) ? "_total" : "");
    wk_sample_unsigned(to, value);
    wk_sample_end(to);
}
