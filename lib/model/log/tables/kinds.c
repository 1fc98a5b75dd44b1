/*
 * SPDX-License-Identifier: MIT
 * The rows of all kinds. See kinds.h.
 */
#include "kinds.h"

#include <wick/hot.h>

static const struct wk_kind rows[] = {
    {.shape = WK_SHAPE_UNKNOWN},
#define RECORD_ROW(name, number, word, shape, site, event) {word, sizeof(word) - 1, number, WK_SHAPE_##shape, WICK_SITE_##site},
#define LOG_ROW(name, number, word, shape, site) {word, sizeof(word) - 1, number, WK_SHAPE_##shape, WICK_SITE_##site},
    WICK_I_RECORD_KINDS(RECORD_ROW) WK_LOG_KINDS(LOG_ROW)
};
#define ROWS (sizeof rows / sizeof *rows)

/* Where the row of a number is: its place in the lists. */
enum place {
    NO_PLACE,
#define RECORD_PLACE(name, number, word, shape, site, event) PLACE_##name,
#define LOG_PLACE(name, number, word, shape, site) PLACE_##name,
    WICK_I_RECORD_KINDS(RECORD_PLACE) WK_LOG_KINDS(LOG_PLACE)
};
static const uint8_t places[128] = {
#define RECORD_AT(name, number, word, shape, site, event) [number] = PLACE_##name,
#define LOG_AT(name, number, word, shape, site) [number] = PLACE_##name,
    WICK_I_RECORD_KINDS(RECORD_AT) WK_LOG_KINDS(LOG_AT)
};
WICK_I_STATIC_ASSERT(WICK_RECORD_KINDS <= 64, "the numbers from 64 on are the log's own");
WICK_I_STATIC_ASSERT(WK_KIND_RUN == (int)WICK_LINE_RUN && WK_KIND_STAT == (int)WICK_LINE_STAT &&
                     WK_KIND_BREAK == (int)WICK_LINE_BREAK, "enum wick_line has the log's numbers");

const char *const wk_reason_words[WICK_UNFINISHED_KINDS] = {
    [WICK_FINISHED] = "",        [WICK_UNFINISHED_UNWOUND] = "unwound", [WICK_UNFINISHED_THREAD] = "thread",
    [WICK_UNFINISHED_EXIT] = "exit", [WICK_UNFINISHED_FORK] = "fork",   [WICK_UNFINISHED_CLEAR] = "clear",
    [WICK_UNFINISHED_KILLED] = "killed"};

const char *const wk_site_words[WICK_SITE_KINDS] = {
    [WICK_SITE_SCOPE] = "scope",     [WICK_SITE_FORMAT] = "format", [WICK_SITE_DYNAMIC] = "dynamic", [WICK_SITE_MARK] = "mark",
    [WICK_SITE_COUNTER] = "counter", [WICK_SITE_LOCK] = "lock",     [WICK_SITE_FOREIGN] = "foreign"};

const struct wk_kind *wk_kind_of(uint32_t number)
{
    return &rows[number < sizeof places ? places[number] : NO_PLACE];
}

uint8_t wk_kind_of_word(const char *word, uint32_t bytes)
{
    for (size_t i = 1; i < ROWS; i++) {
        if (rows[i].word_bytes == bytes && bytes && memcmp(rows[i].word, word, bytes) == 0) {
            return rows[i].number;
        }
    }
    return WK_KIND_NONE;
}

uint8_t wk_site_kind_of(uint32_t recorded)
{
    static const uint8_t kinds[WICK_I_SITE_KINDS] = {
        [WICK_I_SITE_FORMAT] = WICK_SITE_FORMAT,   [WICK_I_SITE_DYNAMIC] = WICK_SITE_DYNAMIC,
        [WICK_I_SITE_MARK] = WICK_SITE_MARK,       [WICK_I_SITE_MARKF] = WICK_SITE_MARK,
        [WICK_I_SITE_COUNTER] = WICK_SITE_COUNTER, [WICK_I_SITE_LOCK] = WICK_SITE_LOCK};

    return recorded < WICK_I_SITE_KINDS ? kinds[recorded] : WICK_SITE_SCOPE; /* 0: a scope, or a call */
}

uint32_t wk_kind_word_in(const char *const *words, uint32_t from, uint32_t count, const char *word, uint32_t bytes)
{
    while (from < count && (wk_mem_length(words[from]) != bytes || memcmp(words[from], word, bytes) != 0)) {
        from++;
    }
    return from;
}
