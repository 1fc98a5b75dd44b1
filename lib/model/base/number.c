/*
 * SPDX-License-Identifier: MIT
 * A double as decimal digits: exact arithmetic on the number's own binary digits; see number.h.
 * Must not use the processor's rounding. Invariant: the first 17 digits are those of the exact value, the
 * last one rounded.
 */
#include "number.h"

#include <string.h>

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

/* All digits, most significant first, without leading zeros; gives how many. */
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

/* Cut to 17 digits, rounded; gives 1 when that carries into a new first digit. */
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

uint32_t wk_decimal_put(char *to, double value)
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
