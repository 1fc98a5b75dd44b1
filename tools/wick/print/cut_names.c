/*
 * SPDX-License-Identifier: MIT
 * Names cut in the middle. See cut_names.h.
 */
#include "print/cut_names.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cut {
    const char *name;
    char *text;
    uint32_t at, number; /* of the name; among those that were cut to the same, from 1 */
};

int cut_width(const char *text)
{
    int count = 0;
    for (; *text; text++) {
        count += ((unsigned char)*text & 0xc0) != 0x80;
    }
    return count;
}

/* Where the character of this number begins. */
static const char *character(const char *text, int number)
{
    for (; *text; text++) {
        number -= ((unsigned char)*text & 0xc0) != 0x80;
        if (number < 0) {
            break;
        }
    }
    return text;
}

/* A name in at most `width` characters, and `end` behind it. */
static char *cut_name(const char *name, int width, const char *end)
{
    int length = cut_width(name);
    /* Of a path the inner end says most; other names of one kind differ at either end. */
    int head = length <= width ? length : strchr(name, '/') ? 0 : width / 2, tail = length <= width ? 0 : width - head - 1;
    char *text;
    int bytes = asprintf(&text, "%.*s%s%s%s", (int)(character(name, head) - name), name, length <= width ? "" : "\xE2\x80\xA6",
                         character(name, length - tail), end);
    return bytes < 0 ? NULL : text;
}

static int by_cut(const void *left, const void *right)
{
    const struct cut *a = left, *b = right;
    int order = strcmp(a->text, b->text);
    return order ? order : strcmp(a->name, b->name);
}

/* Number the names that differ and were cut to the same. */
static void number_cuts(struct cut *cuts, uint32_t count)
{
    qsort(cuts, count, sizeof *cuts, by_cut);
    for (uint32_t i = 0; i < count; i++) {
        const bool same = i && strcmp(cuts[i].text, cuts[i - 1].text) == 0;
        cuts[i].number = same ? cuts[i - 1].number + (strcmp(cuts[i].name, cuts[i - 1].name) != 0) : 1;
    }
}

char **cut_names(const char *const *names, uint32_t count, int width)
{
    char **texts = calloc((size_t)count + 1, sizeof *texts);
    struct cut *cuts = calloc((size_t)count + 1, sizeof *cuts);
    bool good = texts && cuts;
    for (uint32_t i = 0; i < count && good; i++) {
        const char *name = names[i] ? names[i] : "";
        cuts[i] = (struct cut){.name = name, .text = cut_name(name, width, ""), .at = i};
        good = cuts[i].text != NULL;
    }
    if (good) {
        number_cuts(cuts, count);
    }
    for (uint32_t i = 0; i < count && cuts && texts; i++) {
        char end[16];
        if (good && cuts[i].number > 1) {
            int bytes = snprintf(end, sizeof end, "~%" PRIu32, cuts[i].number);
            free(cuts[i].text);
            cuts[i].text = cut_name(cuts[i].name, width - bytes, end);
            good = cuts[i].text != NULL;
        }
        if (cuts[i].text) { /* those behind a failure have neither a text nor a place */
            texts[cuts[i].at] = cuts[i].text;
        }
    }
    free(cuts);
    if (!good) {
        cut_names_free(texts, count);
        return NULL;
    }
    return texts;
}

void cut_names_free(char **cuts, uint32_t count)
{
    for (uint32_t i = 0; cuts && i < count; i++) {
        free(cuts[i]);
    }
    free(cuts);
}
