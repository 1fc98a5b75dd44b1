/*
 * SPDX-License-Identifier: MIT
 * Writing JSON, and reading one flat object of strings. See json.h.
 */
#include "json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void wk_json_fini(struct wk_json *json)
{
    free(json->text);
    *json = (struct wk_json){0};
}

static char *room(struct wk_json *json, size_t bytes)
{
    if (json->capacity - json->used < bytes) {
        size_t capacity = json->used + bytes > 2 * json->capacity ? json->used + bytes : 2 * json->capacity;
        char *grown = json->failed ? NULL : realloc(json->text, capacity);

        if (!grown) {
            json->failed = true;
            return NULL;
        }
        json->text = grown;
        json->capacity = capacity;
    }
    return json->text + json->used;
}

void wk_json_bytes(struct wk_json *json, const void *bytes, size_t count)
{
    char *to = room(json, count);

    if (to) {
        memcpy(to, bytes, count);
        json->used += count;
    }
}

void wk_json_raw(struct wk_json *json, const char *text)
{
    wk_json_bytes(json, text, strlen(text));
}

/* Bytes of the character at `at`; 0: it is not valid UTF-8. */
static size_t character(const unsigned char *at, size_t left)
{
    size_t bytes = at[0] < 0x80 ? 1 : at[0] >= 0xc2 && at[0] < 0xe0 ? 2 : (at[0] & 0xf0) == 0xe0 ? 3
                 : at[0] >= 0xf0 && at[0] < 0xf5 ? 4 : 0;

    if (bytes > left) {
        return 0;
    }
    for (size_t i = 1; i < bytes; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f) || (at[0] == 0xf0 && at[1] < 0x90) ||
        (at[0] == 0xf4 && at[1] > 0x8f)) {
        return 0;
    }
    return bytes;
}

void wk_json_text(struct wk_json *json, const char *text, size_t bytes)
{
    const unsigned char *at = (const unsigned char *)text;

    wk_json_raw(json, "\"");
    while (bytes > 0) {
        size_t length = character(at, bytes);
        char escape[8];

        if (length == 0) {
            wk_json_raw(json, "\\ufffd");
            length = 1;
        } else if (length == 1 && (at[0] < 0x20 || at[0] == '"' || at[0] == '\\' || at[0] == '<' || at[0] == 0x7f)) {
            snprintf(escape, sizeof escape, "\\u%04x", at[0]);
            wk_json_raw(json, escape);
        } else if (length == 3 && at[0] == 0xe2 && at[1] == 0x80 && (at[2] & 0xfe) == 0xa8) {
            wk_json_raw(json, at[2] == 0xa8 ? "\\u2028" : "\\u2029"); /* line terminators in JavaScript */
        } else {
            wk_json_bytes(json, at, length);
        }
        at += length;
        bytes -= length;
    }
    wk_json_raw(json, "\"");
}

static void name_of(struct wk_json *json, const char *name)
{
    if (json->used && json->text[json->used - 1] != '{' && json->text[json->used - 1] != '[') {
        wk_json_raw(json, ",");
    }
    wk_json_raw(json, "\"");
    wk_json_raw(json, name);
    wk_json_raw(json, "\":");
}

void wk_json_member_text(struct wk_json *json, const char *name, const char *text)
{
    name_of(json, name);
    wk_json_text(json, text, strlen(text));
}

void wk_json_member_raw(struct wk_json *json, const char *name, const char *value)
{
    name_of(json, name);
    wk_json_raw(json, value);
}

void wk_json_member_count(struct wk_json *json, const char *name, uint64_t count)
{
    char value[24];

    snprintf(value, sizeof value, "%" PRIu64, count);
    wk_json_member_raw(json, name, value);
}

void wk_json_member_ns(struct wk_json *json, const char *name, int64_t ns)
{
    char value[24];

    snprintf(value, sizeof value, "\"%" PRId64 "\"", ns);
    wk_json_member_raw(json, name, value);
}

/* ---- reading --------------------------------------------------------------------------------- */

static const char *skip_space(const char *at)
{
    return at + strspn(at, " \t\r\n");
}

static char *put_character(char *out, unsigned code)
{
    if (code < 0x80) {
        *out++ = (char)code;
    } else if (code < 0x800) {
        *out++ = (char)(0xc0 | code >> 6);
        *out++ = (char)(0x80 | (code & 63));
    } else {
        *out++ = (char)(0xe0 | code >> 12);
        *out++ = (char)(0x80 | (code >> 6 & 63));
        *out++ = (char)(0x80 | (code & 63));
    }
    return out;
}

/* Copy a string that begins after its quote; returns the position after it, NULL: not a string. */
static const char *take_string(const char *at, char *out, size_t bytes)
{
    static const char plain[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    char *end = out + bytes - 4;

    for (; *at != '"'; at++) {
        unsigned code;

        if ((unsigned char)*at < 0x20 || out >= end) {
            return NULL;
        }
        if (*at != '\\') {
            *out++ = *at;
            continue;
        }
        at++;
        const char *escape = *at ? strchr(plain, *at) : NULL;
        if (escape) {
            *out++ = meant[escape - plain];
        } else if (*at == 'u' && strspn(at + 1, "0123456789abcdefABCDEF") >= 4 && sscanf(at + 1, "%4x", &code) == 1) {
            out = put_character(out, code && (code < 0xd800 || code > 0xdfff) ? code : 0xfffd);
            at += 4;
        } else {
            return NULL;
        }
    }
    *out = 0;
    return at + 1;
}

bool wk_json_find(const char *object, const char *name, char *value, size_t value_bytes)
{
    const char *at = skip_space(object);
    char key[32];
    bool found = false;

    value[0] = 0;
    if (*at++ != '{') {
        return false;
    }
    for (at = skip_space(at); *at == '"'; at = skip_space(at + 1)) {
        char other[4096];

        at = take_string(at + 1, key, sizeof key);
        at = at ? skip_space(at) : NULL;
        if (!at || *at != ':') {
            return false;
        }
        bool this = strcmp(key, name) == 0;
        at = skip_space(at + 1);
        at = *at == '"' ? take_string(at + 1, this ? value : other, this ? value_bytes : sizeof other) : NULL;
        if (!at) {
            return false;
        }
        found = found || this;
        at = skip_space(at);
        if (*at != ',') {
            break;
        }
        if (*skip_space(at + 1) != '"') {
            return false;
        }
    }
    return *at == '}' && *skip_space(at + 1) == 0 && found;
}
