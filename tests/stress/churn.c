/*
 * SPDX-License-Identifier: MIT
 * Stress: threads are born and die while others record, register sites, flush, read the counters, pause
 * and resume. For ThreadSanitizer first; its log must be whole too.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <wick/wick.h>

enum { GENERATIONS = 60, SHORT_LIVES = 6, LONG_LIVES = 2 };

static int stop;
static pthread_mutex_t shared = PTHREAD_MUTEX_INITIALIZER;

static void *short_life(void *argument)
{
    static int sites;
    char name[32];
    char site[32];

    snprintf(name, sizeof name, "short %d", *(int *)argument);
    wick_thread_name(name);
    for (int i = 0; i < 50; i++) {
        WICK_SCOPE("short life");
        snprintf(site, sizeof site, "site %d", __atomic_fetch_add(&sites, 1, __ATOMIC_RELAXED) / 20); /* several threads each */
        WICK_SCOPE_DYN(site);
        WICK_MARKF("%s: %d", name, i);
        WICK_COUNTER_ADD("events", 1);
        wick_mutex_lock(&shared);
        wick_mutex_unlock(&shared);
    }
    return NULL;
}

static void *long_life(void *argument)
{
    struct wick_scope scope;

    while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
        WICK_BEGIN(&scope, "long life");
        for (int i = 0; i < 200; i++) {
            WICK_SCOPEF("turn %d", i);
            if (i % 50 == 0) {
                WICK_FAIL("failed");
            }
        }
        wick_end(&scope);
        usleep(100); /* races are wanted, not a full processor */
    }
    return argument;
}

static void *controls(void *argument)
{
    while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
        struct wick_stats stats = {.size = sizeof stats};

        (void)!wick_flush(2000);
        if (wick_stats_read(&stats) == 0 && stats.size &&
            stats.recorded + stats.dropped_full + stats.dropped_signal + stats.dropped_dead + stats.dropped_attach !=
                stats.attempted) {
            fputs("recorded + lost != attempted\n", stderr);
            exit(1);
        }
        wick_pause();
        wick_resume();
    }
    return argument;
}

int main(void)
{
    pthread_t lasting[LONG_LIVES + 1];

    for (int i = 0; i < LONG_LIVES; i++) {
        pthread_create(&lasting[i], NULL, long_life, NULL);
    }
    pthread_create(&lasting[LONG_LIVES], NULL, controls, NULL);
    for (int generation = 0; generation < GENERATIONS; generation++) {
        pthread_t threads[SHORT_LIVES];
        int numbers[SHORT_LIVES];

        for (int i = 0; i < SHORT_LIVES; i++) {
            numbers[i] = generation % 5 * SHORT_LIVES + i;
            pthread_create(&threads[i], NULL, short_life, &numbers[i]);
        }
        for (int i = 0; i < SHORT_LIVES; i++) {
            pthread_join(threads[i], NULL);
        }
    }
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    for (int i = 0; i <= LONG_LIVES; i++) {
        pthread_join(lasting[i], NULL);
    }
    puts("done");
    return 0;
}
