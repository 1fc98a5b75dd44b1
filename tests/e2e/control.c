/*
 * SPDX-License-Identifier: MIT
 * e2e: pause, resume, flush and the counters. The program asserts by itself and ends with the number of
 * the check that failed; with WICK=off it has nothing to check.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wick/wick.h>

#define CHECK(number, condition)                                                                  \
    do {                                                                                          \
        if (!(condition)) {                                                                       \
            fprintf(stderr, "check %d failed: %s\n", number, #condition);                         \
            exit(number);                                                                         \
        }                                                                                         \
    } while (0)

static int evaluated;

static int seen(int value)
{
    evaluated++;
    return value;
}

static void record(int scopes)
{
    for (int i = 0; i < scopes; i++) {
        WICK_SCOPE("counted");
    }
}

int main(void)
{
    const char *off = getenv("WICK");
    struct wick_stats stats = {.size = sizeof stats};
    struct wick_scope scope;

    if (off && strcmp(off, "off") == 0) {
        return 0;
    }
    record(10);
    wick_pause();
    record(5);
    WICK_MARKF("%d", seen(1));
    WICK_SCOPEF("%d", seen(1));
    WICK_FAILF("%d", seen(1));
    WICK_BEGINF(&scope, "%d", seen(1));
    wick_end(&scope);
    CHECK(1, evaluated == 0);
    wick_resume();
    record(3);
    WICK_MARK("one");
    WICK_COUNTER("two", 2);
    CHECK(2, wick_flush(2000) == 0);
    CHECK(3, wick_stats_read(&stats) == 0);
    CHECK(4, stats.recorded == 15);
    CHECK(5, stats.attempted == 15);
    CHECK(6, stats.threads == 1);
    CHECK(7, stats.log_bytes > 0 && stats.log_lost == 0);
    stats.size = 16;
    stats.attempted = 99;
    stats.recorded = 77;
    CHECK(8, wick_stats_read(&stats) == 0 && stats.attempted == 15 && stats.recorded == 77);
    stats.size = 3;
    CHECK(9, wick_stats_read(&stats) == WICK_E_INVAL);
    CHECK(10, wick_init(NULL) == WICK_E_STATE);
    CHECK(11, wick_shutdown() == 0 && wick_shutdown() == 0);
    CHECK(12, wick_flush(10) == WICK_E_STATE);
    stats.size = sizeof stats;
    CHECK(13, wick_stats_read(&stats) == 0 && stats.recorded == 15);
    record(4); /* after the end: nothing happens */
    wick_resume();
    record(4);
    return 0;
}
