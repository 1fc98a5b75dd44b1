/*
 * SPDX-License-Identifier: MIT
 * Our extension lines: what the lower-case action words say, into records, names and run properties.
 * Must not know Context's own words. Invariant: a line whose text is not what its word promises is counted
 * and changes nothing.
 */
#include "ctxt_read.h"
#include "ctxt_words.h"

static uint32_t word_of(const struct wk_line *line)
{
    static const struct {
        const char *word;
        uint32_t bytes;
        uint32_t code;
    } words[] = {
#define WORD_ROW(name, word, text) {word, sizeof(word) - 1, WK_CTXT_##name},
        WK_CTXT_EXTENSION_WORDS(WORD_ROW)
#undef WORD_ROW
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (line->word_bytes == words[i].bytes && memcmp(line->word, words[i].word, words[i].bytes) == 0) {
            return words[i].code;
        }
    }
    return WK_CTXT_WORDS;
}

static uint8_t reason_of(const struct wk_line *line)
{
    static const char *const reasons[WICK_UNFINISHED_KINDS] = {
        [WICK_UNFINISHED_UNWOUND] = "unwound", [WICK_UNFINISHED_THREAD] = "thread",
        [WICK_UNFINISHED_EXIT] = "exit",       [WICK_UNFINISHED_FORK] = "fork",
        [WICK_UNFINISHED_CLEAR] = "clear",     [WICK_UNFINISHED_KILLED] = "killed"};
    for (uint8_t i = 1; i < WICK_UNFINISHED_KINDS; i++) {
        size_t bytes = wk_mem_length(reasons[i]);
        if (line->text_bytes == bytes && memcmp(line->text, reasons[i], bytes) == 0) {
            return i;
        }
    }
    return WICK_FINISHED;
}

static uint32_t space_in(const char *text, uint32_t bytes)
{
    uint32_t at = 0;
    while (at < bytes && text[at] != ' ') {
        at++;
    }
    return at;
}

static int run_line(struct wick_reader *reader, const struct wk_line *line, uint8_t stat)
{
    uint32_t key = space_in(line->text, line->text_bytes);
    if (!key || reader->runs.count == WK_READER_RUNS) {
        return key > 0;
    }
    uint32_t value = key < line->text_bytes ? key + 1 : key;
    struct wick_property info = {
        .track = line->track, .stat = stat,
        .key = wk_arena_text(&reader->strings, line->text, key),
        .value = wk_arena_text(&reader->strings, line->text + value, line->text_bytes - value)};
    if (!info.key || !info.value ||
        wk_array_reserve(&reader->runs, reader->allocator, reader->runs.count + 1, sizeof info) < 0) {
        reader->error = WICK_E_NOMEM;
        return 1;
    }
    ((struct wick_property *)reader->runs.items)[reader->runs.count++] = info;
    return 1;
}

static int lost_line(struct wick_reader *reader, const struct wk_line *line)
{
    uint32_t space = space_in(line->text, line->text_bytes);
    uint64_t count;
    int64_t first_ns = line->time_ns;
    if (!wk_number_unsigned(line->text, space, UINT64_MAX / 2, &count) ||
        (space < line->text_bytes &&
         !wk_number_time(line->text + space + 1, line->text_bytes - space - 1, &first_ns))) {
        return 0;
    }
    *wk_reader_next_record(reader) = (struct wick_record){
        .time_ns = line->time_ns, .first_ns = first_ns, .track = line->track, .site = WICK_NONE,
        .u.count = count, .kind = WICK_RECORD_LOST};
    return 1;
}

/* `thread start`: the thread of the same process under whose scope this one hangs. */
static int under_line(struct wick_reader *reader, const struct wk_line *line)
{
    uint32_t space = space_in(line->text, line->text_bytes);
    int64_t start_ns;
    if (!space || space == line->text_bytes ||
        !wk_number_time(line->text + space + 1, line->text_bytes - space - 1, &start_ns)) {
        return 0;
    }
    const struct wk_reader_track *track = &wk_reader_tracks(reader)[line->track];
    const struct wk_process *process =
        (const struct wk_process *)reader->processes.items + track->process;
    size_t bytes = 1 + (size_t)process->key_bytes + 1 + space + 1;
    char *prefix = wk_arena_take(&reader->strings, bytes, 1);
    if (!prefix) {
        reader->error = WICK_E_NOMEM;
        return 1;
    }
    prefix[0] = ' ';
    memcpy(prefix + 1, process->key, process->key_bytes);
    prefix[1 + process->key_bytes] = ' ';
    memcpy(prefix + 2 + process->key_bytes, line->text, space);
    prefix[bytes - 1] = ' ';
    uint32_t parent = wk_reader_track_of(reader, prefix, bytes, process->node_bytes, process->pid);
    if (parent != WICK_NONE) {
        *wk_reader_next_record(reader) = (struct wick_record){
            .time_ns = line->time_ns, .first_ns = start_ns, .track = line->track, .site = WICK_NONE,
            .parent_track = parent, .kind = WICK_RECORD_UNDER};
    }
    return 1;
}

static int thread_line(struct wick_reader *reader, const struct wk_line *line)
{
    wk_reader_label(reader, line->track, line->text, line->text_bytes);
    if (reader->error) {
        return 1;
    }
    *wk_reader_next_record(reader) = (struct wick_record){
        .time_ns = line->time_ns, .track = line->track, .site = WICK_NONE, .text = line->text,
        .text_bytes = line->text_bytes, .kind = WICK_RECORD_THREAD_NAME};
    return 1;
}

static int number_line(struct wick_reader *reader, const struct wk_line *line, uint8_t kind)
{
    double number;
    if (!wk_number_double(line->text, line->text_bytes, &number)) {
        return 0;
    }
    uint32_t site = WICK_NONE;
    if (kind != WICK_RECORD_VALUE) {
        uint32_t process = wk_reader_tracks(reader)[line->track].process;
        uint32_t location = wk_reader_use_location(reader, process, line->location, line->location_bytes);
        site = location == WICK_NONE ? WICK_NONE : wk_reader_instant_site(reader, location, WICK_SITE_COUNTER);
        if (site == WICK_NONE) {
            return 1;
        }
    }
    *wk_reader_next_record(reader) = (struct wick_record){
        .time_ns = line->time_ns, .track = line->track, .site = site, .u.number = number, .kind = kind};
    return 1;
}

static int lock_line(struct wick_reader *reader, const struct wk_line *line, uint8_t kind)
{
    uint32_t process = wk_reader_tracks(reader)[line->track].process;
    uint32_t location = wk_reader_use_location(reader, process, line->location, line->location_bytes);
    uint32_t site = location == WICK_NONE
                        ? WICK_NONE
                        : wk_reader_lock_site(reader, location, line->text, line->text_bytes);
    if (site != WICK_NONE) {
        *wk_reader_next_record(reader) = (struct wick_record){
            .time_ns = line->time_ns, .track = line->track, .site = site, .text = line->text,
            .text_bytes = line->text_bytes, .kind = kind};
    }
    return 1;
}

static int use(struct wick_reader *reader, const struct wk_line *line, uint32_t word)
{
    struct wk_reader_track *track = &wk_reader_tracks(reader)[line->track];
    uint64_t number;
    switch (word) {
    case WK_CTXT_RUN:
    case WK_CTXT_STAT:
        return run_line(reader, line, word == WK_CTXT_STAT);
    case WK_CTXT_SITE:
        return wk_ctxt_site_line(reader, line);
    case WK_CTXT_UNFINISHED:
        track->unfinished = reason_of(line);
        return track->unfinished != WICK_FINISHED;
    case WK_CTXT_CPU:
        if (!wk_number_unsigned(line->text, line->text_bytes, INT64_MAX, &number)) {
            return 0;
        }
        track->cpu_ns = (int64_t)number;
        return 1;
    case WK_CTXT_VALUE:
        return number_line(reader, line, WICK_RECORD_VALUE);
    case WK_CTXT_GAUGE:
        return number_line(reader, line, WICK_RECORD_GAUGE);
    case WK_CTXT_SUM:
        return number_line(reader, line, WICK_RECORD_SUM);
    case WK_CTXT_LOST:
        return lost_line(reader, line);
    case WK_CTXT_UNDER:
        return under_line(reader, line);
    case WK_CTXT_THREAD_NAME:
        return thread_line(reader, line);
    case WK_CTXT_LOCKW2:
        return lock_line(reader, line, WICK_RECORD_LOCKW);
    case WK_CTXT_LOCKA2:
        return lock_line(reader, line, WICK_RECORD_LOCKA);
    case WK_CTXT_LOCKR2:
        return lock_line(reader, line, WICK_RECORD_LOCKR);
    case WK_CTXT_BREAK:
        reader->stats.clock_breaks++;
        return 1;
    default: /* WK_CTXT_PAD */
        return 1;
    }
}

int wk_ctxt_extension(struct wick_reader *reader, const struct wk_line *line)
{
    uint32_t word = word_of(line);
    if (word == WK_CTXT_WORDS) {
        return 0;
    }
    if (!use(reader, line, word)) {
        wk_reader_problem(reader, WICK_PROBLEM_NUMBER, line->word,
                          (size_t)(line->text + line->text_bytes - line->word));
    }
    return 1;
}
