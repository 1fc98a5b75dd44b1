/*
 * SPDX-License-Identifier: MIT
 * Costs of trackers: one change, a scope that runs one, and reading the numbers of a tree of 100,000.
 * usage: bench_board NAME
 */
#include <pthread.h>
#include <string.h>

#include <wick/wick.h>

#include "bench.h"

enum { GROUPS = 100, LEAVES = 1000, TURNS = 31, UPDATES = 20000 };

static struct bench_samples samples, floors;
static struct wick_tracker *root, *leaves[GROUPS * LEAVES];
static struct wick_tracker_info info = {.size = sizeof info};

static void make_tree(void)
{
    const struct wick_tracker_options estimate = {.size = sizeof estimate, .estimate_s = 1000};
    root = wick_tracker_create(NULL, "root", NULL);
    for (int i = 0; i < GROUPS; i++) {
        struct wick_tracker *group = wick_tracker_create(root, "group", NULL);
        for (int k = 0; k < LEAVES; k++) {
            char name[16];
            snprintf(name, sizeof name, "leaf%d", k);
            leaves[i * LEAVES + k] = wick_tracker_create(group, name, &estimate);
            wick_tracker_start(leaves[i * LEAVES + k], WICK_TRACKER_PARENTS, NULL);
        }
    }
}

/* The floor of reading: adding up so many numbers that lie side by side. */
static double sum_ns(void)
{
    static uint64_t numbers[GROUPS * LEAVES];
    double start_ns = bench_now_ns();
    uint64_t sum = 0;
    for (int i = 0; i < GROUPS * LEAVES; i++) {
        sum += numbers[i];
        __asm__ volatile("" : "+r"(sum));
    }
    return bench_now_ns() - start_ns;
}

/* The floor of a change: a lock, a clock, an unlock. */
static double lock_ns(void)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    double start_ns = bench_now_ns();
    for (int i = 0; i < UPDATES; i++) {
        struct timespec now;
        pthread_mutex_lock(&lock);
        clock_gettime(CLOCK_REALTIME, &now);
        pthread_mutex_unlock(&lock);
    }
    return (bench_now_ns() - start_ns) / UPDATES;
}

/* One change of a leaf, three levels deep. */
static void tracker_update(void)
{
    struct wick_tracker *top = wick_tracker_create(NULL, "top", NULL), *mid = wick_tracker_create(top, "mid", NULL);
    struct wick_tracker *leaf = wick_tracker_create(mid, "leaf", NULL);
    for (int turn = 0; turn < TURNS; turn++) {
        double start_ns = bench_now_ns();
        for (int i = 0; i < UPDATES; i++) {
            wick_tracker_set(leaf, "progress", i % 2 ? "0.25" : "0.75");
        }
        bench_add(&samples, (bench_now_ns() - start_ns) / UPDATES);
        bench_add(&floors, lock_ns());
    }
    bench_print("tracker_update", bench_median(&samples), "ns", bench_median(&floors));
}

/* A scope that runs a tracker against a plain one, both recorded. */
static void bind_scope(void)
{
    struct wick_tracker *top = wick_tracker_create(NULL, "top", NULL), *part = wick_tracker_create(top, "part", NULL);
    struct wick_config config;
    wick_config_init(&config);
    config.log_path = "/dev/null";
    wick_tracker_start(top, 0, NULL);
    if (wick_init(&config) != 0) {
        fprintf(stderr, "bench_board: %s\n", wick_error_detail());
        exit(1);
    }
    for (int turn = 0; turn < TURNS; turn++) {
        double start_ns = bench_now_ns();
        for (int i = 0; i < UPDATES; i++) {
            WICK_SCOPE_TRACKER(part, "bound");
        }
        bench_add(&samples, (bench_now_ns() - start_ns) / UPDATES);
        start_ns = bench_now_ns();
        for (int i = 0; i < UPDATES; i++) {
            WICK_SCOPE("plain");
        }
        bench_add(&floors, (bench_now_ns() - start_ns) / UPDATES);
    }
    bench_print("bind_scope", bench_median(&samples), "ns", bench_median(&floors));
}

/* A leaf changes, and the numbers of the root are read: those that do not depend on the time. */
static void tracker_rollup_100k(void)
{
    make_tree();
    for (int i = 0; i < GROUPS * LEAVES; i++) {
        wick_tracker_succeed(leaves[i], NULL);
    }
    wick_tracker_read(root, &info);
    for (int turn = 0; turn < TURNS; turn++) {
        double start_ns = bench_now_ns();
        wick_tracker_set(leaves[turn * LEAVES], "progress", "0.75");
        wick_tracker_read(root, &info);
        bench_add(&samples, bench_now_ns() - start_ns);
        bench_add(&floors, sum_ns());
    }
    bench_print("tracker_rollup_100k", bench_median(&samples), "ns", bench_median(&floors));
}

/* The remaining time of a tree in which everything runs. */
static void tracker_read_remaining_100k(void)
{
    make_tree();
    for (int turn = 0; turn < TURNS; turn++) {
        double start_ns = bench_now_ns();
        wick_tracker_read(root, &info);
        bench_add(&samples, bench_now_ns() - start_ns);
        bench_add(&floors, sum_ns());
    }
    bench_print("tracker_read_remaining_100k", bench_median(&samples), "ns", bench_median(&floors));
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } lines[] = {{"tracker_update", tracker_update},
                 {"bind_scope", bind_scope},
                 {"tracker_rollup_100k", tracker_rollup_100k},
                 {"tracker_read_remaining_100k", tracker_read_remaining_100k}};
    for (size_t i = 0; argc > 1 && i < sizeof lines / sizeof *lines; i++) {
        if (strcmp(argv[1], lines[i].name) == 0) {
            lines[i].run();
            return 0;
        }
    }
    fprintf(stderr, "usage: bench_board NAME\n");
    return 2;
}
