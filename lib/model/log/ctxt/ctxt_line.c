/*
 * SPDX-License-Identifier: MIT
 * One line of a .ctxt log, by the book: seven fields, Context's words and ours, into a record.
 * Must not be the fast path: ctxt_lines.h is, and sends here whatever it does not recognise. Invariant:
 * both give the same records for the same line.
 */
#include "ctxt_words.h"
#include "model/log/import/import.h"
#include "model/log/reader.h"

#define SECONDS_MAX 9223372036u /* what int64 nanoseconds can hold */

int wk_reader_unsigned(const char *bytes, size_t count, uint64_t max, uint64_t *number)
{
    uint64_t value = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t digit = (uint64_t)(unsigned char)bytes[i] - '0';
        if (digit > 9 || value > (max - digit) / 10) {
            return 0;
        }
        value = value * 10 + digit;
    }
    *number = value;
    return count > 0;
}

/* Seconds with any number of decimals; what is finer than a nanosecond is cut off. */
int wk_reader_time(const char *bytes, size_t count, int64_t *time_ns)
{
    size_t point = 0;
    while (point < count && bytes[point] != '.') {
        point++;
    }
    uint64_t seconds;
    if (!wk_reader_unsigned(bytes, point, SECONDS_MAX - 1, &seconds)) {
        return 0;
    }
    int64_t fraction = 0, unit = 100000000;
    for (size_t i = point + 1; i < count; i++) {
        int64_t digit = bytes[i] - '0';
        if (digit < 0 || digit > 9) {
            return 0;
        }
        fraction += digit * unit;
        unit /= 10;
    }
    *time_ns = (int64_t)seconds * 1000000000 + fraction;
    return 1;
}

static double power_of_ten(int exponent)
{
    double power = 1, base = 10;
    for (int n = exponent < 0 ? -exponent : exponent; n; n >>= 1) {
        if (n & 1) {
            power *= base;
        }
        base *= base;
    }
    return power;
}

/* Decimal point whatever the locale. Exact for up to 15 digits and small exponents, which is what our
 * writer needs for counters; otherwise within a few units in the last place. */
int wk_reader_double(const char *bytes, size_t count, double *number)
{
    size_t at = 0;
    int negative = count && bytes[0] == '-';
    at += negative || (count && bytes[0] == '+');
    uint64_t digits = 0;
    int seen = 0, point = 0, scale = 0, exponent = 0, exponent_sign = 1;
    for (; at < count; at++) {
        char c = bytes[at];
        if (c == '.' && !point) {
            point = 1;
        } else if (c >= '0' && c <= '9') {
            seen = 1;
            if (digits < UINT64_MAX / 10 - 9) {
                digits = digits * 10 + (uint64_t)(c - '0');
                scale -= point;
            } else {
                scale += !point;
            }
        } else {
            break;
        }
    }
    if (!seen) {
        return 0;
    }
    if (at < count && (bytes[at] == 'e' || bytes[at] == 'E')) {
        at++;
        if (at < count && (bytes[at] == '-' || bytes[at] == '+')) {
            exponent_sign = bytes[at++] == '-' ? -1 : 1;
        }
        uint64_t value;
        if (!wk_reader_unsigned(bytes + at, count - at, 9999, &value)) {
            return 0;
        }
        exponent = (int)value;
        at = count;
    }
    if (at < count) {
        return 0;
    }
    exponent = exponent * exponent_sign + scale;
    double value = (double)digits;
    /* In two steps: 10^-330 is not a number, but 10^-308 / 10^22 is. */
    for (int left = exponent; left && value != 0.0;) {
        int step = left > 300 ? 300 : left < -300 ? -300 : left;
        value = step < 0 ? value / power_of_ten(step) : value * power_of_ten(step);
        left -= step;
        if (value > 1.7976931348623157e308) {
            break;
        }
    }
    *number = negative ? -value : value;
    return 1;
}

static void emit_end(struct wick_reader *reader, const struct wk_line *line, uint8_t kind)
{
    struct wk_reader_track *track = &wk_reader_tracks(reader)[line->track];
    struct wick_record *r = wk_reader_next_record(reader);
    *r = (struct wick_record){.time_ns = line->time_ns, .track = line->track, .site = WICK_NONE,
                              .text = line->text, .text_bytes = line->text_bytes, .kind = kind,
                              .u.cpu_ns = track->cpu_ns};
    if (kind == WICK_RECORD_ENDER) {
        r->unfinished = track->unfinished;
    }
    track->cpu_ns = -1;
    track->unfinished = WICK_FINISHED;
}

int wk_reader_is_bracket(const struct wk_line *line)
{
    static const char start[] = " start", end[] = "wick end";
    if (line->location_bytes != 1 || line->location[0] != '-' || line->text_bytes < 8 ||
        memcmp(line->text, "wick ", 5) != 0) {
        return 0;
    }
    uint32_t tail = sizeof start - 1;
    return memcmp(line->text + line->text_bytes - tail, start, tail) == 0 ||
           (line->text_bytes == sizeof end - 1 && memcmp(line->text, end, sizeof end - 1) == 0);
}

static void emit_context(struct wick_reader *reader, const struct wk_line *line, uint8_t kind)
{
    if (kind == WICK_RECORD_ENDOK || kind == WICK_RECORD_ENDER) {
        emit_end(reader, line, kind);
        return;
    }
    uint32_t process = wk_reader_tracks(reader)[line->track].process;
    uint32_t location = wk_reader_use_location(reader, process, line->location, line->location_bytes);
    if (location == WICK_NONE) {
        return;
    }
    struct wick_record r = {.time_ns = line->time_ns, .track = line->track, .site = WICK_NONE,
                            .text = line->text, .text_bytes = line->text_bytes, .kind = kind};
    if (kind == WICK_RECORD_START) {
        r.site = wk_reader_scope_site(reader, location, line->text, &r.text_bytes);
    } else if (kind == WICK_RECORD_MARK && wk_reader_is_bracket(line)) {
        r.kind = WICK_RECORD_THREAD_NAME; /* says nothing but the time */
        r.text_bytes = 0;
    } else if (kind == WICK_RECORD_MARK) {
        r.site = wk_reader_mark_site(reader, location);
    } else if (kind != WICK_RECORD_CLEAR) {
        r.site = wk_reader_lock_site(reader, location, line->text, line->text_bytes);
    }
    if (!reader->error) {
        *wk_reader_next_record(reader) = r;
    }
}

static int context_kind(const struct wk_line *line, uint8_t *kind)
{
    static const struct {
        char word[6];
        uint8_t kind;
    } words[] = {
#define WORD_ROW(name, word, text) {word, WICK_RECORD_##name},
        WK_CTXT_CONTEXT_WORDS(WORD_ROW)
#undef WORD_ROW
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (line->word_bytes == 5 && memcmp(line->word, words[i].word, 5) == 0) {
            *kind = words[i].kind;
            return 1;
        }
    }
    return 0;
}

void wk_reader_word(struct wick_reader *reader, const struct wk_line *line)
{
    uint8_t kind;
    if (context_kind(line, &kind)) {
        emit_context(reader, line, kind);
    } else if (!wk_reader_extension(reader, line)) {
        wk_reader_problem(reader, WICK_PROBLEM_WORD, line->word, line->word_bytes);
    }
}

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

int wk_reader_fields(struct wick_reader *reader, const char *text, size_t bytes, struct wk_line *line)
{
    const char *field[8];
    uint64_t pid;
    if (!split(text, bytes, field) || field[2] == field[1] + 1 || field[4] == field[3] + 1) {
        wk_reader_problem(reader, WICK_PROBLEM_TORN, text, bytes);
        return 0;
    }
    if (!wk_reader_time(field[0], (size_t)(field[1] - field[0] - 1), &line->time_ns)) {
        wk_reader_problem(reader, WICK_PROBLEM_TIME, text, bytes);
        return 0;
    }
    if (!wk_reader_unsigned(field[2], (size_t)(field[3] - field[2] - 1), UINT32_MAX - 1, &pid)) {
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
                                    (uint32_t)(field[2] - field[1] - 1), (uint32_t)pid);
    return line->track != WICK_NONE;
}

void wk_reader_line(struct wick_reader *reader, const char *text, size_t bytes)
{
    struct wk_line line;
    if (WICK_I_UNLIKELY(reader->form == WK_FORM_FOLDED || wk_foreign_begins_folded(reader, text, bytes))) {
        wk_foreign_folded(reader, text, bytes);
    } else if (wk_reader_fields(reader, text, bytes, &line)) {
        wk_reader_word(reader, &line);
    }
}
