/*
 * SPDX-License-Identifier: MIT
 * The lines of a log. See lines.h.
 * Invariant: each line comes once, with its time if it has one; of a line that is too long come the first bytes,
 * marked.
 */
#include "input/lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/messages.h"
#include "input/forms.h"
#include "input/input.h"
#include "input/log_problems.h"

struct line_source {
    const struct settings *settings;
    const char *path;
    struct input *input;
    struct wick_converter *converter; /* does not change a log that is text */
    char *raw, *block;
    size_t at, filled, capacity;
    uint64_t line;
    bool ended, skipping, unreadable;
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
    s->settings = settings;
    s->path = path;
    s->capacity = LINE_MAX_BYTES + (256u << 10);
    s->block = malloc(s->capacity);
    s->raw = malloc(RAW_BYTES);
    struct wick_text_out out = {add, s};
    s->converter = forms_converter(WICK_FORM_CTXT, &out);
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

/* Parse seconds with decimals, up to the first space or the end. */
static bool parse_seconds(const char *text, size_t bytes, int64_t *time_ns)
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
    return i == bytes || text[i] == ' ';
}

int64_t lines_time(const char *text, size_t bytes)
{
    int64_t time_ns;
    return parse_seconds(text, bytes, &time_ns) ? time_ns : 0;
}

static void refill(struct line_source *s)
{
    memmove(s->block, s->block + s->at, s->filled - s->at);
    s->filled -= s->at;
    s->at = 0;
    long got = input_read(s->input, s->raw, RAW_BYTES);
    s->ended = got <= 0;
    int rc = s->ended ? wick_converter_finish(s->converter) : wick_converter_feed(s->converter, s->raw, (size_t)got);
    if (rc < 0) {
        tool_error(s->settings, "%s: %s", s->path, wick_error_text(rc));
    }
    s->ended = s->ended || rc < 0;
    s->unreadable = s->unreadable || got < 0 || rc < 0;
}

bool lines_were_all(const struct line_source *s)
{
    const struct wick_reader *reader = wick_converter_reader(s->converter);
    struct wick_reader_stats stats;
    wick_reader_stats_read(reader, &stats);
    if (stats.problems[WICK_PROBLEM_VERSION]) {
        problems_report(reader, s->path);
    }
    return !s->unreadable && !stats.problems[WICK_PROBLEM_VERSION];
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
        line->time_ns = 0;
        line->has_time = parse_seconds(from, line->bytes, &line->time_ns);
        s->skipping = line->too_long;
        s->at += line->bytes + (newline ? 1 : 0);
        return true;
    }
}

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

void lines_skip_mark(struct text_line *line)
{
    if (line->number == 1 && line->bytes >= 3 && memcmp(line->text, "\xef\xbb\xbf", 3) == 0) {
        line->text += 3;
        line->bytes -= 3;
        line->has_time = parse_seconds(line->text, line->bytes, &line->time_ns);
    }
}
