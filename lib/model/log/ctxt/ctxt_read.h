/*
 * SPDX-License-Identifier: MIT
 * Reading the text form: bytes into lines (ctxt_text.c), the lines that are like those before them (ctxt_lines.h), one
 * line by the book (ctxt_line.c), what its word says (ctxt_records.c, ctxt_sites.c).
 * Invariant: the fast path and the slow one give the same records for the same line.
 */
#ifndef WICK_LIB_MODEL_LOG_CTXT_CTXT_READ_H
#define WICK_LIB_MODEL_LOG_CTXT_CTXT_READ_H

#include "model/base/number.h"
#include "model/log/tables/reader_state.h"

/* A line cut into its fields; pointers into the line. */
struct wk_line {
    int64_t time_ns;
    const char *word, *location, *text;
    uint32_t word_bytes, location_bytes, text_bytes;
    uint32_t track;
};

/* Bytes of .ctxt, cut anywhere. */
void wk_ctxt_text(struct wick_reader *reader, const char *bytes, size_t count);
/* The log ends: use a last line without its LF, unless it may be torn. */
void wk_ctxt_finish(struct wick_reader *reader);
/* The fields of a line; 0: it is none, which is counted. */
int wk_ctxt_fields(struct wick_reader *reader, const char *text, size_t bytes, struct wk_line *line);
/* One whole line without its LF, by the book. */
void wk_ctxt_line(struct wick_reader *reader, const char *line, size_t bytes);
/* A line whose time, track and fields are known. */
void wk_ctxt_word(struct wick_reader *reader, const struct wk_line *line);
/* The bookmarks that begin and end a log of ours bracket its time; they are no marks of the program. */
int wk_ctxt_is_bracket(const struct wk_line *line);
/* A `site` line; 0: its text is not what it should be. */
int wk_ctxt_site_line(struct wick_reader *reader, const struct wk_line *line);

/* Complete lines from `at` on that look like the lines before them; returns where it stopped. */
const char *wk_ctxt_lines_plain(struct wick_reader *reader, const char *at, const char *end);
const char *wk_ctxt_lines_sse2(struct wick_reader *reader, const char *at, const char *end);
const char *wk_ctxt_lines_avx2(struct wick_reader *reader, const char *at, const char *end);
const char *wk_ctxt_lines_simd128(struct wick_reader *reader, const char *at, const char *end);

#endif
