/*
 * SPDX-License-Identifier: MIT
 * Lines of logs that commands write: which lines of the input are usable, and what must be known to add lines to them.
 * Must not change a time. Invariant: see log_lines.c.
 */
#ifndef WICK_TOOLS_WICK_PRINT_LOG_LINES_H
#define WICK_TOOLS_WICK_PRINT_LOG_LINES_H

#include "input/lines.h"

/* What is known of the usable lines so far. */
struct line_span {
    int64_t first_ns, last_ns;
    uint64_t usable, left_out, bytes;
    char node[256], thread[256]; /* of the first one, as its process id */
    uint64_t pid;
};

/* A span without lines. */
#define LINE_SPAN_EMPTY {.first_ns = INT64_MAX, .last_ns = INT64_MIN}

/* Can Context and wick read this line? Splits it into its fields. */
bool line_is_usable(const struct text_line *line, struct text_field fields[7]);
void line_span_add(struct line_span *span, const struct text_line *line, const struct text_field fields[7]);

/* Print seconds with nine decimals. */
void line_put_time(FILE *to, int64_t time_ns);
/* Print a line as valid UTF-8 that is not longer than Context can read. */
void line_put(FILE *to, const struct text_line *line);
/* Print a bookmark of the thread that the first usable line is of. */
void line_put_mark(FILE *to, const struct line_span *span, int64_t time_ns, const char *text);

#endif
