/*
 * SPDX-License-Identifier: MIT
 * A sum of doubles that does not depend on the order of the additions: fixed point, 128 bits.
 * Must not be used for products or means of means. Invariant: a log that is read in parallel parts gives
 * the same sum, to the last bit, as one that is read from front to back.
 */
#ifndef WICK_LIB_MODEL_EXACT_H
#define WICK_LIB_MODEL_EXACT_H

#include <stdint.h>
#include <string.h>

#define WK_EXACT_FRACTION 60 /* bits: what is below 2^-60 of a value is cut off */

struct wk_exact {
    __int128 scaled;
};

/* Infinities and huge values count as +-2^62; not-a-number as 0. */
static inline __int128 wk_exact_scale(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    int exponent = (int)(bits >> 52 & 0x7ff) - 1075 + WK_EXACT_FRACTION;
    __int128 scaled = (__int128)(bits & 0xfffffffffffffu) | (__int128)1 << 52;
    if (value != value || exponent < -52) {
        return 0;
    }
    if (exponent > 62 + WK_EXACT_FRACTION - 53) {
        scaled = (__int128)1 << (62 + WK_EXACT_FRACTION);
    } else if (exponent >= 0) {
        scaled <<= exponent;
    } else {
        scaled >>= -exponent;
    }
    return bits >> 63 ? -scaled : scaled;
}

static inline void wk_exact_add(struct wk_exact *sum, __int128 scaled)
{
    __int128 result;
    if (!__builtin_add_overflow(sum->scaled, scaled, &result)) {
        sum->scaled = result;
    }
}

static inline double wk_exact_read(const struct wk_exact *sum)
{
    __int128 whole = sum->scaled >> WK_EXACT_FRACTION;
    uint64_t part = (uint64_t)(sum->scaled & (((__int128)1 << WK_EXACT_FRACTION) - 1));
    /* By halves: a conversion from 128 bits would call into the compiler's library. */
    double high = (double)(int64_t)(whole >> 32) * 4294967296.0;
    double low = (double)(uint32_t)whole;
    return high + low + (double)part / (double)((uint64_t)1 << WK_EXACT_FRACTION);
}

#endif
