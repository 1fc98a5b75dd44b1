/*
 * SPDX-License-Identifier: MIT
 * Text for people, without printf: buffered output, names made safe for a terminal. Durations and numbers: wick/print.h.
 * Invariant: whatever bytes a name contains, wk_printer_name writes valid UTF-8 without control characters.
 */
#ifndef WICK_LIB_MODEL_BASE_PRINTER_H
#define WICK_LIB_MODEL_BASE_PRINTER_H

#include "mem.h"

struct wk_printer {
    const struct wick_text_out *out;
    uint32_t used;
    uint32_t column; /* of the current line, in characters */
    int error;       /* what write returned; nothing is written after it */
    char buffer[2048];
};

void wk_printer_init(struct wk_printer *text, const struct wick_text_out *out);
int wk_printer_flush(struct wk_printer *text);
/* Write bytes that need no check. */
void wk_printer_put(struct wk_printer *text, const char *bytes, size_t count);
void wk_printer_word(struct wk_printer *text, const char *word);
void wk_printer_spaces(struct wk_printer *text, uint32_t count);
void wk_printer_newline(struct wk_printer *text);
/* Write a number and the words for it, as wick_text_plural chooses them. */
void wk_printer_counted(struct wk_printer *text, uint64_t count, const char *forms);
/* Write a colour or another escape, which takes no column. */
void wk_printer_escape(struct wk_printer *text, const char *escape);
/* Write any bytes, made safe, cut after `limit` characters with an ellipsis; returns the characters written. */
uint32_t wk_printer_name(struct wk_printer *text, const char *bytes, size_t count, uint32_t limit);
/* How many characters wk_printer_name would write. */
uint32_t wk_text_width(const char *bytes, size_t count);

/* A time as a NUL-terminated word of at most 31 bytes: 190.25, up to six decimals. */
uint32_t wk_text_seconds(char *to, int64_t time_ns);
/* Write a word right-aligned: it ends at `column`. */
void wk_printer_right(struct wk_printer *text, const char *word, uint32_t column);

#endif
