/*
 * SPDX-License-Identifier: MIT
 * Durations, numbers and counts as text for people. See wick/print.h.
 * Invariant: a duration is rounded once, from whole nanoseconds.
 */
#include "mem.h"
#include "number.h"

uint32_t wick_text_number(char *to, uint64_t number)
{
    char plain[24];
    uint32_t count = (uint32_t)(wk_number_put_unsigned(plain, number) - plain), used = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (i && (count - i) % 3 == 0) {
            to[used++] = ',';
        }
        to[used++] = plain[i];
    }
    to[used] = 0;
    return used;
}

/* The nearest number of six digits. */
static double rounded(double value)
{
    double size = value < 0 ? -value : value, scale = 1;
    while (size * scale < 1e5 && scale < 1e22) {
        scale *= 10;
    }
    double digits = (double)(int64_t)(size * scale + 0.5) / scale;
    return value < 0 ? -digits : digits;
}

uint32_t wick_text_amount(char *to, const struct wick_number *number)
{
    if (!number->is_whole) {
        double value = number->value;
        uint32_t bytes = wk_number_put(to, value > -1e15 && value < 1e15 && value != 0 ? rounded(value) : value);
        to[bytes] = 0;
        return bytes;
    }
    uint32_t sign = number->is_whole == WICK_WHOLE && number->whole < 0;
    *to = '-';
    return sign + wick_text_number(to + sign, sign ? 0 - (uint64_t)number->whole : (uint64_t)number->whole);
}

/* Append a text, cut where the buffer ends. */
static uint32_t add_text(char *to, uint32_t at, const char *text)
{
    for (; *text && at + 1 < WICK_TEXT_BYTES; text++) {
        to[at++] = *text;
    }
    to[at] = 0;
    return at;
}

/* The nearest number of three digits. */
static struct wick_number three_digits(double value)
{
    double unit = 1;
    while (value / unit >= 1000 && unit < 1e15) {
        unit *= 10;
    }
    while (value / unit < 100 && unit > 1e-9) {
        unit /= 10;
    }
    const double digits = value / unit < 1e18 ? (double)(int64_t)(value / unit + 0.5) * unit : value;
    return unit >= 1 && digits < 1e18 ? (struct wick_number){digits, (int64_t)digits, WICK_WHOLE} : (struct wick_number){digits, 0, WICK_NOT_WHOLE};
}

static uint32_t add_rate(char *to, uint32_t at, double rate, const char *unit)
{
    static const char *const prefixes[] = {"", "k", "M", "G", "T"};
    const int bytes = wk_mem_same(unit, "bytes");
    uint32_t prefix = 0;
    while (bytes && rate >= 999.5 && prefix < 4) {
        rate /= 1000;
        prefix++;
    }
    at = add_text(to, at, "  ");
    if (at + 64 > WICK_TEXT_BYTES) {
        return at;
    }
    const struct wick_number number = three_digits(rate);
    at += wick_text_amount(to + at, &number);
    at = add_text(to, at, *unit ? " " : "");
    at = add_text(to, at, bytes ? prefixes[prefix] : unit);
    return add_text(to, at, bytes ? "B/s" : "/s");
}

uint32_t wick_text_sum(char *to, const struct wick_number *sum, const char *unit, int64_t time_ns)
{
    uint32_t at = wick_text_amount(to, sum);
    at = add_text(to, at, *unit ? " " : "");
    at = add_text(to, at, unit);
    if (time_ns > 0 && sum->value >= 0 && !wk_mem_same(unit, "percent") && !wk_mem_same(unit, "seconds")) {
        at = add_rate(to, at, sum->value * 1e9 / (double)time_ns, unit);
    }
    return at;
}

/* Write `number` / 10^decimals; returns the end. */
static char *put_decimal(char *to, uint64_t number, uint32_t decimals)
{
    uint64_t unit = 1;
    for (uint32_t i = 0; i < decimals; i++) {
        unit *= 10;
    }
    to = wk_number_put_unsigned(to, number / unit);
    if (decimals) {
        *to++ = '.';
    }
    for (uint64_t place = unit / 10; place; place /= 10) {
        *to++ = (char)('0' + number / place % 10);
    }
    return to;
}

uint32_t wick_text_duration(char *to, int64_t duration_ns)
{
    static const char units[][4] = {" us", " ms", " s"};
    uint64_t ns = duration_ns < 0 ? 0 : (uint64_t)duration_ns, step_ns = 10;
    uint32_t steps = 0; /* 10 ns, 100 ns, 1 us, 10 us, ...: three for each unit */
    if (ns < 1000) {
        char *end = wk_number_put_unsigned(to, ns);
        memcpy(end, " ns", 4);
        return (uint32_t)(end - to) + 3;
    }
    for (; steps < 8 && (ns + step_ns / 2) / step_ns >= 1000; steps++) {
        step_ns *= 10;
    }
    char *end = put_decimal(to, (ns + step_ns / 2) / step_ns, 2 - steps % 3);
    memcpy(end, units[steps / 3], 4);
    return (uint32_t)(end - to) + (uint32_t)wk_mem_length(units[steps / 3]);
}

uint32_t wick_text_share(char *to, double share)
{
    uint64_t tenths = !(share > 0) ? 0 : share > 1e6 ? 1000000000u : (uint64_t)(share * 1000 + 0.5);
    char *end = put_decimal(to, tenths, 1);
    memcpy(end, " %", 3);
    return (uint32_t)(end - to) + 2;
}

uint32_t wick_text_plural(char *to, uint64_t number, const char *forms)
{
    uint32_t used = 0, part = 0; /* 0: for one, 1: for many, 2: the rest */
    const uint32_t left_out = number == 1 ? 1 : 0;
    int has_parts = 0;
    for (const char *at = forms; *at; at++) {
        has_parts |= *at == '|';
    }
    for (; *forms && used + 1 < WICK_TEXT_BYTES; forms++) {
        if (*forms == '|') {
            part++;
        } else if (!has_parts || part != left_out) {
            to[used++] = *forms;
        }
    }
    to[used] = 0;
    return used;
}
