/*
 * SPDX-License-Identifier: MIT
 * The tight loop in a shared object: its view of the on word goes through the GOT.
 */
#include <wick/wick.h>

#include "bench_loops.h"

uint64_t bench_loop_shared(long n, uint64_t value)
{
    for (long i = 0; i < n; i++) {
        WICK_SCOPE("shared");
        __asm__ volatile("" ::: "memory");
    }
    return value;
}
