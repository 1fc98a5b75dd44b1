/*
 * SPDX-License-Identifier: MIT
 * Values of JSON in memory; see json.h. The depth of brackets is counted, so that deep input needs no recursion.
 */
#include "json.h"

#include "number.h"
#include "utf8.h"

static int is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static void skip_spaces(struct wk_json *j)
{
    while (j->at < j->end && is_space(*j->at)) {
        j->at++;
    }
}

/* The position after the string that begins at `at`; `end` when it is not closed. */
static const char *skip_string(const char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++) {
        at += *at == '\\';
    }
    return at < end ? at + 1 : end;
}

/* The position after the value that begins at `at`; only brackets, strings and separators are looked at. */
static const char *skip_value(const char *at, const char *end)
{
    uint32_t depth = 0;
    while (at < end) {
        if ((*at >= '-' && *at <= '9') || (*at >= 'a' && *at <= 'z')) { /* of a number or word */
            at++;
            continue;
        }
        if (*at == '"') {
            at = skip_string(at, end);
        } else if (*at == '{' || *at == '[') {
            depth++;
            at++;
        } else if (*at == '}' || *at == ']') {
            if (!depth) {
                return at; /* it closes the object or array around a number or word */
            }
            depth--;
            at++;
        } else if (!depth && (*at == ',' || *at == ':' || is_space(*at))) {
            return at;
        } else {
            at++;
            continue;
        }
        if (!depth) {
            return at;
        }
    }
    return at;
}

struct wk_json wk_json_inside(struct wk_json value)
{
    skip_spaces(&value);
    value.at += value.at < value.end;
    return value;
}

/* Read a value and the comma behind it. Where neither a comma nor a closing bracket follows, the rest is dropped, so that
 * the next call finds no bracket. */
static int take(struct wk_json *j, struct wk_json *value)
{
    value->at = j->at;
    j->at = value->end = skip_value(j->at, j->end);
    skip_spaces(j);
    if (j->at < j->end && *j->at == ',') {
        j->at++;
    } else if (j->at < j->end && *j->at != ']' && *j->at != '}') {
        j->at = j->end;
    }
    return value->end > value->at ? 1 : -1;
}

int wk_json_element(struct wk_json *j, struct wk_json *value)
{
    skip_spaces(j);
    if (j->at >= j->end) {
        return -1;
    }
    return *j->at == ']' || *j->at == '}' ? 0 : take(j, value);
}

int wk_json_member(struct wk_json *j, struct wk_json *key, struct wk_json *value)
{
    skip_spaces(j);
    if (j->at >= j->end || *j->at != '"') {
        return j->at < j->end && (*j->at == ']' || *j->at == '}') ? 0 : -1;
    }
    key->at = j->at;
    j->at = key->end = skip_string(j->at, j->end);
    skip_spaces(j);
    if (j->at >= j->end || *j->at != ':') {
        return -1;
    }
    j->at++;
    skip_spaces(j);
    return take(j, value);
}

struct wk_json wk_json_find(struct wk_json object, const char *name)
{
    struct wk_json inside = wk_json_inside(object), key, value;
    const size_t bytes = wk_mem_length(name);
    while (wk_json_member(&inside, &key, &value) > 0) {
        if (wk_json_is_word(key, name, bytes)) {
            return value;
        }
    }
    return (struct wk_json){0};
}

/* ---- strings ---- */

static int hex_digits(const char *at, const char *end, uint32_t *value)
{
    *value = 0;
    for (int i = 0; i < 4; i++, at++) {
        char c = at < end ? *at : 0;
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (digit < 0) {
            return 0;
        }
        *value = *value << 4 | (uint32_t)digit;
    }
    return 1;
}

/* Decode an escape after its backslash; returns the position after it. Half a surrogate pair is U+FFFD. */
static const char *unescape(const char *at, const char *end, uint32_t *code)
{
    static const char letters[] = "nrtbf", meanings[] = "\n\r\t\b\f";
    uint32_t low;
    *code = (unsigned char)*at;
    for (uint32_t i = 0; letters[i]; i++) {
        *code = *at == letters[i] ? (uint32_t)meanings[i] : *code;
    }
    if (*at != 'u' || !hex_digits(at + 1, end, code)) {
        return at + 1;
    }
    at += 5;
    if (*code >= 0xd800 && *code < 0xe000) {
        if (*code < 0xdc00 && end - at >= 6 && at[0] == '\\' && at[1] == 'u' && hex_digits(at + 2, end, &low) &&
            low >= 0xdc00 && low < 0xe000) {
            *code = 0x10000 + ((*code - 0xd800) << 10) + (low - 0xdc00);
            return at + 6;
        }
        *code = 0xfffd;
    }
    return at;
}

static struct wk_json without_quotes(struct wk_json value)
{
    int quoted = value.at < value.end && *value.at == '"';
    value.at += quoted;
    value.end -= quoted && value.end > value.at;
    return value;
}

/* Take the next character of a string without its quotes: one byte, or what an escape means. Returns its bytes. */
static uint32_t next_character(struct wk_json *string, char *to)
{
    uint32_t code;
    if (*string->at != '\\' || string->at + 1 >= string->end) {
        *to = *string->at++;
        return 1;
    }
    string->at = unescape(string->at + 1, string->end, &code);
    return wk_utf8_put(to, code);
}

int wk_json_is_all(struct wk_json string, const char *word)
{
    string = without_quotes(string);
    for (; string.at < string.end && *string.at != '\\'; string.at++) {
        if (!*word || *string.at != *word++) {
            return 0;
        }
    }
    while (string.at < string.end) {
        char character[4];
        for (uint32_t i = 0, bytes = next_character(&string, character); i < bytes; i++) {
            if (!*word || character[i] != *word++) {
                return 0;
            }
        }
    }
    return !*word;
}

/* The bytes that a string means, one after the other. */
struct spelling {
    struct wk_json rest;
    char bytes[4];
    uint32_t at, count;
};

static int next_byte(struct spelling *s)
{
    if (s->at == s->count) {
        if (s->rest.at >= s->rest.end) {
            return -1;
        }
        s->count = next_character(&s->rest, s->bytes);
        s->at = 0;
    }
    return (unsigned char)s->bytes[s->at++];
}

/* One that is cut off is not. */
static int in_quotes(struct wk_json string)
{
    return string.end - string.at > 1 && *string.at == '"' && string.end[-1] == '"';
}

/* As wk_json_same, of two strings in quotes as they stand; -1: what they mean depends on escapes. */
static int same_spelling(struct wk_json x, struct wk_json y)
{
    while (x.at < x.end && y.at < y.end && *x.at == *y.at && *x.at != '\\') {
        x.at++;
        y.at++;
    }
    if (x.at < x.end && y.at < y.end) {
        return *x.at == '\\' || *y.at == '\\' ? -1 : 0;
    }
    return x.at == x.end && y.at == y.end;
}

static int same_meaning(struct wk_json x, struct wk_json y)
{
    struct spelling a = {.rest = without_quotes(x)}, b = {.rest = without_quotes(y)};
    for (;;) {
        int byte = next_byte(&a);
        if (byte != next_byte(&b)) {
            return 0;
        }
        if (byte < 0) {
            return 1;
        }
    }
}

int wk_json_same(struct wk_json x, struct wk_json y)
{
    const int quick = in_quotes(x) && in_quotes(y) ? same_spelling(x, y) : -1;
    return quick >= 0 ? quick : same_meaning(x, y);
}

uint32_t wk_json_text(struct wk_json value, char *to, uint32_t capacity)
{
    uint32_t count = 0;
    int quoted = value.at < value.end && *value.at == '"';
    value = without_quotes(value);
    while (value.at < value.end && count + 4 <= capacity) {
        if (quoted && *value.at == '\\') {
            count += next_character(&value, to + count);
            continue;
        }
        const char *end = (size_t)(value.end - value.at) < capacity - 3 - count ? value.end : value.at + (capacity - 3 - count);
        while (value.at < end && (!quoted || *value.at != '\\')) {
            to[count++] = *value.at++;
        }
    }
    return count;
}

/* ---- numbers ---- */

static size_t bytes_of(struct wk_json value)
{
    return (size_t)(value.end - value.at);
}

int wk_json_double(struct wk_json value, double *number)
{
    value = without_quotes(value);
    return value.at < value.end && wk_number_double(value.at, bytes_of(value), number);
}

int wk_json_unsigned(struct wk_json value, uint64_t *number)
{
    value = without_quotes(value);
    return value.at < value.end && wk_number_unsigned(value.at, bytes_of(value), UINT64_MAX, number);
}

int wk_json_signed(struct wk_json value, int64_t *number)
{
    value = without_quotes(value);
    return value.at < value.end && wk_number_signed(value.at, bytes_of(value), number);
}

int wk_json_scaled(struct wk_json value, int decimals, int64_t *number)
{
    value = without_quotes(value);
    return value.at < value.end && wk_number_scaled(value.at, bytes_of(value), decimals, number);
}
