/*
 * SPDX-License-Identifier: MIT
 * `site` lines: what a place in the source is, before its first use.
 * Invariant: a line that is not what its word promises changes nothing.
 */
#include "ctxt_read.h"

/* The next word of a text; 0 when there is none. */
static int next_word(const char **at, const char *end, const char **word, uint32_t *bytes)
{
    const char *from = *at;
    const char *to = from;
    while (to < end && *to != ' ') {
        to++;
    }
    *word = from;
    *bytes = (uint32_t)(to - from);
    *at = to < end ? to + 1 : to;
    return to > from;
}

static int colour_of(const char *word, uint32_t bytes, uint32_t *colour)
{
    *colour = WICK_NONE;
    if (bytes == 1 && word[0] == '-') {
        return 1;
    }
    uint32_t value = 0;
    for (uint32_t i = 0; i < bytes; i++) {
        char c = word[i];
        uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                         : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                         : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
                                                : 16;
        if (digit > 15) {
            return 0;
        }
        value = value << 4 | digit;
    }
    *colour = value;
    return bytes == 6;
}

static char *unescape_spaces(char *text)
{
    char *to = text;
    for (const char *from = text; *from; to++) {
        if (from[0] == '%' && from[1] == '2' && from[2] == '0') {
            *to = ' ';
            from += 3;
        } else {
            *to = *from++;
        }
    }
    *to = 0;
    return text;
}

int wk_ctxt_site_line(struct wick_reader *reader, const struct wk_line *line)
{
    const char *at = line->text, *end = line->text + line->text_bytes, *word[5];
    uint32_t bytes[5];
    for (int i = 0; i < 5; i++) {
        if (!next_word(&at, end, &word[i], &bytes[i])) {
            return 0;
        }
    }
    struct wick_site_info info = {0};
    uint64_t number;
    info.kind = (uint8_t)wk_kind_word_in(wk_site_words, 0, WICK_SITE_FOREIGN, word[0], bytes[0]);
    if (info.kind == WICK_SITE_FOREIGN || !wk_number_unsigned(word[1], bytes[1], UINT32_MAX, &number) ||
        !colour_of(word[2], bytes[2], &info.colour)) {
        return 0;
    }
    uint32_t process = wk_reader_tracks(reader)[line->track].process;
    uint32_t location = wk_reader_location_of(reader, process, line->location, line->location_bytes);
    int no_category = bytes[3] == 1 && word[3][0] == '-';
    int no_file = bytes[4] == 1 && word[4][0] == '-';
    char *file = wk_arena_text(&reader->strings, word[4], no_file ? 0 : bytes[4]);
    info.line = (uint32_t)number;
    info.category = wk_arena_text(&reader->strings, word[3], no_category ? 0 : bytes[3]);
    info.literal = wk_reader_name(reader, at, (uint32_t)(end - at));
    if (location == WICK_NONE || !file || !info.category || !info.literal) {
        reader->error = WICK_E_NOMEM;
        return 1;
    }
    info.file = unescape_spaces(file);
    info.location = wk_reader_locations(reader)[location].name;
    if (reader->renamer.rename) {
        reader->renamer.rename(reader->renamer.user, &info);
    }
    uint32_t site = wk_reader_intern_site(reader, &info);
    if (site != WICK_NONE) {
        wk_reader_introduce(reader, location, site);
    }
    return 1;
}
