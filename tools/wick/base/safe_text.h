/*
 * SPDX-License-Identifier: MIT
 * Names and texts of logs for people: without controls, on a terminal or not.
 */
#ifndef WICK_TOOLS_WICK_BASE_SAFE_TEXT_H
#define WICK_TOOLS_WICK_BASE_SAFE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A copy without controls but LF and tab; the caller frees it. NULL: no memory. */
char *safe_copy(const char *text, size_t bytes);

/* printf, with every control that comes out of it but LF and tab as an escape. */
void safe_print(FILE *to, const char *format, ...) __attribute__((format(printf, 2, 3)));
void safe_vprint(FILE *to, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));

/* A field of CSV, quoted where that is needed or asked for. One that a spreadsheet would take for a formula begins with
 * an apostrophe. */
void safe_csv(FILE *to, const char *text, size_t bytes, bool quoted);

#endif
