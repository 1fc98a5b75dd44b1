/*
 * SPDX-License-Identifier: MIT
 * A sum of numbers in fixed point, 128 bits in two halves (the compiler's 128-bit shifts would call its library, which
 * is not linked into the WebAssembly engine). Integer addition is associative, so the sum does not depend on the order:
 * a log read in parallel parts gives the same sum, to the last bit, as one pass. What is beyond +-2^62, or would take the sum
 * beyond +-2^67, is added up beside it, as a double.
 */
#ifndef WICK_LIB_MODEL_BASE_EXACT_H
#define WICK_LIB_MODEL_BASE_EXACT_H

#include <stdint.h>
#include <string.h>

#include <wick/records.h>

#define WK_EXACT_FRACTION 60 /* bits: digits of a value below 2^-60 are cut off, each time in the same way */

struct wk_exact {
    uint64_t low;  /* 60 bits of fraction, 4 of the whole */
    uint64_t high; /* the rest, two's complement */
    double beyond; /* of what has no room in them */
};

static inline struct wk_exact wk_exact_negate(struct wk_exact x)
{
    x.low = ~x.low + 1;
    x.high = ~x.high + (x.low == 0);
    x.beyond = -x.beyond;
    return x;
}

/* Neither infinite nor not-a-number? Sums leave out what is not. */
static inline int wk_exact_finite(double value)
{
    return value - value == 0;
}

/* Not-a-number counts as 0. */
static inline struct wk_exact wk_exact_scale(double value)
{
    struct wk_exact scaled = {0, 0, 0};
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    int shift = (int)(bits >> 52 & 0x7ff) - 1075 + WK_EXACT_FRACTION;
    uint64_t digits = (bits & 0xfffffffffffffu) | (uint64_t)1 << 52;
    if (value != value || shift <= -53) {
        return scaled;
    }
    if (shift > 62 + WK_EXACT_FRACTION - 53) {
        scaled.beyond = value;
        return scaled;
    } else if (shift >= 64) {
        scaled.high = digits << (shift - 64);
    } else if (shift > 0) {
        scaled.low = digits << shift;
        scaled.high = digits >> (64 - shift);
    } else {
        scaled.low = digits >> -shift;
    }
    return bits >> 63 ? wk_exact_negate(scaled) : scaled;
}

/* A whole number, exactly. */
static inline struct wk_exact wk_exact_whole(int64_t whole)
{
    return (struct wk_exact){(uint64_t)whole << WK_EXACT_FRACTION, (uint64_t)(whole >> (64 - WK_EXACT_FRACTION)), 0};
}

static inline struct wk_exact wk_exact_unsigned(uint64_t whole)
{
    return (struct wk_exact){whole << WK_EXACT_FRACTION, whole >> (64 - WK_EXACT_FRACTION), 0};
}

static inline double wk_exact_read(const struct wk_exact *sum)
{
    int negative = (int)(sum->high >> 63);
    struct wk_exact x = negative ? wk_exact_negate(*sum) : *sum;
    /* One unit of `high` is 2^4, one of `low` 2^-60. */
    double value = (double)x.high * 16.0 + (double)(x.low >> 32) / 268435456.0 +
                   (double)(uint32_t)x.low / 1152921504606846976.0 + x.beyond;
    return negative ? -value : value;
}

static inline void wk_exact_add(struct wk_exact *sum, struct wk_exact add)
{
    uint64_t low = sum->low + add.low;
    uint64_t high = sum->high + add.high + (low < add.low);
    double beyond = sum->beyond + add.beyond;
    /* Overflow: the summands have one sign, the result the other. */
    if (~(sum->high ^ add.high) & (sum->high ^ high) & (uint64_t)1 << 63) {
        sum->beyond += wk_exact_read(&add);
        return;
    }
    *sum = (struct wk_exact){low, high, beyond};
}

static inline struct wick_number wk_exact_number(const struct wk_exact *sum)
{
    struct wick_number number = {.value = wk_exact_read(sum)};
    int64_t whole = (int64_t)(sum->high << (64 - WK_EXACT_FRACTION) | sum->low >> WK_EXACT_FRACTION);
    struct wk_exact same = wk_exact_whole(whole), without_sign = wk_exact_unsigned((uint64_t)whole);
    if (sum->beyond == 0 && sum->low == same.low && (sum->high == same.high || sum->high == without_sign.high)) {
        number.whole = whole;
        number.is_whole = sum->high == same.high ? WICK_WHOLE : WICK_WHOLE_UNSIGNED;
    }
    return number;
}

/* A double as a number: exact, since it is whole or not beyond 2^53. */
static inline struct wick_number wk_number_of_double(double value)
{
    int whole = value >= -9223372036854775808.0 && value < 9223372036854775808.0 && value == (double)(int64_t)value;
    return (struct wick_number){value, whole ? (int64_t)value : 0, (uint8_t)whole};
}

/* What a number is of: VALUE, GAUGE or SUM for each of their kinds; any other kind is itself. */
static inline uint32_t wk_number_kind(uint32_t kind)
{
    switch (kind) {
    case WICK_RECORD_VALUE_INT:
    case WICK_RECORD_VALUE_UINT:
        return WICK_RECORD_VALUE;
    case WICK_RECORD_GAUGE_INT:
    case WICK_RECORD_GAUGE_UINT:
        return WICK_RECORD_GAUGE;
    case WICK_RECORD_SUM_INT:
    case WICK_RECORD_SUM_UINT:
        return WICK_RECORD_SUM;
    default:
        return kind;
    }
}

/* The number of a VALUE, a GAUGE, a SUM, an AMOUNT, whole or not. */
static inline struct wick_number wk_number_of(const struct wick_record *r)
{
    switch (r->kind) {
    case WICK_RECORD_VALUE:
    case WICK_RECORD_GAUGE:
    case WICK_RECORD_SUM:
    case WICK_RECORD_AMOUNT:
        return wk_number_of_double(r->u.number);
    case WICK_RECORD_VALUE_INT:
    case WICK_RECORD_GAUGE_INT:
    case WICK_RECORD_SUM_INT:
        return (struct wick_number){(double)r->u.integer, r->u.integer, WICK_WHOLE};
    default:
        return (struct wick_number){(double)r->u.count, r->u.integer, WICK_WHOLE + (r->u.count >> 63)};
    }
}

static inline int wk_number_below(const struct wick_number *x, const struct wick_number *y)
{
    if (!x->is_whole || !y->is_whole) {
        return x->value < y->value;
    }
    return x->is_whole != y->is_whole ? x->is_whole < y->is_whole : x->whole < y->whole; /* of two above 2^63 the bits say it, too */
}

static inline struct wk_exact wk_exact_of(const struct wick_number *number)
{
    switch (number->is_whole) {
    case WICK_WHOLE:
        return wk_exact_whole(number->whole);
    case WICK_WHOLE_UNSIGNED:
        return wk_exact_unsigned((uint64_t)number->whole);
    default:
        return wk_exact_scale(number->value);
    }
}

#endif
