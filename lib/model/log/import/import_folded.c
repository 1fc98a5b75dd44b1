/*
 * SPDX-License-Identifier: MIT
 * Folded stacks: `main;load;parse 12`, a stack and its number of samples per line.
 */
#include "import.h"

/* The numbers at the end of a line: how many bytes stand before them, and the last one in thousandths. 0: there are none.
 * `columns`: how many there are to be, at most two; 0: as many as there are. */
struct folded_line {
    size_t bytes;
    int64_t thousandths;
    uint8_t columns, rounded;
};

static int number_before(const char *line, size_t end, size_t *at, int64_t *thousandths, uint8_t *rounded)
{
    int64_t finer;
    *at = end;
    while (*at && line[*at - 1] != ' ' && line[*at - 1] != '\t') {
        --*at;
    }
    size_t bytes = end - *at;
    if (*at < 2 || !bytes || line[*at] == '-' || line[*at] == '+' || !wk_number_scaled(line + *at, bytes, 3, thousandths)) {
        return 0;
    }
    *rounded = wk_number_scaled(line + *at, bytes, 6, &finer) && finer % 1000;
    *thousandths += *rounded && finer % 1000 >= 500;
    return 1;
}

static int split(const char *line, size_t bytes, uint8_t columns, struct folded_line *split)
{
    size_t at, before;
    int64_t old;
    uint8_t ignored;
    bytes -= bytes && line[bytes - 1] == '\r';
    *split = (struct folded_line){0};
    if (!number_before(line, bytes, &at, &split->thousandths, &split->rounded)) {
        return 0;
    }
    split->columns = 1;
    split->bytes = at - 1;
    if (columns != 1 && number_before(line, split->bytes, &before, &old, &ignored)) {
        split->columns = 2;
        split->bytes = before - 1;
    }
    return 1;
}

bool wk_import_is_folded(const char *line, size_t bytes)
{
    struct folded_line at;
    return bytes && line[0] != '#' && split(line, bytes, 0, &at);
}

static void pop_to(struct wick_reader *reader, uint32_t depth)
{
    struct wk_import *f = reader->import;
    while (f->stack.count > depth) {
        wk_import_put(reader, WICK_RECORD_ENDOK, f->track, ((const uint32_t *)f->stack.items)[--f->stack.count], f->time_ns);
    }
}

static void push(struct wick_reader *reader, uint32_t site)
{
    struct wk_import *f = reader->import;
    if (site == WICK_NONE || wk_array_reserve(&f->stack, reader->allocator, f->stack.count + 1, sizeof site) < 0) {
        reader->error = WICK_E_NOMEM;
        return;
    }
    ((uint32_t *)f->stack.items)[f->stack.count++] = site;
    wk_import_put(reader, WICK_RECORD_START, f->track, site, f->time_ns);
}

/* Walk along a stack: what it shares with the one before stays open. */
static void walk(struct wick_reader *reader, const char *line, size_t bytes)
{
    struct wk_import *f = reader->import;
    uint32_t depth = 0;
    for (size_t i = 0, from = 0; i <= bytes && !reader->error; i++) {
        if (i < bytes && line[i] != ';') {
            continue;
        }
        if (depth == WK_IMPORT_DEEP) {
            f->deep++;
            break;
        }
        struct wk_import_name name = {.name = line + from, .name_bytes = (uint32_t)(i - from), .file = "", .category = "",
                                      .colour = WICK_NONE};
        f->lengthy += i - from > WK_IMPORT_NAME;
        uint32_t site = wk_import_site(reader, &name);
        if (depth >= f->stack.count || ((const uint32_t *)f->stack.items)[depth] != site) {
            pop_to(reader, depth);
            push(reader, site);
        }
        depth++;
        from = i + 1;
    }
    pop_to(reader, depth);
}

/* A number's unit in ns; 0: it is no time. */
static int64_t time_unit(const struct wick_reader *reader)
{
    static const struct {
        char name[4];
        int64_t ns;
    } units[] = {{"ns", 1}, {"us", 1000}, {"ms", 1000000}, {"s", 1000000000}};
    for (size_t i = 0; reader->unit && i < sizeof units / sizeof *units; i++) {
        if (wk_mem_same(reader->unit, units[i].name)) {
            return units[i].ns;
        }
    }
    return 0;
}

int64_t wk_import_unit_ns(const struct wick_reader *reader)
{
    int64_t unit = time_unit(reader);
    return unit ? unit : 1000;
}

void wk_import_folded(struct wick_reader *reader, const char *line, size_t bytes)
{
    struct folded_line at;
    if (wk_import_begin(reader) < 0) {
        return;
    }
    struct wk_import *f = reader->import;
    bytes -= bytes && line[bytes - 1] == '\r';
    if (!bytes || line[0] == '#') {
        return;
    }
    int64_t unit = wk_import_unit_ns(reader);
    if (!split(line, bytes, f->columns, &at) || at.thousandths > (WK_IMPORT_OPEN / 4 - f->time_ns) / (unit < 1000 ? 1 : unit / 1000)) {
        wk_reader_problem(reader, WICK_PROBLEM_NUMBER, line, bytes);
        return;
    }
    f->columns = f->columns ? f->columns : at.columns;
    f->rounded += at.rounded;
    if (f->track == WICK_NONE && (f->track = wk_import_track(reader, 0, "stacks", 6)) == WICK_NONE) {
        return;
    }
    walk(reader, line, at.bytes);
    f->time_ns += unit >= 1000 ? at.thousandths * (unit / 1000) : at.thousandths * unit / 1000;
}

static void say_limit(struct wick_reader *reader, uint32_t count, const char *what)
{
    char digits[24];
    if (count) {
        *wk_number_put_unsigned(digits, count) = 0;
        wk_reader_say(reader, reader->remark.count ? ", " : "");
        wk_reader_say(reader, digits);
        wk_reader_say(reader, what);
    }
}

void wk_import_folded_finish(struct wick_reader *reader)
{
    struct wk_import *f = reader->import;
    if (f->track == WICK_NONE) {
        return;
    }
    pop_to(reader, 0);
    if (f->columns == 2) {
        wk_reader_say(reader, "two numbers per stack, old and new: the new ones are shown");
    }
    say_limit(reader, f->rounded, " numbers rounded to thousandths");
    say_limit(reader, f->deep, " stacks cut at 65,536 frames");
    say_limit(reader, f->lengthy, " names cut at 1,024 bytes");
    if (!time_unit(reader)) {
        wk_reader_say(reader, reader->remark.count ? "; the numbers are " : "the numbers are ");
        wk_reader_say(reader, reader->unit ? reader->unit : "samples");
        wk_reader_say(reader, ": 1 us stands for one");
    }
}
