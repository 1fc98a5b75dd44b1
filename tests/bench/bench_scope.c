/*
 * SPDX-License-Identifier: MIT
 * Cost of one scope: tight loop, in situ, with text, mark, off, compiled out. Each loop has its floor beside
 * it, in turns. Bursts fit into a ring, and the drain works at the same time: nothing is lost, which is checked.
 * usage: bench_scope NAME     (recording is configured by the environment, as in any program)
 */
#include <pthread.h>
#include <string.h>

#include <wick/wick.h>

#include "bench.h"
#include "bench_loops.h"

enum { BURST = 20000, ROUNDS = 200, WARM = 20 };

#define BARRIER() __asm__ volatile("" ::: "memory")
#define LOOP(name, ...)                                                                            \
    static __attribute__((noinline)) uint64_t name(long n, uint64_t value)                         \
    {                                                                                              \
        for (long i = 0; i < n; i++) {                                                             \
            __VA_ARGS__                                                                            \
        }                                                                                          \
        return value;                                                                              \
    }

static __thread struct bench_ring *ring; /* as the recorder: a pointer in TLS */

LOOP(loop_empty, BARRIER();)
LOOP(loop_floor, bench_event(ring, 1); BARRIER(); bench_event(ring, 2);)
LOOP(loop_tight, WICK_SCOPE("tight"); BARRIER();)
LOOP(loop_text, WICK_SCOPEF("text %ld", i); BARRIER();)
LOOP(loop_mark, WICK_MARK("mark"); BARRIER();)
LOOP(loop_print, char text[64]; snprintf(text, sizeof text, "text %ld", i); __asm__ volatile("" ::"r"(text) : "memory");)
LOOP(loop_situ, WICK_SCOPE("situ"); value = bench_chain(value);)
LOOP(loop_situ_bare, value = bench_chain(value); BARRIER();)
LOOP(loop_situ_floor, bench_event(ring, 1); value = bench_chain(value); bench_event(ring, 2);)

typedef uint64_t (*loop)(long n, uint64_t value);

static volatile uint64_t sink;

/* One burst, in ns per iteration. */
static double once(loop function, long n)
{
    double start_ns = bench_now_ns();

    sink += function(n, sink | 1);
    return (bench_now_ns() - start_ns) / (double)n;
}

struct result {
    double with;   /* medians, ns */
    double floor;
    double bare;
};

static struct result measure(loop with, loop floor, loop bare, long n)
{
    static __thread struct bench_samples a, b, c;
    struct result result;

    a.count = b.count = c.count = 0;
    for (int i = 0; i < ROUNDS + WARM; i++) {
        double x = once(with, n);
        double y, z;

        (void)!wick_flush(5000); /* the floor is measured with the drain at rest */
        y = once(floor, n);
        z = once(bare, n);
        if (i >= WARM) {
            bench_add(&a, x);
            bench_add(&b, y);
            bench_add(&c, z);
        }
    }
    result.with = bench_median(&a);
    result.floor = bench_median(&b);
    result.bare = bench_median(&c);
    return result;
}

static pthread_barrier_t barrier;
static struct result results[2];
static loop two_loops[3];

static void *two_threads_main(void *argument)
{
    ring = calloc(1, sizeof *ring);
    pthread_barrier_wait(&barrier);
    *(struct result *)argument = measure(two_loops[0], two_loops[1], two_loops[2], BURST / 2);
    free(ring);
    return NULL;
}

/* Both at once; the mean of the two medians. */
static struct result two_threads(loop with, loop floor, loop bare)
{
    pthread_t threads[2];
    struct result sum;

    two_loops[0] = with;
    two_loops[1] = floor;
    two_loops[2] = bare;
    pthread_barrier_init(&barrier, NULL, 2);
    for (int i = 0; i < 2; i++) {
        pthread_create(&threads[i], NULL, two_threads_main, &results[i]);
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
    }
    sum.with = (results[0].with + results[1].with) / 2;
    sum.floor = (results[0].floor + results[1].floor) / 2;
    sum.bare = (results[0].bare + results[1].bare) / 2;
    return sum;
}

static void check_losses(const char *name)
{
    struct wick_stats stats = {.size = sizeof stats};

    (void)!wick_stats_read(&stats);
    if (stats.dropped_full) {
        fprintf(stderr, "%s: %llu events were lost: the figure is of a ring that was full at times\n", name,
                (unsigned long long)stats.dropped_full);
    }
}

int main(int argc, char **argv)
{
    const char *name = argc == 2 ? argv[1] : "";
    struct result r;

    ring = calloc(1, sizeof *ring);
    if (strcmp(name, "scope_tight") == 0) {
        r = measure(loop_tight, loop_floor, loop_empty, BURST);
        bench_print(name, r.with, "ns", r.floor);
    } else if (strcmp(name, "scope_tight_2threads") == 0) {
        r = two_threads(loop_tight, loop_floor, loop_empty);
        bench_print(name, r.with, "ns", r.floor);
    } else if (strcmp(name, "scope_in_situ") == 0) {
        r = measure(loop_situ, loop_situ_floor, loop_situ_bare, BURST / 2);
        bench_print(name, r.with - r.bare, "ns", r.floor - r.bare);
        r = two_threads(loop_situ, loop_situ_floor, loop_situ_bare);
        bench_print("scope_in_situ_2threads", r.with - r.bare, "ns", r.floor - r.bare);
    } else if (strcmp(name, "scope_text") == 0) {
        r = measure(loop_text, loop_print, loop_empty, BURST / 4);
        bench_print(name, r.with, "ns", r.floor);
    } else if (strcmp(name, "mark") == 0) {
        r = measure(loop_mark, loop_floor, loop_empty, BURST);
        bench_print(name, r.with, "ns", r.floor / 2);
    } else if (strcmp(name, "scope_off") == 0) {
        r = measure(loop_tight, loop_empty, loop_empty, 1000000);
        bench_print(name, r.with - r.bare, "ns", 0);
        r = measure(bench_loop_shared, loop_empty, loop_empty, 1000000);
        bench_print("scope_off_shared", r.with - r.bare, "ns", 0);
    } else if (strcmp(name, "scope_site_off") == 0) { /* WICK_FILTER=-tight; beside recording being off */
        r = measure(loop_tight, loop_empty, loop_empty, 1000000);
        double site_off = r.with; /* the loop is in both: beside nothing at all a ratio says nothing */
        wick_pause();
        r = measure(loop_tight, loop_empty, loop_empty, 1000000);
        bench_print(name, site_off, "ns", r.with);
    } else if (strcmp(name, "scope_disabled") == 0) {
        r = measure(bench_loop_disabled, loop_empty, loop_empty, 1000000);
        bench_print(name, r.with - r.bare, "ns", 0);
    } else {
        fprintf(stderr, "usage: bench_scope scope_tight|scope_tight_2threads|scope_in_situ|scope_text|mark|scope_off|scope_site_off|"
                        "scope_disabled\n");
        return 2;
    }
    check_losses(name);
    free(ring);
    return 0;
}
