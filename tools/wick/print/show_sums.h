/*
 * SPDX-License-Identifier: MIT
 * The named sums (WICK_SUM, WICK_READ, WICK_WROTE) of the rows of a report.
 */
#ifndef WICK_TOOLS_WICK_PRINT_SHOW_SUMS_H
#define WICK_TOOLS_WICK_PRINT_SHOW_SUMS_H

#include <stdio.h>

#include "input/load.h"

/* Below a table: one line per sum, `+ NAME of KEY` with its unit and its rate. */
void show_sums(const struct load *load, const struct settings *settings, const struct wick_rows *rows, FILE *to);

/* For a field: `read 8193808 bytes; hits 12`. The caller frees it; NULL: no memory. */
char *sums_of_row(const struct load *load, const struct wick_rows *rows, uint32_t row);

#endif
