/*
 * SPDX-License-Identifier: MIT
 * Patterns. See glob.h. Each kind of star goes on from its newest place after a mismatch, the one within a name before
 * the one across names: time is at most pattern times path times its longest name, memory none.
 */
#include "glob.h"

/* A UTF-8 character as a number that orders as characters do; a stray byte is itself. */
static uint32_t letter(const char **at, const char *end)
{
    uint32_t code = (unsigned char)*(*at)++;

    for (int more = code < 0xc0 ? 0 : 3; more > 0 && *at < end && (**at & 0xc0) == 0x80; more--) {
        code = code << 8 | (unsigned char)*(*at)++;
    }
    return code;
}

/* Is a character one of those in brackets at *pattern, which is then behind them? < 0: no bracket closes them. */
static int in_brackets(const char **pattern, const char *end, uint32_t wanted)
{
    const char *at = *pattern + 1;
    bool others = at < end && (*at == '!' || *at == '^'), found = false;

    at += others;
    for (const char *first = at; at < end && (*at != ']' || at == first);) {
        uint32_t low = letter(&at, end), high = low;

        if (end - at >= 2 && at[0] == '-' && at[1] != ']') {
            at++;
            high = letter(&at, end);
        }
        found = found || (low <= wanted && wanted <= high);
    }
    if (at == end) {
        return -1;
    }
    *pattern = at + 1;
    return found != others;
}

/* Does the next element of a pattern, no star, stand for the next character? Both are passed over when it does. */
static bool takes_one(const char **pattern, const char *pattern_end, const char **text, const char *end, bool names)
{
    const char *p = *pattern, *t = *text;

    if (p == pattern_end || t == end) {
        return false;
    }
    uint32_t wanted = letter(&t, end);
    int bracket = *p == '[' && !(names && wanted == '/') ? in_brackets(&p, pattern_end, wanted) : -1;
    if (bracket < 0) {
        bool any = *p == '?' && !(names && wanted == '/');
        uint32_t given = letter(&p, pattern_end);

        bracket = any || given == wanted;
    }
    if (bracket) {
        *pattern = p;
        *text = t;
    }
    return bracket;
}

/* Where to go on after a mismatch. */
struct star {
    const char *pattern; /* behind the star; NULL: there was none */
    const char *text;    /* what it has passed over ends here */
    bool whole_names;    /* it stands for whole names, each with its / */
};

/* Let a star pass over one character more, or one name; false: it cannot. */
static bool stretch(struct star *star, const char *end, bool stops_at_slash)
{
    if (!star->pattern || star->text == end || (stops_at_slash && *star->text == '/')) {
        return false;
    }
    if (!star->whole_names) {
        letter(&star->text, end);
        return true;
    }
    while (star->text < end && *star->text != '/') {
        star->text++;
    }
    bool found = star->text < end;
    star->text += found;
    return found;
}

/* With `names`, / parts names; otherwise it is a character as any other. */
static bool match(const char *pattern, const char *pattern_end, const char *text, const char *end, bool names)
{
    const char *begin = pattern;
    struct star within = {0}, across = {0};

    while (text < end || pattern < pattern_end) {
        if (pattern < pattern_end && *pattern == '*') {
            bool deep = names && pattern + 1 < pattern_end && pattern[1] == '*';
            bool opens = pattern == begin || pattern[-1] == '/';
            struct star *star = deep ? &across : &within;

            while (pattern < pattern_end && *pattern == '*') {
                pattern++;
            }
            *star = (struct star){.text = text, .whole_names = deep && opens && pattern < pattern_end && *pattern == '/'};
            pattern += star->whole_names;
            star->pattern = pattern;
            within.pattern = deep ? NULL : within.pattern;
        } else if (takes_one(&pattern, pattern_end, &text, end, names)) {
            continue;
        } else if (stretch(&within, end, names)) {
            pattern = within.pattern;
            text = within.text;
        } else if (stretch(&across, end, false)) {
            pattern = across.pattern;
            text = across.text;
            within.pattern = NULL;
        } else {
            return false;
        }
    }
    return true;
}

bool wk_glob(const char *pattern, size_t pattern_bytes, const struct wk_glob_path *path)
{
    const char *end = path->text + path->bytes;
    bool names = false;

    for (size_t i = 0; i < pattern_bytes; i++) {
        names = names || pattern[i] == '/';
    }
    return match(pattern, pattern + pattern_bytes, names ? path->text : end - path->name_bytes, end, names);
}

/* ---- lists ----------------------------------------------------------------------------------- */

const char *wk_glob_entry(const char *list, struct wk_glob_entry *entry)
{
    const char *end = list;

    while (*end && *end != ',') {
        end++;
    }
    entry->keeps = *list != '-';
    entry->glob = list + (*list == '-' || *list == '+');
    entry->bytes = (size_t)(end - entry->glob);
    return end + (*end == ',');
}

bool wk_glob_list_signed(const char *list)
{
    for (const char *at = list; *at; at++) {
        bool begins = at == list || at[-1] == ',';

        if (begins && *at != '+' && *at != '-' && *at != ',') {
            return false;
        }
    }
    return true;
}

bool wk_glob_list_keeps(struct wk_glob_list *list, const struct wk_glob_path *paths, size_t count, bool otherwise)
{
    bool keeps = otherwise;
    struct wk_glob_entry entry;
    uint32_t number = 0;

    for (const char *at = list->text; *at; number++) {
        bool matches = false;

        at = wk_glob_entry(at, &entry);
        for (size_t i = 0; i < count && entry.bytes && !matches; i++) {
            matches = wk_glob(entry.glob, entry.bytes, &paths[i]);
        }
        if (matches) {
            keeps = entry.keeps;
            list->matched |= number < 64 ? UINT64_C(1) << number : 0;
        }
    }
    return keeps;
}

bool wk_glob_list_unmatched(const struct wk_glob_list *list, uint32_t *from, struct wk_glob_entry *entry)
{
    const char *at = list->text;
    bool found = false;

    for (uint32_t number = 0; *at && number < 64 && !found; number++) {
        at = wk_glob_entry(at, entry);
        found = number >= *from && entry->bytes && !(list->matched >> number & 1);
        *from = found ? number + 1 : *from;
    }
    return found;
}
