/*
 * SPDX-License-Identifier: MIT
 * One line of a .ctxt log, by the book: seven fields, Context's words and ours, into a record.
 * Must not be the fast path: ctxt_lines.h is, and sends here whatever it does not recognise. Invariant:
 * both give the same records for the same line.
 */
#include "ctxt_read.h"
#include "ctxt_words.h"

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

int wk_ctxt_is_bracket(const struct wk_line *line)
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
    } else if (kind == WICK_RECORD_MARK && wk_ctxt_is_bracket(line)) {
        r.kind = WICK_RECORD_THREAD_NAME; /* says nothing but the time */
        r.text_bytes = 0;
    } else if (kind == WICK_RECORD_MARK) {
        r.site = wk_reader_instant_site(reader, location, WICK_SITE_MARK);
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

void wk_ctxt_word(struct wick_reader *reader, const struct wk_line *line)
{
    uint8_t kind;
    if (context_kind(line, &kind)) {
        emit_context(reader, line, kind);
    } else if (!wk_ctxt_extension(reader, line)) {
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
    if (!wk_number_unsigned(field[2], (size_t)(field[3] - field[2] - 1), UINT32_MAX - 1, &pid)) {
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

void wk_ctxt_line(struct wick_reader *reader, const char *text, size_t bytes)
{
    struct wk_line line;
    if (wk_ctxt_fields(reader, text, bytes, &line)) {
        wk_ctxt_word(reader, &line);
    }
}
