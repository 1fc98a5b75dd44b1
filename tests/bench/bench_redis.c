/*
 * SPDX-License-Identifier: MIT
 * Costs of the mirror in Redis, for line_redis, which starts the server: it does what standard input says, one command in a line,
 * and answers each with one line.
 * usage: bench_redis
 */
#include <string.h>

#include <wick/wick.h>

#include "bench.h"

enum { GROUPS = 100 };

static long leaf_count;

static void say(long leaf, double value, double weight, const char *status)
{
    char key[48];

    snprintf(key, sizeof key, "root.group%ld.leaf%ld", leaf % GROUPS, leaf);
    (void)!wick_progress(key, value, weight, status ? "made" : NULL, status);
}

/* COUNT trackers in groups, all of them in Redis: ns. */
static void make(long count)
{
    double start_ns = bench_now_ns();

    leaf_count = count;
    for (long i = 0; i < count; i++) {
        say(i, 0.5, 1, "running");
    }
    int rc = wick_flush(60000);
    printf("%d %.0f\n", rc, bench_now_ns() - start_ns);
}

/* Two fields of each, ROUNDS times, all of it in Redis: ns. */
static void change(long rounds)
{
    double start_ns = bench_now_ns();
    int rc = 0;

    for (long round = 0; round < rounds && rc == 0; round++) {
        for (long i = 0; i < leaf_count; i++) {
            say(i, (double)(i % 1000 + round) / 2000, (double)(i % 7 + 1), NULL);
        }
        rc = wick_flush(60000);
    }
    printf("%d %.0f\n", rc, bench_now_ns() - start_ns);
}

/* Until a mirror that has lost its connection is whole again: ns. */
static void settle(void)
{
    double start_ns = bench_now_ns();
    int rc = -1;

    say(0, 0.75, 3, NULL);
    while (rc != 0 && bench_now_ns() - start_ns < 60e9) {
        rc = wick_flush(60000);
    }
    printf("%d %.0f\n", rc, bench_now_ns() - start_ns);
}

/* Calls at a steady pace for some ms: their mean in ns. */
static void pace(long ms)
{
    double end_ns = bench_now_ns() + (double)ms * 1e6, sum_ns = 0;
    long count = 0;

    while (bench_now_ns() < end_ns) {
        char key[32];
        double before_ns = bench_now_ns();

        snprintf(key, sizeof key, "pace.n%ld", count % 100);
        (void)!wick_progress(key, (double)(count % 1000) / 1000, 1, NULL, NULL);
        for (int i = 0; i < 10; i++) {
            WICK_SCOPE("work");
        }
        sum_ns += bench_now_ns() - before_ns;
        count++;
        while (bench_now_ns() < before_ns + 50000) {
            /* a steady load, as of a program at work */
        }
    }
    printf("0 %.1f\n", sum_ns / (double)(count ? count : 1));
}

int main(void)
{
    char line[256];

    setvbuf(stdout, NULL, _IOLBF, 0);
    while (fgets(line, sizeof line, stdin)) {
        const char *space = strchr(line, ' ');
        long number = space ? strtol(space, NULL, 10) : 0;

        if (strncmp(line, "make", 4) == 0) {
            make(number);
        } else if (strncmp(line, "change", 6) == 0) {
            change(number);
        } else if (strncmp(line, "settle", 6) == 0) {
            settle();
        } else {
            pace(number);
        }
    }
    return 0;
}
