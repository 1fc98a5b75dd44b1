/*
 * SPDX-License-Identifier: MIT
 * The tight loop with LTTng-UST: a scope is a begin and an end event. For tools/bench --peers only.
 */
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "peer_lttng.h"

#include "bench.h"

int main(void)
{
    static struct bench_samples samples, floors;
    static struct bench_ring ring;

    for (int round = 0; round < 60; round++) {
        double start_ns = bench_now_ns();
        double middle_ns;

        for (int i = 0; i < 20000; i++) {
            lttng_ust_tracepoint(wick_peer, begin, 1);
            __asm__ volatile("" ::: "memory");
            lttng_ust_tracepoint(wick_peer, end, 1);
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
    bench_print("peer_lttng_scope_tight", bench_median(&samples), "ns", bench_median(&floors));
    return 0;
}
