/*
 * SPDX-License-Identifier: MIT
 * A program to watch: so many scopes per second, evenly, for so many seconds.
 * usage: bench_live SCOPES_PER_SECOND SECONDS. Must not print but what it lost. Invariant: it never catches
 * up what it was late with by more than a tenth of a second.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <wick/wick.h>

#define BURSTS 1000 /* per second */

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Five scopes, three deep. */
static void five(void)
{
    WICK_SCOPE("request");
    {
        WICK_SCOPE("parse");
    }
    {
        WICK_SCOPE("answer");
        {
            WICK_SCOPE("look up");
        }
        {
            WICK_SCOPE("write");
        }
    }
}

int main(int argc, char **argv)
{
    int64_t rate = argc > 1 ? atoll(argv[1]) : 500000, seconds = argc > 2 ? atoll(argv[2]) : 10;
    int64_t next_ns = now_ns(), end_ns = next_ns + seconds * 1000000000;
    while (next_ns < end_ns) {
        for (int64_t i = 0; i < rate / BURSTS / 5; i++) {
            five();
        }
        next_ns += 1000000000 / BURSTS;
        int64_t late_ns = now_ns() - next_ns;
        next_ns += late_ns > 100000000 ? late_ns : 0;
        struct timespec until = {next_ns / 1000000000, next_ns % 1000000000};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    }
    struct wick_stats stats = {.size = sizeof stats};
    if (wick_stats_read(&stats) >= 0) {
        printf("recorded %llu\n", (unsigned long long)stats.recorded);
    }
    return 0;
}
