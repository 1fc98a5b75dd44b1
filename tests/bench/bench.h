/*
 * SPDX-License-Identifier: MIT
 * What the benchmark programs share: a clock, medians, one JSON object per line.
 * A figure is printed with its floor or peer measured in the same process, never with a verdict.
 */
#ifndef WICK_TESTS_BENCH_BENCH_H
#define WICK_TESTS_BENCH_BENCH_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BENCH_SAMPLES_MAX = 4096 };

struct bench_samples {
    double value[BENCH_SAMPLES_MAX];
    int count;
};

static inline double bench_now_ns(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static inline void bench_add(struct bench_samples *samples, double value)
{
    if (samples->count < BENCH_SAMPLES_MAX) {
        samples->value[samples->count++] = value;
    }
}

static int bench_compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

static inline double bench_quantile(struct bench_samples *samples, double q)
{
    if (!samples->count) {
        return 0;
    }
    qsort(samples->value, (size_t)samples->count, sizeof(double), bench_compare);
    return samples->value[(int)(q * (samples->count - 1))];
}

static inline double bench_median(struct bench_samples *samples)
{
    return bench_quantile(samples, 0.5);
}

/* floor <= 0: none was measured. */
static inline void bench_print(const char *name, double value, const char *unit, double floor)
{
    if (floor > 0) {
        printf("{\"name\": \"%s\", \"value\": %.6g, \"unit\": \"%s\", \"floor\": %.6g, \"ratio\": %.4g}\n", name,
               value, unit, floor, value / floor);
    } else {
        printf("{\"name\": \"%s\", \"value\": %.6g, \"unit\": \"%s\", \"floor\": null, \"ratio\": null}\n", name, value,
               unit);
    }
    fflush(stdout);
}

/* About 80 ns of work that cannot be shortened: a chain of dependent multiplications. */
static inline uint64_t bench_chain(uint64_t value)
{
    for (int i = 0; i < 100; i++) {
        value *= 6364136223846793005u;
        __asm__ volatile("" : "+r"(value));
    }
    return value;
}

/* The floor of a scope: two clock reads, two 16-byte events, two releases. Nothing else. */
struct bench_ring {
    struct {
        uint64_t ticks;
        uint32_t site;
        uint32_t info;
    } slots[65536];
    uint32_t head;
};

static inline uint64_t bench_ticks(void)
{
#if defined(__x86_64__)
    return __builtin_ia32_rdtsc();
#else
    uint64_t ticks;
    __asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
    return ticks;
#endif
}

static inline void bench_event(struct bench_ring *ring, uint32_t info)
{
    uint32_t head = ring->head;

    ring->slots[head & 65535].ticks = bench_ticks();
    ring->slots[head & 65535].site = 1;
    ring->slots[head & 65535].info = info;
    __atomic_store_n(&ring->head, head + 1, __ATOMIC_RELEASE);
}

#endif
