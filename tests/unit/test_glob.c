/*
 * SPDX-License-Identifier: MIT
 * Patterns and lists of them. The random test compares with a matcher that tries everything.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "model/base/glob.h"
#include "wick/names.h"

/* A path whose last name begins behind its last /. */
static bool match(const char *pattern, const char *path)
{
    const char *slash = strrchr(path, '/');
    return wick_glob_match(pattern, path, strlen(path), strlen(slash ? slash + 1 : path)) == 1;
}

struct row {
    const char *pattern, *path;
    bool matches;
};

static void check_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        cr_expect_eq(match(rows[i].pattern, rows[i].path), rows[i].matches, "'%s' and '%s'", rows[i].pattern, rows[i].path);
    }
}
#define CHECK_ROWS(rows) check_rows(rows, sizeof(rows) / sizeof *(rows))

Test(glob, star_stays_within_a_name)
{
    static const struct row rows[] = {{"main/*", "main/load", true},   {"main/*", "main/load/fetch", false},
                                      {"main/l*d", "main/load", true}, {"main/*/x", "main/a/x", true},
                                      {"main/*/x", "main/a/b/x", false}, {"*/x", "x", false}, {"a/*", "a/", true}};
    CHECK_ROWS(rows);
}

Test(glob, two_stars_cross_names)
{
    static const struct row rows[] = {
        {"**/fetch*", "main/load/fetch %d", true}, {"**/fetch*", "fetch", true}, {"**/fetch", "main/load/fetcher", false},
        {"**/fetch", "main/prefetch", false},      {"main/**", "main/load/fetch", true}, {"main/**", "main", false},
        {"a/**/b", "a/b", true},                   {"a/**/b", "a/x/y/b", true},  {"a/**/b", "ab", false},
        {"a**/b", "abc/d/b", true},                {"**/a/**/b", "x/a/y/a/b", true}, {"**", "anything/at/all", true},
        {"a/**b", "a/x/yb", true},                 {"a/*/**/c", "a/b/c", true},  {"a/*/**/c", "a/c", false}};
    CHECK_ROWS(rows);
}

Test(glob, without_a_slash_it_is_the_name_at_any_depth)
{
    static const struct row rows[] = {{"load", "main/load", true}, {"load", "load", true},     {"load", "load/fetch", false},
                                      {"l*", "main/load", true},   {"*", "main/load", true},   {"", "main", false},
                                      {"", "", true},              {"main/load", "x/main/load", false}};
    CHECK_ROWS(rows);
    cr_assert(wick_glob_match("GET /*", "serve/GET /index", 16, 10) == 0); /* with a / it is the whole path */
    cr_assert(wick_glob_match("GET*x", "serve/GET /index", 16, 10) == 1);  /* the name holds the / */
    cr_assert(wick_glob_match("**/GET /*", "serve/GET /index", 16, 10) == 1);
}

Test(glob, one_character_and_brackets)
{
    static const struct row rows[] = {
        {"a?c", "abc", true},    {"x/a?c", "x/a/c", false}, {"a?c", "ac", false},       {"a?c", "a\xc3\xb6""c", true},
        {"[a-c]x", "bx", true},  {"[a-c]x", "dx", false},   {"[!a-c]x", "dx", true},    {"[^a-c]x", "bx", false},
        {"[]a]x", "]x", true},   {"[a-]x", "-x", true},     {"x[*]", "x*", true},       {"x[*]", "xy", false},
        {"op[]", "op[]", true},  {"op[", "op[", true},      {"[\xc3\xa4-\xc3\xb6]", "\xc3\xa5", true},
        {"*[!\xc3\xb6]", "\xc3\xb6", false}, {"x/[!a]", "x//", false}, {"a?", "a\xff", true}};
    CHECK_ROWS(rows);
}

Test(glob, time_is_bounded)
{
    static char path[4096], pattern[] = "**/*a*a*a*a*a*a*a*a*a*a*b/**/*a*a*a*a*a*b";
    memset(path, 'a', sizeof path);
    for (size_t i = 50; i < sizeof path; i += 50) {
        path[i] = '/';
    }
    cr_assert_eq(wick_glob_match(pattern, path, sizeof path, 45), 0);
}

/* Tries everything: what the documentation says, word by word. */
static bool slow_match(const char *p, const char *t, bool begins)
{
    if (p[0] == '*' && p[1] == '*') {
        if (begins && p[2] == '/') {
            bool found = slow_match(p + 3, t, true);
            for (const char *slash = t; !found && (slash = strchr(slash, '/')); slash++) {
                found = slow_match(p + 3, slash + 1, true);
            }
            return found;
        }
        return slow_match(p + 2, t, false) || (*t && slow_match(p, t + 1, false));
    }
    if (*p == '*') {
        return slow_match(p + 1, t, false) || (*t && *t != '/' && slow_match(p, t + 1, false));
    }
    if (!*p || !*t) {
        return *p == *t;
    }
    return (*p == *t || (*p == '?' && *t != '/')) && slow_match(p + 1, t + 1, *p == '/');
}

static void append(char *text, const char *part)
{
    memcpy(text + strlen(text), part, strlen(part) + 1);
}

Test(glob, random_patterns_match_as_trying_everything_does)
{
    static const char *const parts[] = {"a", "b", "/", "?", "*", "**/", "/**", "*a", "ab"};
    uint32_t matched = 0;
    srand(5);
    for (int i = 0; i < 200000; i++) {
        char pattern[64] = "", path[16] = "";
        for (int n = 1 + rand() % 5; n > 0; n--) {
            append(pattern, parts[rand() % 9]);
        }
        if (!strchr(pattern, '/') || strstr(pattern, "***")) {
            continue;
        }
        for (int n = rand() % 9; n > 0; n--) {
            append(path, parts[rand() % 3]);
        }
        bool expected = slow_match(pattern, path, true);
        cr_assert_eq(match(pattern, path), expected, "'%s' and '%s'", pattern, path);
        matched += expected;
    }
    cr_assert_gt(matched, 2000);
}

Test(glob, of_a_list_the_last_that_matches_decides)
{
    static const char text[] = "-load,+main/**,-no such,fetch*,-";
    struct wk_glob_list list = {text, 0};
    struct wk_glob_path load = {"a/load", 6, 4}, both = {"main/load", 9, 4}, other = {"x", 1, 1};
    struct wk_glob_entry entry;
    uint32_t from = 0;

    cr_assert(!wk_glob_list_keeps(&list, &load, 1, true));
    cr_assert(wk_glob_list_keeps(&list, &both, 1, false));
    cr_assert(wk_glob_list_keeps(&list, &other, 1, true));
    cr_assert(!wk_glob_list_keeps(&list, &other, 1, false));
    cr_assert(wk_glob_list_default(text));
    cr_assert(!wk_glob_list_default("+a"));
    cr_assert(!wk_glob_list_default("a"));
    for (int i = 0; i < 2; i++) {
        cr_assert(wk_glob_list_unmatched(&list, &from, &entry));
        cr_assert_eq(entry.glob, text + (i ? 24 : 16));
        cr_assert_eq(entry.bytes, i ? 6 : 7);
        cr_assert_eq(entry.keeps, i == 1);
    }
    cr_assert(!wk_glob_list_unmatched(&list, &from, &entry));
}
