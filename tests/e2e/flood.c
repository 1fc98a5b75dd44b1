/*
 * SPDX-License-Identifier: MIT
 * e2e: threads that record as fast as they can: nothing lost with WICK_FULL=wait, counted exactly with drop.
 * The sum of what was recorded and lost is checked here; the log's own numbers by run_case.
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include <wick/wick.h>

enum { THREADS = 3 };

static int rounds;

static void *flood(void *argument)
{
    for (int i = 0; i < rounds; i++) {
        WICK_SCOPE("outer");
        for (int j = 0; j < 4; j++) {
            WICK_SCOPE("inner");
            if (j == 2) {
                WICK_MARKF("a text of some length, number %d", i);
            }
        }
    }
    return argument;
}

int main(int count, char **arguments)
{
    pthread_t threads[THREADS];
    struct wick_stats stats = {.size = sizeof stats};
    uint64_t expected;
    int rc;

    rounds = count > 1 ? atoi(arguments[1]) : 20000;
    expected = (uint64_t)THREADS * (uint64_t)rounds * 6;
    for (int i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, flood, NULL);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    rc = wick_flush(20000);
    if (rc == WICK_E_STATE) {
        return 0; /* recording is off */
    }
    (void)!wick_stats_read(&stats);
    if (rc != 0 || stats.attempted != expected || stats.recorded + stats.dropped_full != expected) {
        fprintf(stderr, "flush %d, expected %" PRIu64 ", attempted %" PRIu64 ", recorded %" PRIu64 ", dropped %" PRIu64 "\n",
                rc, expected, stats.attempted, stats.recorded, stats.dropped_full);
        return 1;
    }
    return 0;
}
