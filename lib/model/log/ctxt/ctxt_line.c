/*
 * SPDX-License-Identifier: MIT
 * One line of a .ctxt log, by the book: its seven fields. What its word says is ctxt_records.c's.
 * Must not be the fast path: ctxt_lines.h is, and sends here whatever it does not recognise. Invariant:
 * both give the same records for the same line.
 */
#include "ctxt_read.h"

/* Cut the line at its first six spaces. */
static int split(const char *line, size_t bytes, const char *fields[8])
{
    uint32_t found = 0;
    fields[0] = line;
    for (size_t i = 0; i < bytes && found < 6; i++) {
        if (line[i] == ' ') {
            fields[++found] = line + i + 1;
        }
    }
    fields[7] = line + bytes + 1;
    return found == 6;
}

int wk_ctxt_fields(struct wick_reader *reader, const char *text, size_t bytes, struct wk_line *line)
{
    const char *field[8];
    uint64_t pid;
    if (!split(text, bytes, field) || field[2] == field[1] + 1 || field[4] == field[3] + 1) {
        wk_reader_problem(reader, WICK_PROBLEM_TORN, text, bytes);
        return 0;
    }
    if (!wk_number_time(field[0], (size_t)(field[1] - field[0] - 1), &line->time_ns)) {
        wk_reader_problem(reader, WICK_PROBLEM_TIME, text, bytes);
        return 0;
    }
    if (!wk_number_unsigned(field[2], (size_t)(field[3] - field[2] - 1), UINT64_MAX, &pid)) {
        wk_reader_problem(reader, WICK_PROBLEM_PID, text, bytes);
        return 0;
    }
    line->word = field[4];
    line->word_bytes = (uint32_t)(field[5] - field[4] - 1);
    line->location = field[5];
    line->location_bytes = (uint32_t)(field[6] - field[5] - 1);
    line->text = field[6];
    line->text_bytes = (uint32_t)(text + bytes - field[6]);
    line->track = wk_reader_track_of(reader, field[1] - 1, (size_t)(field[4] - field[1] + 1),
                                    (uint32_t)(field[2] - field[1] - 1));
    return line->track != WICK_NONE;
}

void wk_ctxt_line(struct wick_reader *reader, const char *text, size_t bytes)
{
    struct wk_line line;
    if (wk_ctxt_fields(reader, text, bytes, &line)) {
        wk_ctxt_word(reader, &line);
    }
}
