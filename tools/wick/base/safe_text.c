/*
 * SPDX-License-Identifier: MIT
 * Names and texts of logs for people. See safe_text.h.
 */
#include "base/safe_text.h"

#include <stdlib.h>
#include <string.h>

#include "wick/tree.h"

char *safe_copy(const char *text, size_t bytes)
{
    size_t safe_bytes = wick_text_safe(NULL, 0, text, bytes);
    char *safe = malloc(safe_bytes + 1);
    if (safe) {
        wick_text_safe(safe, safe_bytes, text, bytes);
        safe[safe_bytes] = 0;
    }
    return safe;
}

void safe_vprint(FILE *to, const char *format, va_list arguments)
{
    char *raw = NULL;
    int bytes = vasprintf(&raw, format, arguments);
    char *safe = bytes < 0 ? NULL : safe_copy(raw, (size_t)bytes);
    if (safe) {
        fputs(safe, to);
    }
    free(safe);
    free(bytes < 0 ? NULL : raw);
}

void safe_print(FILE *to, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    safe_vprint(to, format, arguments);
    va_end(arguments);
}

void safe_csv(FILE *to, const char *text, size_t bytes, bool quoted)
{
    char *safe = safe_copy(text, bytes);
    const char *at = safe ? safe : "";
    quoted = quoted || strpbrk(at, ",\"\n");
    if (quoted) {
        putc('"', to);
    }
    if (*at && strchr("=+-@", *at)) {
        putc('\'', to);
    }
    for (; *at; at++) {
        if (*at == '"') {
            putc('"', to);
        }
        putc(*at, to);
    }
    if (quoted) {
        putc('"', to);
    }
    free(safe);
}
