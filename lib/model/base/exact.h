/*
 * SPDX-License-Identifier: MIT
 * A sum of doubles in fixed point, 128 bits in two halves (the compiler's 128-bit shifts would call its library, which
 * is not linked into the WebAssembly engine). Integer addition is associative, so the sum does not depend on the order:
 * a log read in parallel parts gives the same sum, to the last bit, as one pass, as long as it stays within +-2^67.
 */
#ifndef WICK_LIB_MODEL_BASE_EXACT_H
#define WICK_LIB_MODEL_BASE_EXACT_H

#include <stdint.h>
#include <string.h>

#define WK_EXACT_FRACTION 60 /* bits: digits of a value below 2^-60 are cut off, each time in the same way */

struct wk_exact {
    uint64_t low;  /* 60 bits of fraction, 4 of the whole */
    uint64_t high; /* the rest, two's complement */
};

static inline struct wk_exact wk_exact_negate(struct wk_exact x)
{
    x.low = ~x.low + 1;
    x.high = ~x.high + (x.low == 0);
    return x;
}

/* Infinities and values beyond +-2^62 count as +-2^62; not-a-number as 0. */
/* Neither infinite nor not-a-number? Sums leave out what is not. */
static inline int wk_exact_finite(double value)
{
    return value - value == 0;
}

static inline struct wk_exact wk_exact_scale(double value)
{
    struct wk_exact scaled = {0, 0};
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    int shift = (int)(bits >> 52 & 0x7ff) - 1075 + WK_EXACT_FRACTION;
    uint64_t digits = (bits & 0xfffffffffffffu) | (uint64_t)1 << 52;
    if (value != value || shift <= -53) {
        return scaled;
    }
    if (shift > 62 + WK_EXACT_FRACTION - 53) {
        scaled.high = (uint64_t)1 << (62 + WK_EXACT_FRACTION - 64);
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

static inline void wk_exact_add(struct wk_exact *sum, struct wk_exact add)
{
    uint64_t low = sum->low + add.low;
    uint64_t high = sum->high + add.high + (low < add.low);
    /* Overflow (the summands have one sign, the result the other): the summand is dropped. Only here does the result
     * depend on the order. */
    if (~(sum->high ^ add.high) & (sum->high ^ high) & (uint64_t)1 << 63) {
        return;
    }
    sum->low = low;
    sum->high = high;
}

static inline double wk_exact_read(const struct wk_exact *sum)
{
    int negative = (int)(sum->high >> 63);
    struct wk_exact x = negative ? wk_exact_negate(*sum) : *sum;
    /* One unit of `high` is 2^4, one of `low` 2^-60. */
    double value = (double)x.high * 16.0 + (double)(x.low >> 32) / 268435456.0 +
                   (double)(uint32_t)x.low / 1152921504606846976.0;
    return negative ? -value : value;
}

#endif
