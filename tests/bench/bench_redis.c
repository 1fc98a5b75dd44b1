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

static struct wick_tracker **leaves;
static long leaf_count;

/* COUNT trackers in groups, all of them in Redis: ns. */
static void make(long count)
{
    struct wick_tracker *root = wick_tracker_create(NULL, "root", NULL), *group = NULL;
    double start_ns = bench_now_ns();

    leaves = calloc((size_t)count, sizeof(struct wick_tracker *));
    leaf_count = leaves ? count : 0;
    for (long i = 0; i < leaf_count; i++) {
        char name[24];

        if (i % (count / GROUPS + 1) == 0) {
            group = wick_tracker_create(root, "group", NULL);
        }
        snprintf(name, sizeof name, "leaf%ld", i);
        leaves[i] = wick_tracker_create(group, name, NULL);
        wick_tracker_start(leaves[i], WICK_TRACKER_PARENTS, NULL);
        (void)!wick_tracker_set(leaves[i], "progress", "0.5");
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
            char number[24];

            snprintf(number, sizeof number, "0.%ld%ld", round + 1, i % 1000);
            (void)!wick_tracker_set(leaves[i], "progress", number);
            (void)!wick_tracker_set(leaves[i], "weight", number);
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

    (void)!wick_tracker_set(leaves[0], "weight", "3");
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
