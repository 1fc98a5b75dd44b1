/*
 * SPDX-License-Identifier: MIT
 * Lines of logs that commands write. See log_lines.h.
 * Invariant: what is printed here, Context's compilers accept.
 */
#include "print/log_lines.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/words.h"
#include "input/context_rules.h"
#include "model/base/utf8.h"

#define LINE_LIMIT 60000u /* bytes with the LF, as in logs that the library writes */

bool line_is_usable(const struct text_line *line, struct text_field fields[7])
{
    if (!line->has_time || line->too_long || !lines_split(line, fields) || !fields[1].bytes || !fields[3].bytes ||
        !fields[2].bytes || fields[2].bytes > 10) {
        return false;
    }
    for (size_t i = 0; i < fields[2].bytes; i++) {
        if (fields[2].text[i] < '0' || fields[2].text[i] > '9') {
            return false;
        }
    }
    /* A last line without LF is torn: only its text may be shorter, its other fields would be wrong. */
    return line->has_newline || (fields[4].text[0] >= 'A' && fields[4].text[0] <= 'Z');
}

/* A name without white space of any kind. */
static void keep_name(char to[256], const struct text_field *field)
{
    snprintf(to, 256, "%.*s", field->bytes < 255 ? (int)field->bytes : 255, field->text);
    for (char *at = to; *at; at++) {
        size_t white = context_white_bytes(at, strlen(at));
        for (size_t i = 0; i < white; i++) {
            at[i] = '-';
        }
    }
}

void line_span_add(struct line_span *span, const struct text_line *line, const struct text_field fields[7])
{
    if (!span->usable++) {
        keep_name(span->node, &fields[1]);
        keep_name(span->thread, &fields[3]);
        span->pid = strtoull(fields[2].text, NULL, 10);
    }
    span->bytes += line->bytes + 1;
    span->first_ns = line->time_ns < span->first_ns ? line->time_ns : span->first_ns;
    span->last_ns = line->time_ns > span->last_ns ? line->time_ns : span->last_ns;
}

void line_put_time(FILE *to, int64_t time_ns)
{
    fprintf(to, "%" PRId64 ".%09" PRId64, time_ns / 1000000000, time_ns % 1000000000);
}

void line_put(FILE *to, const struct text_line *line)
{
    size_t written = 0;
    for (size_t at = 0; at < line->bytes && written < LINE_LIMIT - 4;) {
        uint32_t code, length = wk_utf8_read(line->text + at, line->bytes - at, &code);
        if (length && code) {
            fwrite(line->text + at, 1, length, to);
            written += length;
            at += length;
        } else {
            fputs(code ? "\xEF\xBF\xBD" : " ", to);
            written += 3;
            at++;
        }
    }
    putc('\n', to);
}

void line_put_mark(FILE *to, const struct line_span *span, int64_t time_ns, const char *text)
{
    line_put_time(to, time_ns);
    fprintf(to, " %s %" PRIu64 " %s BMARK - %s\n", span->node, span->pid, span->thread, text);
}
