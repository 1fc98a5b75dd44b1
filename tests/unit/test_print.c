/*
 * SPDX-License-Identifier: MIT
 * The one printer: three digits rounded once, separators, shares, plural forms.
 * Must not need a tree. Invariant: each text fits WICK_TEXT_BYTES.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "wick/model.h"

static void check_duration(int64_t duration_ns, const char *want)
{
    char text[WICK_TEXT_BYTES];
    uint32_t bytes = wick_text_duration(text, duration_ns);
    cr_assert(strcmp(text, want) == 0 && bytes == strlen(want), "%lld ns: %s, not %s", (long long)duration_ns, text, want);
}

Test(print, durations_are_rounded_once)
{
    check_duration(0, "0 ns");
    check_duration(-5, "0 ns");
    check_duration(999, "999 ns");
    check_duration(1000, "1.00 us");
    check_duration(99949, "99.9 us");
    check_duration(99950, "100 us");
    check_duration(999499, "999 us");
    check_duration(999500, "1.00 ms");
    check_duration(1234500, "1.23 ms");
    check_duration(1235000, "1.24 ms");
    check_duration(99949500, "99.9 ms");
    check_duration(999499999, "999 ms");
    check_duration(999500000, "1.00 s");
    check_duration(12345678901, "12.3 s");
    check_duration(INT64_MAX, "9223372037 s");
}

Test(print, numbers_have_separators)
{
    char text[WICK_TEXT_BYTES];
    cr_assert_eq(wick_text_number(text, 0), 1);
    cr_assert_str_eq(text, "0");
    cr_assert_eq(wick_text_number(text, 1234567), 9);
    cr_assert_str_eq(text, "1,234,567");
    wick_text_number(text, UINT64_MAX);
    cr_assert_str_eq(text, "18,446,744,073,709,551,615");
}

Test(print, shares_have_one_decimal)
{
    char text[WICK_TEXT_BYTES];
    wick_text_share(text, 1 / 3.0);
    cr_assert_str_eq(text, "33.3 %");
    wick_text_share(text, 1);
    cr_assert_str_eq(text, "100.0 %");
    wick_text_share(text, -1);
    cr_assert_str_eq(text, "0.0 %");
}

Test(print, words_follow_the_number)
{
    char text[WICK_TEXT_BYTES], all[2 * WICK_TEXT_BYTES];
    wick_text_plural(text, 1, "line has|lines have| no time");
    cr_assert_str_eq(text, "line has no time");
    wick_text_plural(text, 0, "line has|lines have| no time");
    cr_assert_str_eq(text, "lines have no time");
    wick_text_plural(text, 2, "call|calls");
    cr_assert_str_eq(text, "calls");
    wick_text_plural(text, 2, "open");
    cr_assert_str_eq(text, "open");
    memset(all, 'x', sizeof all);
    all[sizeof all - 1] = 0;
    cr_assert_eq(wick_text_plural(text, 1, all), WICK_TEXT_BYTES - 1);
}
