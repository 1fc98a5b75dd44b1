/*
 * SPDX-License-Identifier: MIT
 * The tight loop compiled out.
 */
#define WICK_DISABLE
#include <wick/wick.h>

#include "bench_loops.h"

uint64_t bench_loop_disabled(long n, uint64_t value)
{
    for (long i = 0; i < n; i++) {
        WICK_SCOPE("disabled");
        __asm__ volatile("" ::: "memory");
    }
    return value;
}
