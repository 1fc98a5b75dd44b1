/*
 * SPDX-License-Identifier: MIT
 * Whole lines of a log, for the commands that write logs or check their bytes: check, repair, merge.
 * Must not judge a line. Invariant: a line is handed out once, with its time when it has one; what is longer
 * than the limit comes in its first bytes, marked as cut.
 */
#include <stdlib.h>
#include <string.h>

#include "tool.h"

struct line_source {
    struct input *input;
    struct wick_converter *converter; /* a log that is text comes through it as it is */
    char *raw, *block;
    size_t at, filled, capacity;
    uint64_t line;
    bool ended, skipping;
};

#define RAW_BYTES (64u << 10)

#define LINE_MAX_BYTES (4u << 20)

static int add(void *user, const char *bytes, size_t count)
{
    struct line_source *s = user;
    if (count > s->capacity - s->filled) {
        char *grown = realloc(s->block, s->filled + count);
        if (!grown) {
            return WICK_E_NOMEM;
        }
        s->block = grown;
        s->capacity = s->filled + count;
    }
    memcpy(s->block + s->filled, bytes, count);
    s->filled += count;
    return 0;
}

struct line_source *lines_open(const struct settings *settings, const char *path)
{
    struct line_source *s = calloc(1, sizeof *s);
    if (!s) {
        tool_error(settings, "out of memory");
        return NULL;
    }
    s->capacity = LINE_MAX_BYTES + (256u << 10);
    s->block = malloc(s->capacity);
    s->raw = malloc(RAW_BYTES);
    struct wick_text_out out = {add, s};
    s->converter = convert_create(WICK_FORM_CTXT, &out);
    s->input = s->block && s->raw && s->converter ? input_open(settings, path) : NULL;
    if (!s->input) {
        lines_close(s);
        return NULL;
    }
    return s;
}

void lines_close(struct line_source *s)
{
    if (s) {
        input_close(s->input);
        wick_converter_destroy(s->converter);
        free(s->raw);
        free(s->block);
        free(s);
    }
}

/* Seconds with decimals, up to the first space. */
bool lines_time(const char *text, size_t bytes, int64_t *time_ns)
{
    int64_t seconds = 0, fraction = 0, unit = 100000000;
    size_t i = 0;
    for (; i < bytes && text[i] >= '0' && text[i] <= '9'; i++) {
        seconds = seconds * 10 + (text[i] - '0');
        if (i > 9 || seconds > 9223372035) {
            return false;
        }
    }
    if (i == 0) {
        return false;
    }
    if (i < bytes && text[i] == '.') {
        for (i++; i < bytes && text[i] >= '0' && text[i] <= '9'; i++, unit /= 10) {
            fraction += (text[i] - '0') * unit;
        }
    }
    *time_ns = seconds * 1000000000 + fraction;
    return i < bytes && text[i] == ' ';
}

static bool refill(struct line_source *s)
{
    memmove(s->block, s->block + s->at, s->filled - s->at);
    s->filled -= s->at;
    s->at = 0;
    long got = input_read(s->input, s->raw, RAW_BYTES);
    s->ended = got <= 0;
    int rc = s->ended ? wick_converter_finish(s->converter) : wick_converter_feed(s->converter, s->raw, (size_t)got);
    s->ended = s->ended || rc < 0;
    return !s->ended;
}

bool lines_next(struct line_source *s, struct text_line *line)
{
    for (;;) {
        char *from = s->block + s->at;
        size_t left = s->filled - s->at;
        char *newline = memchr(from, '\n', left);
        if (!newline && !s->ended && left < LINE_MAX_BYTES) {
            refill(s);
            continue;
        }
        if (!newline && !left) {
            return false;
        }
        if (s->skipping) { /* the rest of a line that was too long */
            s->skipping = !newline;
            s->at += newline ? (size_t)(newline + 1 - from) : left;
            continue;
        }
        line->bytes = newline ? (size_t)(newline - from) : left;
        line->text = from;
        line->number = ++s->line;
        line->has_newline = newline != NULL;
        line->too_long = !newline && !s->ended;
        line->has_time = lines_time(from, line->bytes, &line->time_ns);
        s->skipping = line->too_long;
        s->at += line->bytes + (newline ? 1 : 0);
        return true;
    }
}

/* The seven fields; false when there are fewer. */
bool lines_split(const struct text_line *line, struct text_field fields[7])
{
    const char *at = line->text, *end = line->text + line->bytes;
    for (int i = 0; i < 7; i++) {
        const char *space = i < 6 ? memchr(at, ' ', (size_t)(end - at)) : end;
        if (!space) {
            return false;
        }
        fields[i] = (struct text_field){at, (size_t)(space - at)};
        at = space + 1;
    }
    return true;
}

/* The length of a character at `at`; 0: not valid UTF-8. */
size_t lines_character(const char *text, size_t left)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t length = p[0] < 0x80 ? 1 : p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    if (length == 1) {
        return 1;
    }
    if (p[0] < 0xc2 || p[0] > 0xf4 || length > left) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    bool wrong = (p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xed && p[1] > 0x9f) ||
                 (p[0] == 0xf4 && p[1] > 0x8f);
    return wrong ? 0 : length;
}
