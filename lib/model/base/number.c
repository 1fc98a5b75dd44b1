/*
 * SPDX-License-Identifier: MIT
 * Numbers as decimal digits and back. A double is converted in floating point where that is exact, otherwise with
 * integers of any length.
 */
#include "number.h"

#include <string.h>

#define SECONDS_MAX 9223372036u /* what int64 nanoseconds can hold */

#define WORDS 128u /* of nine digits: the longest are 770 digits times 2^750, and 5^1100 times 17 digits */
#define BASE 1000000000u

struct digits {
    uint32_t word[WORDS]; /* least significant first */
    uint32_t count;
};

/* Multiply by a factor below 2^31, and add. */
static void multiply(struct digits *d, uint32_t factor, uint64_t add)
{
    for (uint32_t i = 0; i < d->count; i++) {
        add += (uint64_t)d->word[i] * factor;
        d->word[i] = (uint32_t)(add % BASE);
        add /= BASE;
    }
    for (; add; add /= BASE) {
        d->word[d->count++] = (uint32_t)(add % BASE);
    }
}

/* Multiply by 2^twos * 5^fives; a negative exponent counts as 0. */
static void raise(struct digits *d, int twos, int fives)
{
    for (; twos > 0; twos -= 30) {
        multiply(d, 1u << (twos < 30 ? twos : 30), 0);
    }
    for (; fives >= 13; fives -= 13) {
        multiply(d, 1220703125, 0); /* 5^13 */
    }
    for (; fives > 0; fives--) {
        multiply(d, 5, 0);
    }
}

/* A finite double without its sign is mantissa * 2^power. */
static uint64_t split(uint64_t bits, int *power)
{
    int exponent = (int)(bits >> 52);
    *power = (exponent ? exponent : 1) - 1075;
    return (bits & 0xfffffffffffffu) | (uint64_t)(exponent != 0) << 52;
}

/* ---- a double as digits ---- */

/* Write the digits of value * 2^power, or of that times 10^-power, with leading zeros. */
static void spell(uint64_t value, int power, char *to, uint32_t width)
{
    struct digits d = {.count = 0};
    multiply(&d, 1, value);
    raise(&d, power, -power);
    for (uint32_t i = 0; width; i++) {
        uint32_t word = i < d.count ? d.word[i] : 0;
        for (uint32_t k = 0; k < 9 && width; k++, word /= 10) {
            to[--width] = (char)('0' + word % 10);
        }
    }
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

#define DIGITS 800u /* of a mantissa times 5^1074, with zeros around them */

static char *put_exponent(char *to, int exponent)
{
    *to++ = 'e';
    *to++ = exponent < 0 ? '-' : '+';
    exponent = exponent < 0 ? -exponent : exponent;
    if (exponent < 10) {
        *to++ = '0';
    }
    return wk_number_put_unsigned(to, (uint64_t)exponent);
}

/* Write the first of the digits; the exponent is that of digit 1, and digit 0 is 0, in case that rounding changes it. */
static char *put_rounded(char *to, const char *exact, uint32_t count, int exponent)
{
    char digits[19];
    memcpy(digits, exact, count + 1);
    if (exact[count + 1] >= '5') {
        uint32_t i = count;
        for (; digits[i] == '9'; i--) {
            digits[i] = '0';
        }
        digits[i]++;
    }
    const char *at = digits + (digits[0] == '0');
    exponent += digits[0] != '0';
    while (digits + count > at && digits[count] == '0') {
        count--;
    }
    int plain = exponent > -5 && exponent < 17, before = plain ? exponent : 0; /* the point stands behind this digit */
    for (int i = before < 0 ? before : 0; i <= before || at <= digits + count; i++) {
        *to++ = i < 0 || at > digits + count ? '0' : *at++;
        if (i == before && at <= digits + count) {
            *to++ = '.';
        }
    }
    return plain ? to : put_exponent(to, exponent);
}

uint32_t wk_number_put(char *to, double value)
{
    uint64_t bits;
    char digits[DIGITS], *at = to;
    int power;
    memcpy(&bits, &value, sizeof bits);
    if (value - value != 0) {
        memcpy(to, value != value ? "nan" : bits >> 63 ? "-inf" : "inf", 4);
        return value < 0 ? 4 : 3;
    }
    if (bits >> 63) {
        *at++ = '-';
        value = -value;
    }
    if (value < 1e17 && (double)(uint64_t)value == value) {
        return (uint32_t)(wk_number_put_unsigned(at, (uint64_t)value) - to);
    }
    uint64_t mantissa = split(bits & INT64_MAX, &power);
    uint32_t width = (uint32_t)(power < 0 ? -power * 7 / 10 : power * 31 / 100) + 40, first = 1;
    spell(mantissa, power, digits, width);
    while (digits[first] == '0') {
        first++;
    }
    int exponent = (int)(width - 1 - first) + (power < 0 ? power : 0);
    char *end;
    double back;
    uint32_t count = mantissa >> 52 ? 15 : 1; /* what has so few digits is found with its zeros cut off */
    do {
        end = put_rounded(at, digits + first - 1, count++, exponent);
    } while (!wk_number_double(at, (size_t)(end - at), &back) || back != value);
    return (uint32_t)(end - to);
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

/* A decimal number: digits * 10^scale, where `digits` are the first 19, and others behind them are left out. */
struct decimal {
    const char *first, *end; /* from the first digit that is not 0 to the last of the mantissa */
    uint64_t digits;
    int scale, count; /* count: of the digits from `first` on */
};

/* Read a number without its sign. */
static int scan(const char *at, const char *end, struct decimal *d)
{
    int seen = 0, point = 0;
    *d = (struct decimal){.first = at};
    for (; at < end; at++) {
        uint32_t digit = (uint32_t)(unsigned char)*at - '0';
        if (digit > 9) {
            if (*at != '.' || point) {
                break;
            }
            point = 1;
            continue;
        }
        seen = 1;
        if (d->count < 19) {
            d->digits = d->digits * 10 + digit;
            d->scale -= point;
        } else {
            d->scale += !point;
        }
        if (d->digits) {
            d->count++;
        } else {
            d->first = at + 1;
        }
    }
    d->end = at;
    if (seen && at < end && (*at == 'e' || *at == 'E')) {
        uint64_t value = 0;
        int sign = ++at < end && (*at == '-' || *at == '+');
        seen = wk_number_unsigned(at + sign, (size_t)(end - at - sign), 9999, &value);
        d->scale += sign && *at == '-' ? -(int)value : (int)value;
        return seen;
    }
    return seen && at == end;
}

/* The order of a decimal number and the middle between two doubles, of which `bits` is the lower one. */
static int compare(const struct decimal *decimal, uint64_t bits)
{
    struct digits left = {.count = 0}, right = {.count = 0};
    int power, taken = 0, rest = 0;
    uint64_t mantissa = split(bits, &power);
    for (const char *at = decimal->first; at < decimal->end; at++) {
        if (*at != '.' && taken < 770) {
            multiply(&left, 10, (uint64_t)(*at - '0'));
            taken++;
        } else {
            rest |= *at != '.' && *at != '0';
        }
    }
    if (rest) { /* no middle has so many digits */
        multiply(&left, 10, 1);
        taken++;
    }
    int scale = decimal->scale - (taken > 19 ? taken - 19 : 0), twos = scale - (power - 1);
    multiply(&right, 1, 2 * mantissa + 1);
    raise(&left, twos, scale);
    raise(&right, -twos, -scale);
    if (left.count != right.count) {
        return left.count > right.count ? 1 : -1;
    }
    for (uint32_t i = left.count; i-- > 0;) {
        if (left.word[i] != right.word[i]) {
            return left.word[i] > right.word[i] ? 1 : -1;
        }
    }
    return 0;
}

#define LARGEST 0x7fefffffffffffffu /* bits of the largest double */

/* Move to the nearest double, of two to the even one; gives its bits, above LARGEST when there is none. */
static uint64_t nearest(const struct decimal *decimal, uint64_t bits)
{
    for (int order = 1; bits <= LARGEST; bits++) {
        order = compare(decimal, bits);
        if (order < 0 || (order == 0 && !(bits & 1))) {
            break;
        }
    }
    for (int order; bits > 0; bits--) {
        order = compare(decimal, bits - 1);
        if (order > 0 || (order == 0 && !(bits & 1))) {
            break;
        }
    }
    return bits;
}

static double power_of_ten(int exponent)
{
    double power = 1, base = 10;
    for (; exponent; exponent >>= 1, base *= base) {
        power *= exponent & 1 ? base : 1;
    }
    return power;
}

static int unsigned_double(const struct decimal *d, double *number)
{
    int scale = d->scale;
    double value = (double)d->digits;
    if (!d->digits || scale < -400) {
        *number = 0;
        return 1;
    }
    if (scale > 310) {
        return 0;
    }
    /* In steps: 10^-330 is no double, but 10^-300 / 10^30 can be computed. */
    for (int left = scale < 0 ? -scale : scale; left > 0; left -= 300) {
        double power = power_of_ten(left < 300 ? left : 300);
        value = scale < 0 ? value / power : value * power;
    }
    if (d->count > 19 || d->digits >> 53 || scale < -22 || scale > 22) { /* else both are exact, and so is the result */
        uint64_t bits;
        memcpy(&bits, &value, sizeof bits);
        bits = nearest(d, bits < LARGEST ? bits : LARGEST);
        memcpy(&value, &bits, sizeof bits);
    }
    if (!(value <= 1.7976931348623157e308)) {
        return 0;
    }
    *number = value;
    return 1;
}

int wk_number_double(const char *bytes, size_t count, double *number)
{
    struct decimal d;
    size_t sign = count && (*bytes == '-' || *bytes == '+');
    if (!scan(bytes + sign, bytes + count, &d) || !unsigned_double(&d, number)) {
        return 0;
    }
    *number = *bytes == '-' ? -*number : *number;
    return 1;
}

int wk_number_scaled(const char *bytes, size_t count, int decimals, int64_t *number)
{
    struct decimal d;
    size_t sign = count && (*bytes == '-' || *bytes == '+');
    if (!scan(bytes + sign, bytes + count, &d)) {
        return 0;
    }
    uint64_t value = d.digits;
    int scale = value ? d.scale + decimals : 0;
    for (; scale < 0 && value; scale++) {
        value /= 10;
    }
    for (; scale > 0 && value <= INT64_MAX / 10; scale--) {
        value *= 10;
    }
    *number = *bytes == '-' ? -(int64_t)value : (int64_t)value;
    return scale <= 0 && value <= INT64_MAX;
}
