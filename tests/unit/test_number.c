/*
 * SPDX-License-Identifier: MIT
 * Numbers as digits and back: nothing is lost, whatever the number is.
 * Must not test forms of a log. Invariant: the C library is the judge.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/base/number.h"

static uint64_t state = 88172645463325252u;

static uint64_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

static double double_of(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Any bits, exponents near 1, powers of two, quotients, subnormals. */
static double random_double(uint32_t i)
{
    uint64_t bits = next_random();
    switch (i % 5) {
    case 0:
        return double_of(bits);
    case 1:
        return double_of((bits & 0x800fffffffffffffu) | (1000 + bits % 46) << 52);
    case 2:
        return double_of((bits % 2047) << 52);
    case 3:
        return (double)(bits % 100000000) / (double)(1 + (bits >> 40) % 1000);
    default:
        return double_of(bits & 0x000fffffffffffffu);
    }
}

static void expect_read(const char *text)
{
    double number = -1, wanted = strtod(text, NULL);
    cr_assert(wk_number_double(text, strlen(text), &number) && memcmp(&number, &wanted, sizeof number) == 0,
              "%s is read as %a, not %a", text, number, wanted);
}

static int significant(const char *text)
{
    int count = 0;
    for (; *text && *text != 'e'; text++) {
        count += *text >= '0' + !count && *text <= '9';
    }
    return count;
}

Test(number, doubles_come_back_from_the_fewest_digits)
{
    for (uint32_t i = 0; i < 20000; i++) {
        double value = random_double(i);
        char text[64], other[64];
        if (value - value != 0) {
            continue;
        }
        uint32_t bytes = wk_number_put(text, value);
        cr_assert_leq(bytes, 31);
        text[bytes] = 0;
        expect_read(text);
        cr_assert_eq(strtod(text, NULL), value, "%s is not %.17g", text, value);
        int digits = 1;
        while (snprintf(other, sizeof other, "%.*g", digits, value), strtod(other, NULL) != value) {
            digits++;
        }
        cr_assert(!strpbrk(text, ".e") || significant(text) <= digits, "%s is longer than %s", text, other);
    }
}

Test(number, decimals_are_read_as_the_library_reads_them)
{
    for (uint32_t i = 0; i < 4000; i++) {
        double value = random_double(i);
        char text[1300];
        if (value - value == 0) {
            snprintf(text, sizeof text, "%.17g", value);
            expect_read(text);
            snprintf(text, sizeof text, "%.*e", (int)(next_random() % 900), value);
            expect_read(text);
        }
    }
}

Test(number, halfway_between_two_doubles_the_even_one_is_read)
{
    for (uint32_t i = 0; i < 2000; i++) {
        double value = random_double(i), next;
        uint64_t bits;
        memcpy(&bits, &value, sizeof bits);
        bits &= INT64_MAX;
        value = double_of(bits);
        next = double_of(bits + 1);
        if (next - next == 0) {
            char text[1300];
            int count = snprintf(text, sizeof text, "%.1000Le", ((long double)value + (long double)next) / 2);
            expect_read(text);
            text[strcspn(text, "e") - 1]++; /* a little more, beyond all digits that matter otherwise */
            cr_assert_lt(count, 1300);
            expect_read(text);
        }
    }
}

Test(number, digits_are_written_as_people_write_them)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0, "0"}, {-0.0, "-0"}, {0.1, "0.1"}, {-12.5, "-12.5"}, {1e16, "10000000000000000"}, {1e17, "1e+17"},
                 {0.0001, "0.0001"}, {0.00001, "1e-05"}, {1.0 / 3, "0.3333333333333333"}, {5e-324, "5e-324"},
                 {1.7976931348623157e308, "1.7976931348623157e+308"}, {100.25, "100.25"}, {9007199254740993.0, "9007199254740992"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[40];
        text[wk_number_put(text, cases[i].value)] = 0;
        cr_expect_str_eq(text, cases[i].text);
    }
}

Test(number, what_is_no_double_is_refused)
{
    static const char *const bad[] = {"", "-", "+", ".", "1e", "1e+", "1e5x", "0x1", "nan", "inf", "1.2.3", " 1", "1 ",
                                      "1e400", "1.7976931348623159e308", "1e99999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        double number = 7;
        cr_expect(!wk_number_double(bad[i], strlen(bad[i]), &number) && number == 7, "%s is read as %g", bad[i], number);
    }
    static const char *const good[] = {"1.7976931348623158e308", "2.4703282292062327e-324", "2.4703282292062328e-324",
                                       "1e-400", ".5", "5.", "+3", "00012.50", "123456789012345678901234567890", "0e9999"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        expect_read(good[i]);
    }
}

Test(number, integers_of_64_bits_come_back)
{
    for (uint32_t i = 0; i < 100000; i++) {
        uint64_t value = next_random() >> i % 64, whole;
        int64_t number;
        char text[24];
        cr_assert(wk_number_unsigned(text, (size_t)(wk_number_put_unsigned(text, value) - text), UINT64_MAX, &whole) && whole == value);
        cr_assert(wk_number_signed(text, (size_t)(wk_number_put_signed(text, (int64_t)value) - text), &number) && number == (int64_t)value);
    }
}
