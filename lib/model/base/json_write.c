/*
 * SPDX-License-Identifier: MIT
 * JSON as text; see wick/json.h.
 */
#include "wick/json.h"

#include "mem.h"
#include "number.h"
#include "utf8.h"

static void put(struct wick_json *json, const char *bytes, size_t count)
{
    if (!json->error) {
        int rc = json->out.write(json->out.user, bytes, count);
        json->error = rc < 0 ? rc : 0;
    }
}

/* What stands before a value: a comma, a line break, the member's name. */
static void before(struct wick_json *json, const char *name)
{
    char text[80];
    size_t used = 0, bytes = name ? wk_mem_length(name) : 0;
    if (json->separate) {
        text[used++] = ',';
    }
    if (json->next_line) {
        text[used++] = '\n';
    }
    json->separate = 1;
    json->next_line = 0;
    if (name) {
        bytes = bytes < sizeof text - 5 ? bytes : sizeof text - 5;
        text[used++] = '"';
        memcpy(text + used, name, bytes);
        used += bytes;
        text[used++] = '"';
        text[used++] = ':';
    }
    if (used) {
        put(json, text, used);
    }
}

void wick_json_begin(struct wick_json *json, const char *name, char bracket)
{
    before(json, name);
    put(json, &bracket, 1);
    json->separate = 0;
}

void wick_json_end(struct wick_json *json, char bracket)
{
    if (json->next_line) {
        put(json, "\n", 1);
        json->next_line = 0;
    }
    put(json, &bracket, 1);
    json->separate = 1;
}

void wick_json_line(struct wick_json *json)
{
    json->next_line = 1;
}

/* ---- texts ---- */

/* Write the escape for a character that may not stand for itself; returns its bytes, 0: it may. */
static uint32_t escape(char *to, uint32_t code)
{
    if (code >= 0x20 && code != '"' && code != '\\' && code != '<' && code != 0x7f && code != 0x2028 && code != 0x2029) {
        return 0;
    }
    to[0] = '\\';
    to[1] = (char)code;
    if (code == '"' || code == '\\') {
        return 2;
    }
    to[1] = 'u';
    for (uint32_t i = 0; i < 4; i++) {
        to[2 + i] = "0123456789abcdef"[code >> (12 - 4 * i) & 15];
    }
    return 6;
}

void wick_json_text(struct wick_json *json, const char *name, const char *text, size_t bytes)
{
    const char *from = text, *end = text + bytes;
    before(json, name);
    put(json, "\"", 1);
    for (const char *at = text; at < end;) {
        char special[6];
        uint32_t code, length = wk_utf8_read(at, (size_t)(end - at), &code);
        uint32_t escaped = escape(special, length ? code : 0xfffd);
        if (!length) {
            escaped = wk_utf8_put(special, 0xfffd);
        }
        if (escaped) {
            put(json, from, (size_t)(at - from));
            put(json, special, escaped);
            from = at + (length ? length : 1);
        }
        at += length ? length : 1;
    }
    put(json, from, (size_t)(end - from));
    put(json, "\"", 1);
}

void wick_json_string(struct wick_json *json, const char *name, const char *text)
{
    wick_json_text(json, name, text, wk_mem_length(text));
}

/* ---- numbers and words ---- */

static void value(struct wick_json *json, const char *name, const char *text, const char *end)
{
    before(json, name);
    put(json, text, (size_t)(end - text));
}

void wick_json_word(struct wick_json *json, const char *name, const char *word)
{
    value(json, name, word, word + wk_mem_length(word));
}

/* What JSON lets stand and we do not, is in a string. */
void wick_json_value(struct wick_json *json, const char *name, const char *text, size_t bytes)
{
    const char *from = text, *end = text + bytes;
    before(json, name);
    for (const char *at = text; at < end; at++) {
        char special[6];
        uint32_t code, length = (unsigned char)*at == 0xe2 || *at == '<' ? wk_utf8_read(at, (size_t)(end - at), &code) : 0;
        uint32_t escaped = length ? escape(special, code) : 0;
        if (escaped) {
            put(json, from, (size_t)(at - from));
            put(json, special, escaped);
            from = at + length;
            at = from - 1;
        }
    }
    put(json, from, (size_t)(end - from));
}

void wick_json_unsigned(struct wick_json *json, const char *name, uint64_t number)
{
    char text[24];
    value(json, name, text, wk_number_put_unsigned(text, number));
}

void wick_json_signed(struct wick_json *json, const char *name, int64_t number)
{
    char text[24];
    value(json, name, text, wk_number_put_signed(text, number));
}

void wick_json_duration(struct wick_json *json, const char *name, int64_t duration_ns)
{
    if (duration_ns < 0) {
        wick_json_word(json, name, "null");
    } else {
        wick_json_signed(json, name, duration_ns);
    }
}

void wick_json_time(struct wick_json *json, const char *name, int64_t time_ns)
{
    char text[24] = "\"", *end = wk_number_put_signed(text + 1, time_ns);
    *end++ = '"';
    value(json, name, text, end);
}

void wick_json_double(struct wick_json *json, const char *name, double number)
{
    char text[32];
    if (number - number != 0) {
        wick_json_word(json, name, "null");
    } else {
        value(json, name, text, text + wk_number_put(text, number));
    }
}

void wick_json_number(struct wick_json *json, const char *name, const struct wick_number *number)
{
    if (number->is_whole == WICK_WHOLE_UNSIGNED) {
        wick_json_unsigned(json, name, (uint64_t)number->whole);
    } else if (number->is_whole) {
        wick_json_signed(json, name, number->whole);
    } else {
        wick_json_double(json, name, number->value);
    }
}
