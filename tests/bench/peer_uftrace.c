/*
 * SPDX-License-Identifier: MIT
 * The tight loop with uftrace: a scope is a call of an instrumented function. For tools/bench --peers only;
 * compiled with -pg, its own functions but one excluded.
 */
#include "bench.h"

#define PLAIN __attribute__((no_instrument_function, noinline))

__attribute__((noinline)) static void scope(void)
{
    __asm__ volatile("" ::: "memory");
}

PLAIN int main(void)
{
    static struct bench_samples samples, floors;
    static struct bench_ring ring;

    for (int round = 0; round < 60; round++) {
        double start_ns = bench_now_ns();
        double middle_ns;

        for (int i = 0; i < 20000; i++) {
            scope();
        }
        middle_ns = bench_now_ns();
        for (int i = 0; i < 20000; i++) {
            bench_event(&ring, 1);
            __asm__ volatile("" ::: "memory");
            bench_event(&ring, 2);
        }
        if (round >= 10) {
            bench_add(&samples, (middle_ns - start_ns) / 20000);
            bench_add(&floors, (bench_now_ns() - middle_ns) / 20000);
        }
    }
    bench_print("peer_uftrace_scope_tight", bench_median(&samples), "ns", bench_median(&floors));
    return 0;
}
