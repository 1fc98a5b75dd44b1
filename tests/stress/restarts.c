/*
 * SPDX-License-Identifier: MIT
 * Stress: recording is started and ended again and again while threads record without pause. Each run's
 * log begins anew: nothing of an earlier run is in it, whatever was left in the rings.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <wick/wick.h>

enum { THREADS = 3, RUNS = 40 };

static int stop;

static void *records(void *argument)
{
    while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
        WICK_SCOPE("outer");
        for (int i = 0; i < 20; i++) {
            WICK_SCOPE("inner");
            WICK_MARKF("turn %d", i);
        }
        usleep(50); /* races are wanted, not a full processor */
        wick_resume(); /* against wick_shutdown in the other thread: it must not switch recording on */
    }
    return argument;
}

int main(void)
{
    pthread_t threads[THREADS];
    const char *off = getenv("WICK");
    int bad = 0;

    for (int run = 0; run < RUNS; run++) {
        struct wick_stats stats = {.size = sizeof stats};

        if (wick_init(NULL) != 0) {
            bad = 2;
        }
        if (run == 0) {
            for (int i = 0; i < THREADS; i++) {
                pthread_create(&threads[i], NULL, records, NULL);
            }
        }
        usleep(2000);
        if (run % 3 == 0) {
            (void)!wick_flush(1000);
        }
        if (run % 4 == 0 && wick_stats_read(&stats) != 0) {
            bad = 3;
        }
        if (wick_shutdown() != 0) {
            bad = 4;
        }
    }
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    if (bad && !(off && strcmp(off, "off") == 0)) {
        fprintf(stderr, "%s\n", wick_error_detail());
    }
    puts("done");
    return bad;
}
