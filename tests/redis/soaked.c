/*
 * SPDX-License-Identifier: MIT
 * A program that records evenly, as long as standard input stands open: scopes on two threads, and trackers that change.
 * Prints at the end what was attempted, recorded, lost. Must not know where it is recorded to.
 * usage: soaked EVENTS_PER_SECOND
 */
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <wick/wick.h>

enum { BURSTS = 1000 /* per second */, SCOPES = 5, EVENTS = 2 * SCOPES, TRACKERS = 100, STEP_NS = 1000000000 / BURSTS };

static long per_burst; /* of events, for each thread */
static int ending;

static void work(void)
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

/* It does not catch up what it was late with by more than a tenth of a second. */
static void wait_for(struct timespec *next)
{
    struct timespec now;
    next->tv_nsec += STEP_NS;
    next->tv_sec += next->tv_nsec / 1000000000;
    next->tv_nsec %= 1000000000;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if ((now.tv_sec - next->tv_sec) * 10 + (now.tv_nsec - next->tv_nsec) / 100000000 > 0) {
        *next = now;
    }
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, next, NULL);
}

static void *record(void *posts)
{
    struct timespec next;
    clock_gettime(CLOCK_MONOTONIC, &next);
    for (long burst = 0; !__atomic_load_n(&ending, __ATOMIC_RELAXED); burst++) { /* pairs with the store in main */
        for (long i = 0; i < per_burst / EVENTS; i++) {
            work();
        }
        if (posts && burst % 10 == 0) {
            char key[32];
            snprintf(key, sizeof key, "soak.n%ld", burst / 10 % TRACKERS);
            (void)!wick_progress(key, (double)(burst % 1000) / 1000, 1, NULL, "running");
        }
        wait_for(&next);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    struct pollfd input = {STDIN_FILENO, POLLIN, 0};
    struct wick_stats s = {.size = sizeof s};
    pthread_t threads[2];
    per_burst = (argc > 1 ? atol(argv[1]) : 1000000) / BURSTS / 2;
    pthread_create(&threads[0], NULL, record, &ending);
    pthread_create(&threads[1], NULL, record, NULL);
    while (poll(&input, 1, -1) == 0) {
        /* until it is closed */
    }
    __atomic_store_n(&ending, 1, __ATOMIC_RELAXED); /* pairs with the load in record */
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    for (int i = 0; i < TRACKERS; i++) {
        char key[32];
        snprintf(key, sizeof key, "soak.n%d", i);
        (void)!wick_progress(key, 1, 1, NULL, "finished");
    }
    int rc = wick_flush(30000);
    (void)!wick_stats_read(&s);
    printf("%d %llu %llu %llu %llu\n", rc, (unsigned long long)s.attempted, (unsigned long long)s.recorded,
           (unsigned long long)(s.dropped_full + s.dropped_signal + s.dropped_dead + s.dropped_attach), (unsigned long long)s.mirror_lost);
    return 0;
}
