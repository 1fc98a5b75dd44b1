/*
 * SPDX-License-Identifier: MIT
 * Numbers as decimal digits and back. A double is written with exact integer arithmetic on its mantissa: the exact
 * value, rounded once to 17 digits.
 */
#include "number.h"

#include <string.h>

#define SECONDS_MAX 9223372036u /* what int64 nanoseconds can hold */

#define WORDS 128u /* nine digits each: 2^1024 has 309 digits, 5^1074 has 751 */
#define BASE 1000000000u

struct digits {
    uint32_t word[WORDS]; /* least significant first */
    uint32_t count;
};

static void multiply(struct digits *d, uint32_t factor)
{
    uint64_t carry = 0;
    for (uint32_t i = 0; i < d->count; i++) {
        carry += (uint64_t)d->word[i] * factor;
        d->word[i] = (uint32_t)(carry % BASE);
        carry /= BASE;
    }
    if (carry) {
        d->word[d->count++] = (uint32_t)carry;
    }
}

/* Write all digits, most significant first, without leading zeros; returns how many. */
static uint32_t spell(const struct digits *d, char *to)
{
    uint32_t count = 0;
    for (uint32_t i = d->count; i-- > 0;) {
        uint32_t word = d->word[i];
        for (uint32_t power = BASE / 10; power; power /= 10) {
            char digit = (char)('0' + word / power % 10);
            if (count || digit != '0') {
                to[count++] = digit;
            }
        }
    }
    return count;
}

/* Round to 17 digits; returns 1 when the carry makes a new first digit. */
static int round_digits(char *digits, uint32_t *count)
{
    if (*count <= 17) {
        return 0;
    }
    int up = digits[17] >= '5';
    *count = 17;
    for (uint32_t i = 17; up && i-- > 0;) {
        up = digits[i] == '9';
        digits[i] = up ? '0' : (char)(digits[i] + 1);
    }
    if (up) {
        digits[0] = '1';
    }
    return up;
}

static uint32_t put_exponent(char *to, int exponent)
{
    uint32_t at = 0, value = (uint32_t)(exponent < 0 ? -exponent : exponent);
    to[at++] = 'e';
    to[at++] = exponent < 0 ? '-' : '+';
    if (value >= 100) {
        to[at++] = (char)('0' + value / 100);
    }
    to[at++] = (char)('0' + value / 10 % 10);
    to[at++] = (char)('0' + value % 10);
    return at;
}

static uint32_t put_whole(char *to, uint64_t value)
{
    char digits[20];
    uint32_t count = 0, at = 0;
    do {
        digits[count++] = (char)('0' + value % 10);
    } while (value /= 10);
    while (count) {
        to[at++] = digits[--count];
    }
    return at;
}

uint32_t wk_number_put(char *to, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint32_t at = 0;
    int power = (int)(bits >> 52 & 0x7ff);
    uint64_t mantissa = bits & 0xfffffffffffffu;
    if (power == 0x7ff) {
        memcpy(to, mantissa ? "nan" : bits >> 63 ? "-inf" : "inf", 4);
        return mantissa || !(bits >> 63) ? 3 : 4;
    }
    if (bits >> 63) {
        to[at++] = '-';
        value = -value;
    }
    if (value < 9007199254740992.0 && (double)(uint64_t)value == value) {
        return at + put_whole(to + at, (uint64_t)value);
    }
    mantissa |= power ? (uint64_t)1 << 52 : 0;
    power = (power ? power : 1) - 1075; /* the value is mantissa * 2^power */
    struct digits d = {{(uint32_t)(mantissa % BASE), (uint32_t)(mantissa / BASE)}, 2};
    for (int i = 0; i < power || i < -power; i++) {
        multiply(&d, power > 0 ? 2 : 5); /* m * 2^-k = m * 5^k / 10^k */
    }
    char digits[WORDS * 9] = "0";
    uint32_t count = spell(&d, digits);
    int exponent = (int)count - 1 + (power < 0 ? power : 0);
    exponent += round_digits(digits, &count);
    while (count > 1 && digits[count - 1] == '0') {
        count--;
    }
    to[at++] = digits[0];
    if (count > 1) {
        to[at++] = '.';
        memcpy(to + at, digits + 1, count - 1);
        at += count - 1;
    }
    return exponent ? at + put_exponent(to + at, exponent) : at;
}

static char *put_digits(char *to, uint64_t value, uint64_t base)
{
    char digits[20];
    int count = 0;
    do {
        digits[count++] = "0123456789abcdef"[value % base];
    } while (value /= base);
    while (count) {
        *to++ = digits[--count];
    }
    return to;
}

char *wk_number_put_unsigned(char *to, uint64_t value)
{
    return put_digits(to, value, 10);
}

char *wk_number_put_signed(char *to, int64_t value)
{
    if (value < 0) {
        *to++ = '-';
    }
    return put_digits(to, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 10);
}

char *wk_number_put_hex(char *to, uint64_t value)
{
    return put_digits(to, value, 16);
}

/* ---- from digits ---- */

int wk_number_unsigned(const char *bytes, size_t count, uint64_t max, uint64_t *number)
{
    uint64_t value = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t digit = (uint64_t)(unsigned char)bytes[i] - '0';
        if (digit > 9 || value > (max - digit) / 10) {
            return 0;
        }
        value = value * 10 + digit;
    }
    *number = value;
    return count > 0;
}

int wk_number_signed(const char *bytes, size_t count, int64_t *number)
{
    uint64_t value;
    size_t negative = count > 0 && bytes[0] == '-';
    if (!wk_number_unsigned(bytes + negative, count - negative, (uint64_t)INT64_MAX + negative, &value)) {
        return 0;
    }
    *number = (int64_t)(negative ? 0 - value : value);
    return 1;
}

int wk_number_hex(const char *bytes, size_t count, uint64_t *number)
{
    *number = 0;
    for (size_t i = 0; i < count; i++) {
        char c = bytes[i];
        uint64_t digit = c >= '0' && c <= '9' ? (uint64_t)(c - '0') : c >= 'a' && c <= 'f' ? (uint64_t)(c - 'a' + 10) : 16;
        if (digit > 15) {
            return 0;
        }
        *number = *number << 4 | digit;
    }
    return count > 0 && count <= 16;
}

/* Seconds with any number of decimals; those after the ninth are cut off. */
int wk_number_time(const char *bytes, size_t count, int64_t *time_ns)
{
    size_t point = 0;
    while (point < count && bytes[point] != '.') {
        point++;
    }
    uint64_t seconds;
    if (!wk_number_unsigned(bytes, point, SECONDS_MAX - 1, &seconds)) {
        return 0;
    }
    int64_t fraction = 0, unit = 100000000;
    for (size_t i = point + 1; i < count; i++) {
        int64_t digit = bytes[i] - '0';
        if (digit < 0 || digit > 9) {
            return 0;
        }
        fraction += digit * unit;
        unit /= 10;
    }
    *time_ns = (int64_t)seconds * 1000000000 + fraction;
    return 1;
}

static double power_of_ten(int exponent)
{
    double power = 1, base = 10;
    for (int n = exponent < 0 ? -exponent : exponent; n; n >>= 1) {
        if (n & 1) {
            power *= base;
        }
        base *= base;
    }
    return power;
}

/* A decimal point in every locale. Exact for up to 15 digits and small exponents, as most counters have; otherwise
 * within a few units in the last place. */
int wk_number_double(const char *bytes, size_t count, double *number)
{
    size_t at = 0;
    int negative = count && bytes[0] == '-';
    at += negative || (count && bytes[0] == '+');
    uint64_t digits = 0;
    int seen = 0, point = 0, scale = 0, exponent = 0, exponent_sign = 1;
    for (; at < count; at++) {
        char c = bytes[at];
        if (c == '.' && !point) {
            point = 1;
        } else if (c >= '0' && c <= '9') {
            seen = 1;
            if (digits < UINT64_MAX / 10 - 9) {
                digits = digits * 10 + (uint64_t)(c - '0');
                scale -= point;
            } else {
                scale += !point;
            }
        } else {
            break;
        }
    }
    if (!seen) {
        return 0;
    }
    if (at < count && (bytes[at] == 'e' || bytes[at] == 'E')) {
        at++;
        if (at < count && (bytes[at] == '-' || bytes[at] == '+')) {
            exponent_sign = bytes[at++] == '-' ? -1 : 1;
        }
        uint64_t value;
        if (!wk_number_unsigned(bytes + at, count - at, 9999, &value)) {
            return 0;
        }
        exponent = (int)value;
        at = count;
    }
    if (at < count) {
        return 0;
    }
    exponent = exponent * exponent_sign + scale;
    double value = (double)digits;
    /* In steps: 10^-330 is no double, but 10^-300 / 10^30 can be computed. */
    for (int left = exponent; left && value != 0.0;) {
        int step = left > 300 ? 300 : left < -300 ? -300 : left;
        value = step < 0 ? value / power_of_ten(step) : value * power_of_ten(step);
        left -= step;
        if (value > 1.7976931348623157e308) {
            break;
        }
    }
    *number = negative ? -value : value;
    return 1;
}
