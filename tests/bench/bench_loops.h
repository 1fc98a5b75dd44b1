/*
 * SPDX-License-Identifier: MIT
 * Loops that are compiled elsewhere: in a shared object, and with WICK_DISABLE.
 */
#ifndef WICK_TESTS_BENCH_BENCH_LOOPS_H
#define WICK_TESTS_BENCH_BENCH_LOOPS_H

#include <stdint.h>

uint64_t bench_loop_shared(long n, uint64_t value);
uint64_t bench_loop_disabled(long n, uint64_t value);

#endif
