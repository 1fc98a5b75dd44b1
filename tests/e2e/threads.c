/*
 * SPDX-License-Identifier: MIT
 * e2e: threads with names, without names, that live side by side; one hangs under another's scope.
 * They meet at a barrier, so that no thread can take the lane of one that has ended.
 */
#include <pthread.h>
#include <stdio.h>

#include <wick/wick.h>

enum { WORKERS = 4 };

static pthread_barrier_t barrier;
static struct wick_scope *parent;

static void *worker(void *argument)
{
    int number = *(int *)argument;
    char name[32];

    snprintf(name, sizeof name, "worker %d", number);
    wick_thread_name(name);
    if (number % 2) {
        WICK_THREAD_UNDER(parent);
    }
    pthread_barrier_wait(&barrier);
    for (int i = 0; i < 10; i++) {
        WICK_SCOPE("work");
        WICK_SCOPEF("piece %d", i);
    }
    pthread_barrier_wait(&barrier);
    return NULL;
}

static void *unnamed(void *argument)
{
    WICK_SCOPE("unnamed");
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    return argument;
}

int main(void)
{
    pthread_t threads[WORKERS + 1];
    int numbers[WORKERS];
    WICK_SCOPE("main");
    WICK_SCOPE_AS(pool, "pool");

    parent = &pool;
    pthread_barrier_init(&barrier, NULL, WORKERS + 1);
    for (int i = 0; i < WORKERS; i++) {
        numbers[i] = i;
        pthread_create(&threads[i], NULL, worker, &numbers[i]);
    }
    pthread_create(&threads[WORKERS], NULL, unnamed, NULL);
    for (int i = 0; i <= WORKERS; i++) {
        pthread_join(threads[i], NULL);
    }
    puts("joined");
    return 0;
}
