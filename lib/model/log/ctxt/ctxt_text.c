/*
 * SPDX-License-Identifier: MIT
 * Bytes of a text into its lines: the fast path first, then one line after the other to whoever reads them.
 * Invariant: where the bytes are cut between two calls never changes what is read.
 */
#include "ctxt_read.h"

static const char *find_newline(const char *at, const char *end)
{
    for (; end - at >= 8; at += 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        word ^= 0x0a0a0a0a0a0a0a0au;
        if ((word - 0x0101010101010101u) & ~word & 0x8080808080808080u) {
            break;
        }
    }
    for (; at < end; at++) {
        if (*at == '\n') {
            return at;
        }
    }
    return NULL;
}

static int carry_add(struct wick_reader *reader, const char *bytes, size_t count)
{
    if (reader->skipping || count > WK_READER_LINE_MAX - reader->carry.count) {
        reader->skipping = 1;
    } else if (wk_array_append(&reader->carry, reader->allocator, bytes, count) < 0) {
        reader->error = WICK_E_NOMEM;
    }
    return reader->error;
}

/* The carried line is complete: use it, and hand its records out before the buffer changes. */
static void carry_use(struct wick_reader *reader)
{
    reader->stats.lines++;
    if (reader->skipping) {
        wk_reader_problem(reader, WICK_PROBLEM_LONG, reader->carry.items, reader->carry.count);
    } else {
        reader->use_line(reader, reader->carry.items, reader->carry.count);
    }
    wk_reader_flush(reader);
    reader->skipping = 0;
    reader->carry.count = 0;
}

void wk_ctxt_text(struct wick_reader *reader, const char *bytes, size_t count)
{
    const char *at = bytes, *end = bytes + count;
    if (reader->carry.count || reader->skipping) {
        const char *newline = find_newline(at, end);
        if (carry_add(reader, at, (size_t)((newline ? newline : end) - at)) < 0 || !newline) {
            return;
        }
        carry_use(reader);
        at = newline + 1;
    }
    while (at < end && !reader->error) {
        at = reader->fast_lines(reader, at, end);
        const char *newline = find_newline(at, end);
        if (!newline) {
            break;
        }
        reader->stats.lines++;
        if (WICK_I_LIKELY(newline - at <= (ptrdiff_t)WK_READER_LINE_MAX)) {
            reader->use_line(reader, at, (size_t)(newline - at));
        } else {
            wk_reader_problem(reader, WICK_PROBLEM_LONG, at, (size_t)(newline - at));
        }
        at = newline + 1;
    }
    wk_reader_flush(reader);
    if (at < end && !reader->error) {
        carry_add(reader, at, (size_t)(end - at));
    }
}

/* A last line without a newline may be torn anywhere. Only Context's own words survive that: a cut text
 * stays a text, but a cut number would be another number. */
static int last_line_is_usable(const char *line, size_t bytes)
{
    uint32_t spaces = 0;
    char word = 0;
    for (size_t i = 0; i < bytes && spaces < 6; i++) {
        if (line[i] == ' ' && ++spaces == 4 && i + 1 < bytes) {
            word = line[i + 1];
        }
    }
    return spaces == 6 && word >= 'A' && word <= 'Z';
}

void wk_ctxt_finish(struct wick_reader *reader)
{
    const char *line = reader->carry.items;
    if (!reader->carry.count && !reader->skipping) {
        return;
    }
    if (reader->use_line != wk_ctxt_line || reader->skipping || last_line_is_usable(line, reader->carry.count)) {
        carry_use(reader);
        return;
    }
    reader->stats.lines++;
    wk_reader_problem(reader, WICK_PROBLEM_END, line, reader->carry.count);
    reader->carry.count = 0;
}
