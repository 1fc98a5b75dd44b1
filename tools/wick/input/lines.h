/*
 * SPDX-License-Identifier: MIT
 * The lines of a log, for commands that write logs or check their bytes. Wire is read as the lines that it stands for.
 * Must not judge a line. Invariant: see lines.c.
 */
#ifndef WICK_TOOLS_WICK_INPUT_LINES_H
#define WICK_TOOLS_WICK_INPUT_LINES_H

#include "tool.h"

struct text_line {
    char *text;      /* without its LF; valid until the next call */
    size_t bytes;
    uint64_t number; /* 1: the first */
    int64_t time_ns; /* 0 without a time */
    bool has_time, has_newline, too_long;
};

struct text_field {
    const char *text;
    size_t bytes;
};

struct line_source;

/* NULL after a message. */
struct line_source *lines_open(const struct settings *settings, const char *path);
void lines_close(struct line_source *source); /* NULL is allowed */
bool lines_next(struct line_source *source, struct text_line *line);
/* Were all lines of the log read? Otherwise there was a message: it is in a form that is refused, or cannot be read. */
bool lines_were_all(const struct line_source *source);
/* Of the first line: leave out a byte order mark. */
void lines_skip_mark(struct text_line *line);
/* Seconds with decimals; 0: they are not. */
int64_t lines_time(const char *text, size_t bytes);
/* Split a line into its seven fields; false: it has fewer. */
bool lines_split(const struct text_line *line, struct text_field fields[7]);

#endif
