/*
 * SPDX-License-Identifier: MIT
 * Texts as JSON strings.
 * Must not print other JSON. Invariant: the output is valid JSON, whatever the bytes are.
 */
#ifndef WICK_TOOLS_WICK_PRINT_JSON_TEXT_H
#define WICK_TOOLS_WICK_PRINT_JSON_TEXT_H

#include <stddef.h>
#include <stdio.h>

/* Print the bytes between quotes. Each byte that is not UTF-8 becomes U+FFFD. */
void json_bytes(FILE *to, const char *bytes, size_t count);
void json_text(FILE *to, const char *text);

#endif
