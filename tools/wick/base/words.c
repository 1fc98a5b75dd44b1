/*
 * SPDX-License-Identifier: MIT
 * Words and numbers as people type and read them. See words.h.
 */
#include "base/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "wick/names.h"
#include "wick/print.h"

const char *tool_suggest(const char *word, const char *const *words)
{
    static char text[128];
    unsigned best = 99;
    text[0] = 0;
    for (; *words; words++) {
        unsigned far = strncmp(word, *words, strlen(word)) == 0 && word[0] ? 1 : wk_nearest_distance(word, strlen(word), *words);
        if (far < best && far <= 1 + strlen(*words) / 3) {
            best = far;
            snprintf(text, sizeof text, ", did you mean '%s'?", *words);
        }
    }
    return text;
}

bool tool_duration(const char *text, int64_t *duration_ns)
{
    static const struct {
        const char *unit;
        double factor;
    } units[] = {{"", 1e9}, {"s", 1e9}, {"ms", 1e6}, {"us", 1e3}, {"ns", 1}, {"m", 60e9}, {"h", 3600e9}, {"d", 86400e9}};
    char *end;
    double number = strtod(text, &end);
    if (end == text || !(number >= 0) || number > 9e9) {
        return false;
    }
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(end, units[i].unit) == 0) {
            double ns = number * units[i].factor;
            *duration_ns = ns > 9e18 ? INT64_MAX : (int64_t)(ns + 0.5);
            return true;
        }
    }
    return false;
}

bool tool_share(const char *text, double *share)
{
    char *end;
    *share = strtod(text, &end);
    if (end != text && strcmp(end, "%") == 0) {
        *share /= 100;
        end++;
    }
    return end != text && !*end && *share >= 0 && *share <= 1;
}

static char *scratch(void)
{
    static char buffers[16][WICK_TEXT_BYTES + 32]; /* the words, and a number before them */
    static unsigned next;
    return buffers[next++ % 16];
}

const char *tool_number_text(uint64_t number)
{
    char *to = scratch();
    wick_text_number(to, number);
    return to;
}

const char *tool_ns_text(int64_t duration_ns)
{
    char *to = scratch();
    wick_text_duration(to, duration_ns);
    return to;
}

const char *tool_plural(uint64_t number, const char *forms)
{
    char *to = scratch();
    wick_text_plural(to, number, forms);
    return to;
}

const char *tool_count(uint64_t number, const char *forms)
{
    char *to = scratch();
    uint32_t used = wick_text_number(to, number);
    to[used++] = ' ';
    wick_text_plural(to + used, number, forms);
    return to;
}

bool tool_glob(const char *pattern, const char *name)
{
    size_t bytes = strlen(name);
    return wick_glob_match(pattern, name, bytes, bytes);
}
