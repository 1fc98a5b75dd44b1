/*
 * SPDX-License-Identifier: MIT
 * Rows as an aligned text table, CSV or JSON, with --where, --sort and --limit.
 * Must not know what a row means. Invariant: see table.c.
 */
#ifndef WICK_TOOLS_WICK_PRINT_TABLE_H
#define WICK_TOOLS_WICK_PRINT_TABLE_H

#include "tool.h"

enum column_type {
    COLUMN_TEXT,
    COLUMN_ID,    /* a text that is copied: never cut */
    COLUMN_COUNT,
    COLUMN_OPEN,  /* a count, in text "1 open" */
    COLUMN_NS,    /* < 0: unknown, null in JSON and empty elsewhere */
    COLUMN_SHARE,
    COLUMN_NUMBER, /* NAN: unknown, as of COLUMN_NS */
    COLUMN_AMOUNT, /* exact where it is whole */
    COLUMN_EPOCH,  /* ns since the epoch, in text the local time; 0: unknown */
    COLUMN_TIME   /* ns since the log's start; in text seconds */
};

struct column {
    const char *name; /* in CSV and JSON, for --where and --sort: with its unit */
    const char *title; /* in text; NULL: the column is in CSV and JSON only */
    enum column_type type;
};

struct table;

/* Borrows the columns. NULL: no memory; the other functions accept that, and table_print reports it. */
struct table *table_create(const struct settings *settings, const struct column *columns, uint32_t count);
/* Add a cell; rows fill up from the left. */
void table_text(struct table *table, const char *text);
void table_count(struct table *table, uint64_t count);
void table_ns(struct table *table, int64_t ns);
void table_number(struct table *table, double number);
void table_amount(struct table *table, const struct wick_number *number);
/* Select and sort the rows, print the first `limit` (0: all), free the table. --sort and --limit replace `sort`,
 * `limit`. */
int table_print(struct table *table, const char *sort, uint32_t limit);

#endif
