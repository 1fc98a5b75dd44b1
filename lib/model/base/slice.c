/*
 * SPDX-License-Identifier: MIT
 * Slices of JSON; see slice.h. The depth of brackets is counted, so that deep input needs no recursion.
 */
#include "slice.h"

#include <string.h>

#include "number.h"

static int is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static void skip_spaces(struct wk_slice *j)
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
        } else if (!depth && (*at == ',' || is_space(*at))) {
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

struct wk_slice wk_slice_inside(struct wk_slice value)
{
    skip_spaces(&value);
    value.at += value.at < value.end;
    return value;
}

int wk_slice_element(struct wk_slice *j, struct wk_slice *value)
{
    skip_spaces(j);
    if (j->at < j->end && *j->at == ',') {
        j->at++;
        skip_spaces(j);
    }
    if (j->at >= j->end || *j->at == ']' || *j->at == '}') {
        return 0;
    }
    value->at = j->at;
    j->at = value->end = skip_value(j->at, j->end);
    return value->end > value->at;
}

int wk_slice_member(struct wk_slice *j, struct wk_slice *key, struct wk_slice *value)
{
    if (!wk_slice_element(j, key) || *key->at != '"' || key->end - key->at < 2) {
        return 0;
    }
    key->at++;
    key->end--;
    skip_spaces(j);
    if (j->at >= j->end || *j->at != ':') {
        return 0;
    }
    j->at++;
    return wk_slice_element(j, value);
}

int wk_slice_is(struct wk_slice key, const char *word)
{
    if (key.at < key.end && *key.at == '"') {
        key.at++;
        key.end--;
    }
    while (key.at < key.end && *word && *key.at == *word) {
        key.at++;
        word++;
    }
    return key.at == key.end && !*word;
}

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

static uint32_t put_utf8(char *to, uint32_t code)
{
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        to[0] = (char)(0xc0 | code >> 6);
        to[1] = (char)(0x80 | (code & 63));
        return 2;
    }
    uint32_t at = 0;
    if (code < 0x10000) {
        to[at++] = (char)(0xe0 | code >> 12);
    } else {
        to[at++] = (char)(0xf0 | code >> 18);
        to[at++] = (char)(0x80 | (code >> 12 & 63));
    }
    to[at++] = (char)(0x80 | (code >> 6 & 63));
    to[at++] = (char)(0x80 | (code & 63));
    return at;
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

uint32_t wk_slice_text(struct wk_slice value, char *to, uint32_t capacity)
{
    uint32_t count = 0;
    int quoted = value.at < value.end && *value.at == '"';
    value.at += quoted;
    value.end -= quoted && value.end > value.at;
    while (value.at < value.end && count + 4 <= capacity) {
        uint32_t code = (unsigned char)*value.at;
        if (!quoted || code != '\\' || value.at + 1 >= value.end) {
            to[count++] = *value.at++;
            continue;
        }
        value.at = unescape(value.at + 1, value.end, &code);
        count += put_utf8(to + count, code);
    }
    return count;
}

static struct wk_slice without_quotes(struct wk_slice value)
{
    if (value.end - value.at >= 2 && *value.at == '"') {
        value.at++;
        value.end--;
    }
    return value;
}

int wk_slice_number(struct wk_slice value, double *number)
{
    value = without_quotes(value);
    return value.at < value.end && wk_number_double(value.at, (size_t)(value.end - value.at), number);
}

int wk_slice_thousandths(struct wk_slice value, int64_t *number)
{
    value = without_quotes(value);
    return value.at < value.end && wk_number_scaled(value.at, (size_t)(value.end - value.at), 3, number);
}
