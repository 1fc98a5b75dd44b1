/*
 * SPDX-License-Identifier: MIT
 * Rows as scripts take them: aligned by blanks alone, as CSV, TSV, lines of key and value, or JSON; with a header only if one is asked for.
 * Must not know what a row means, nor keep its cells: they are asked for.
 */
#ifndef WICK_TOOLS_WICK_PRINT_PLAIN_ROWS_H
#define WICK_TOOLS_WICK_PRINT_PLAIN_ROWS_H

#include "tool.h"

enum { PLAIN_BYTES = 4096 };

struct plain_column {
    const char *title;
    bool number; /* right-aligned; in JSON a number. Its cells have equally many digits behind the point */
};

struct plain_rows {
    const struct plain_column *columns;
    uint32_t column_count, row_count;
    /* Write a cell; "": there is none, null in JSON. */
    void (*cell)(void *user, uint32_t row, uint32_t column, char text[PLAIN_BYTES]);
    void *user;
};

/* The form that is asked for by --format, else by WICK_FORMAT, else "tabular". NULL after a message: WICK_FORMAT is none. */
const char *plain_form(const struct settings *settings);
/* A time since the epoch where the user is, to the minute or to the microsecond; "": 0, unknown. */
void plain_time(int64_t time_ns, bool exact, char text[PLAIN_BYTES]);
/* "1.39": seconds. */
void plain_seconds(int64_t duration_ns, char text[PLAIN_BYTES]);
/* Print JSON that `print` writes, as it is or indented. An exit code. */
int plain_json(const struct settings *settings, bool pretty, void (*print)(void *user, FILE *to), void *user);
/* Print rows in the form that is asked for. An exit code. */
int plain_print(const struct settings *settings, const struct plain_rows *rows);

#endif
