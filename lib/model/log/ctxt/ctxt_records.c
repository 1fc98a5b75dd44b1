/*
 * SPDX-License-Identifier: MIT
 * A line whose fields are known becomes a record, a name or a property, by the shape of its kind.
 * Invariant: a line whose text is not what its word promises is counted and changes nothing.
 */
#include "ctxt_read.h"

/* What a line is, once its kind is known. */
enum outcome {
    NOT_AS_PROMISED, /* its text is not what its word promises */
    NO_RECORD,       /* a fact that the reader keeps, or a failed allocation */
    A_RECORD
};

static uint32_t location_of(struct wick_reader *reader, const struct wk_line *line)
{
    uint32_t process = wk_reader_tracks(reader)[line->track].process;
    return wk_reader_use_location(reader, process, line->location, line->location_bytes);
}

static void take_text(const struct wk_line *line, struct wick_record *r)
{
    r->text = line->text;
    r->text_bytes = line->text_bytes;
}

/* ---- scopes and whatever has a name ----------------------------------------------------------- */

static enum outcome start_line(struct wick_reader *reader, const struct wk_line *line, struct wick_record *r)
{
    uint32_t location = location_of(reader, line);
    take_text(line, r);
    r->site = location == WICK_NONE ? WICK_NONE : wk_reader_scope_site(reader, location, line->text, &r->text_bytes);
    return A_RECORD;
}

static enum outcome end_line(struct wick_reader *reader, const struct wk_line *line, struct wick_record *r)
{
    struct wk_reader_track *track = &wk_reader_tracks(reader)[line->track];
    take_text(line, r);
    r->u.cpu_ns = track->cpu_ns;
    r->unfinished = r->kind == WICK_RECORD_ENDER ? track->unfinished : WICK_FINISHED;
    track->cpu_ns = -1;
    track->unfinished = WICK_FINISHED;
    return A_RECORD;
}

/* What an OF_END line says of the END that follows. */
static enum outcome of_end_line(struct wick_reader *reader, const struct wk_line *line, uint8_t kind)
{
    struct wk_reader_track *track = &wk_reader_tracks(reader)[line->track];
    uint64_t number;
    if (kind == WK_KIND_UNFINISHED) {
        uint32_t reason = wk_kind_word_in(wk_reason_words, 1, WICK_UNFINISHED_KINDS, line->text, line->text_bytes);
        track->unfinished = (uint8_t)(reason < WICK_UNFINISHED_KINDS ? reason : WICK_FINISHED);
        return reason < WICK_UNFINISHED_KINDS ? NO_RECORD : NOT_AS_PROMISED;
    }
    if (!wk_number_unsigned(line->text, line->text_bytes, INT64_MAX, &number)) {
        return NOT_AS_PROMISED;
    }
    track->cpu_ns = (int64_t)number;
    return NO_RECORD;
}

int wk_ctxt_is_bracket(const struct wk_line *line)
{
    return line->location_bytes == 1 && line->location[0] == '-' && line->text_bytes > 5 && memcmp(line->text, "wick ", 5) == 0;
}

static enum outcome named_line(struct wick_reader *reader, const struct wk_line *line, uint8_t site, struct wick_record *r)
{
    uint32_t location = location_of(reader, line);
    if (location == WICK_NONE) {
        return NO_RECORD;
    }
    take_text(line, r);
    if (r->kind == WICK_RECORD_MARK && wk_ctxt_is_bracket(line)) {
        r->kind = WICK_RECORD_THREAD_NAME; /* says nothing but the time */
        r->text_bytes = 0;
    } else if (site == WICK_SITE_LOCK) {
        r->site = wk_reader_lock_site(reader, location, line->text, line->text_bytes);
    } else if (site != WICK_SITE_FOREIGN) {
        r->site = wk_reader_instant_site(reader, location, site);
    }
    if (r->kind >= WK_KIND_LOCKW2 && r->kind <= WK_KIND_LOCKR2) {
        r->kind = (uint8_t)(r->kind - WK_KIND_LOCKW2 + WICK_RECORD_LOCKW);
    }
    return A_RECORD;
}

/* ---- numbers ---------------------------------------------------------------------------------- */

/* A number as a program may record it: `nan` and `inf` are printf's words, with or without a sign. */
static int double_of(const struct wk_line *line, double *number)
{
    const char *word = line->text + line->text_bytes - 3;

    if (line->text_bytes - 3u < 2 && ((word[0] == 'n' && word[2] == 'n') || (word[0] == 'i' && word[2] == 'f'))) {
        *number = word[0] == 'n' ? __builtin_nan("") : line->text == word ? __builtin_inf() : -__builtin_inf();
        return 1;
    }
    return wk_number_double(line->text, line->text_bytes, number);
}

static enum outcome number_line(struct wick_reader *reader, const struct wk_line *line, const struct wk_kind *kind,
                                struct wick_record *r)
{
    int good;
    switch (kind->shape) {
    case WK_SHAPE_INTEGER:
    case WK_SHAPE_SITE_INTEGER:
        good = wk_number_signed(line->text, line->text_bytes, &r->u.integer);
        break;
    case WK_SHAPE_UNSIGNED:
    case WK_SHAPE_SITE_UNSIGNED:
        good = wk_number_unsigned(line->text, line->text_bytes, UINT64_MAX, &r->u.count);
        break;
    default:
        good = double_of(line, &r->u.number);
    }
    if (!good) {
        return NOT_AS_PROMISED;
    }
    if (wk_shape_names_site(kind->shape)) {
        uint32_t location = location_of(reader, line);
        r->site = location == WICK_NONE ? WICK_NONE : wk_reader_instant_site(reader, location, kind->site);
        return r->site == WICK_NONE ? NO_RECORD : A_RECORD;
    }
    return A_RECORD;
}

static uint32_t space_in(const char *text, uint32_t bytes)
{
    uint32_t at = 0;
    while (at < bytes && text[at] != ' ') {
        at++;
    }
    return at;
}

static enum outcome property_line(struct wick_reader *reader, const struct wk_line *line, uint8_t stat)
{
    uint32_t key = space_in(line->text, line->text_bytes);
    if (!key || reader->runs.count == WK_READER_RUNS) {
        return key ? NO_RECORD : NOT_AS_PROMISED;
    }
    uint32_t value = key < line->text_bytes ? key + 1 : key;
    struct wick_property info = {
        .track = line->track, .stat = stat,
        .key = wk_arena_text(&reader->strings, line->text, key),
        .value = wk_arena_text(&reader->strings, line->text + value, line->text_bytes - value)};
    wk_reader_keep_property(reader, &info);
    if (!stat && !reader->error) {
        (void)wk_reader_process_property(reader, line->track, info.key, info.value);
    }
    return NO_RECORD;
}

/* `count [time]` */
static enum outcome lost_line(const struct wk_line *line, struct wick_record *r)
{
    uint32_t space = space_in(line->text, line->text_bytes);
    r->first_ns = line->time_ns;
    return wk_number_unsigned(line->text, space, UINT64_MAX / 2, &r->u.count) &&
                   (space == line->text_bytes ||
                    wk_number_time(line->text + space + 1, line->text_bytes - space - 1, &r->first_ns))
               ? A_RECORD
               : NOT_AS_PROMISED;
}

/* `KEY attempt` */
static enum outcome bind_line(const struct wk_line *line, struct wick_record *r)
{
    uint32_t space = space_in(line->text, line->text_bytes);
    r->text = line->text;
    r->text_bytes = space;
    return space && space < line->text_bytes &&
                   wk_number_unsigned(line->text + space + 1, line->text_bytes - space - 1, UINT64_MAX, &r->u.count)
               ? A_RECORD
               : NOT_AS_PROMISED;
}

/* Addresses in hexadecimal, a space between two. */
static enum outcome stack_line(struct wick_reader *reader, const struct wk_line *line, struct wick_record *r)
{
    const char *at = line->text, *end = at + line->text_bytes;
    char *out = wk_reader_scratch(reader, (line->text_bytes / 2 + 1) * (uint32_t)sizeof(uint64_t));
    r->text = out;
    while (out && at < end) {
        uint32_t digits = space_in(at, (uint32_t)(end - at));
        uint64_t address;
        if (!wk_number_hex(at, digits, &address)) {
            return NOT_AS_PROMISED;
        }
        memcpy(out + r->text_bytes, &address, sizeof address);
        r->text_bytes += (uint32_t)sizeof address;
        at += digits + (at + digits < end);
    }
    return !out ? NO_RECORD : r->text_bytes ? A_RECORD : NOT_AS_PROMISED;
}

/* `thread start`: the thread of the same process under whose scope this one hangs. */
static enum outcome under_line(struct wick_reader *reader, const struct wk_line *line, struct wick_record *r)
{
    uint32_t space = space_in(line->text, line->text_bytes);
    if (!space || space == line->text_bytes ||
        !wk_number_time(line->text + space + 1, line->text_bytes - space - 1, &r->first_ns)) {
        return NOT_AS_PROMISED;
    }
    const struct wk_reader_track *track = &wk_reader_tracks(reader)[line->track];
    const struct wk_process *process =
        (const struct wk_process *)reader->processes.items + track->process;
    size_t bytes = 1 + (size_t)process->key_bytes + 1 + space + 1;
    char *prefix = wk_arena_take(&reader->strings, bytes, 1);
    if (!prefix) {
        reader->error = WICK_E_NOMEM;
        return NO_RECORD;
    }
    prefix[0] = ' ';
    memcpy(prefix + 1, process->key, process->key_bytes);
    prefix[1 + process->key_bytes] = ' ';
    memcpy(prefix + 2 + process->key_bytes, line->text, space);
    prefix[bytes - 1] = ' ';
    r->parent_track = wk_reader_process_track(reader, track->process, prefix, bytes);
    return r->parent_track == WICK_NONE ? NO_RECORD : A_RECORD;
}

/* ---- texts ------------------------------------------------------------------------------------ */

static enum outcome text_line(struct wick_reader *reader, const struct wk_line *line, struct wick_record *r)
{
    if (r->kind == WK_KIND_RUN || r->kind == WK_KIND_STAT) {
        return property_line(reader, line, r->kind == WK_KIND_STAT);
    }
    if (r->kind == WK_KIND_BREAK) {
        reader->stats.clock_breaks++;
        return NO_RECORD;
    }
    if (r->kind == WICK_RECORD_THREAD_NAME) {
        wk_reader_label(reader, line->track, line->text, line->text_bytes);
    }
    take_text(line, r);
    return A_RECORD;
}

static enum outcome use(struct wick_reader *reader, const struct wk_line *line, const struct wk_kind *kind,
                        struct wick_record *r)
{
    switch (kind->shape) {
    case WK_SHAPE_START:
        return start_line(reader, line, r);
    case WK_SHAPE_END:
        return end_line(reader, line, r);
    case WK_SHAPE_OF_END:
        return of_end_line(reader, line, kind->number);
    case WK_SHAPE_NAMED:
        return named_line(reader, line, kind->site, r);
    case WK_SHAPE_TEXT:
        return text_line(reader, line, r);
    case WK_SHAPE_NUMBER:
    case WK_SHAPE_INTEGER:
    case WK_SHAPE_UNSIGNED:
    case WK_SHAPE_SITE_NUMBER:
    case WK_SHAPE_SITE_INTEGER:
    case WK_SHAPE_SITE_UNSIGNED:
        return number_line(reader, line, kind, r);
    case WK_SHAPE_LOST:
        return lost_line(line, r);
    case WK_SHAPE_UNDER:
        return under_line(reader, line, r);
    case WK_SHAPE_BIND:
        return bind_line(line, r);
    case WK_SHAPE_STACK:
        return stack_line(reader, line, r);
    case WK_SHAPE_SITE:
        return wk_ctxt_site_line(reader, line) ? NO_RECORD : NOT_AS_PROMISED;
    default: /* WK_SHAPE_PAD */
        return NO_RECORD;
    }
}

void wk_ctxt_word(struct wick_reader *reader, const struct wk_line *line)
{
    uint8_t kind = wk_kind_of_word(line->word, line->word_bytes);
    struct wick_record r = {.time_ns = line->time_ns, .track = line->track, .site = WICK_NONE, .kind = kind};
    enum outcome outcome = kind == WK_KIND_NONE ? NOT_AS_PROMISED : use(reader, line, wk_kind_of(kind), &r);
    if (outcome == NOT_AS_PROMISED) {
        wk_reader_problem(reader, kind == WK_KIND_NONE ? WICK_PROBLEM_WORD : WICK_PROBLEM_NUMBER, line->word,
                          kind == WK_KIND_NONE ? line->word_bytes : (size_t)(line->text + line->text_bytes - line->word));
    } else if (outcome == A_RECORD && !reader->error) {
        *wk_reader_next_record(reader) = r;
    }
}
