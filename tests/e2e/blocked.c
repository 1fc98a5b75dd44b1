/*
 * SPDX-License-Identifier: MIT
 * e2e: the program ends while a thread that holds one lock waits for another: its wait is in the log,
 * without an end.
 */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include <wick/wick.h>

static pthread_mutex_t mine = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t theirs = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t barrier;

static void *waits(void *argument)
{
    WICK_SCOPE("waits");
    wick_mutex_lock(&mine);
    pthread_barrier_wait(&barrier);
    wick_mutex_lock(&theirs);
    return argument;
}

int main(void)
{
    pthread_t thread;
    WICK_SCOPE("main");

    pthread_barrier_init(&barrier, NULL, 2);
    pthread_mutex_lock(&theirs);
    pthread_create(&thread, NULL, waits, NULL);
    pthread_barrier_wait(&barrier);
    usleep(100000);
    puts("ends");
    return 0;
}
