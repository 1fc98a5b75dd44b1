/*
 * SPDX-License-Identifier: MIT
 * A call of an instrumented function and its return, in a tight loop. The floor: two clock reads, two events.
 * Compiled with -finstrument-functions; only `scope` is instrumented. WICK_FUNCTIONS=-scope: what is left out.
 */
#include "bench.h"

#define PLAIN __attribute__((no_instrument_function, noinline))

__attribute__((noinline)) static void scope(void)
{
    __asm__ volatile("" ::: "memory");
}

enum { CALLS = 20000, ROUNDS = 200, WARM = 20 };

PLAIN static double per_call_ns(void)
{
    double start_ns = bench_now_ns();

    for (int i = 0; i < CALLS; i++) {
        scope();
    }
    return (bench_now_ns() - start_ns) / CALLS;
}

PLAIN int main(int count, char **arguments)
{
    static struct bench_samples samples, floors;
    static struct bench_ring ring;

    for (int round = 0; round < ROUNDS; round++) {
        double call_ns = per_call_ns();
        double start_ns = bench_now_ns();

        for (int i = 0; i < CALLS; i++) {
            bench_event(&ring, 1);
            __asm__ volatile("" ::: "memory");
            bench_event(&ring, 2);
        }
        if (round >= WARM) {
            bench_add(&samples, call_ns);
            bench_add(&floors, (bench_now_ns() - start_ns) / CALLS);
        }
        nanosleep(&(struct timespec){0, 10000000}, NULL); /* the drain empties the ring: no losses */
    }
    bench_print(count > 1 ? arguments[1] : "instrument_function", bench_median(&samples), "ns", bench_median(&floors));
    return 0;
}
