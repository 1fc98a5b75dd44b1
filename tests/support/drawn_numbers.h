/*
 * SPDX-License-Identifier: MIT
 * Random numbers for simulated runs, the same in every run of a test. Knuth's MMIX generator, its state mixed as MurmurHash3 does;
 * normal numbers by Box and Muller (1958).
 */
#ifndef WICK_TESTS_SUPPORT_DRAWN_NUMBERS_H
#define WICK_TESTS_SUPPORT_DRAWN_NUMBERS_H

#include <math.h>
#include <stdint.h>

static uint64_t drawn_state = 1;

/* Between 0 and 1, neither of them. */
static inline double drawn_uniform(void)
{
    drawn_state = drawn_state * 6364136223846793005u + 1442695040888963407u;
    uint64_t x = drawn_state ^ (drawn_state >> 33);
    x *= 0xff51afd7ed558ccdu;
    x ^= x >> 33;
    return ((double)(x >> 11) + 0.5) / 9007199254740992.0;
}

/* Of mean 0 and variance 1. */
static inline double drawn_normal(void)
{
    const double radius = sqrt(-2 * log(drawn_uniform()));
    return radius * cos(2 * M_PI * drawn_uniform());
}

#endif
