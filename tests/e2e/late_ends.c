/*
 * SPDX-License-Identifier: MIT
 * e2e: destructors of thread-specific data that record: of keys made before and after wick's, again and again up to the
 * last round that libc grants. What comes after wick's own last round is counted; no scope is left open.
 */
#include <limits.h>
#include <pthread.h>
#include <stdio.h>

#include <wick/wick.h>

static pthread_key_t early;
static pthread_key_t late;
static int runs[2];

static void destroy(pthread_key_t key, void *value, int which)
{
    WICK_SCOPEF("destructor %d", which);
    if (++runs[which] < PTHREAD_DESTRUCTOR_ITERATIONS) {
        pthread_setspecific(key, value);
    }
}

static void destroy_early(void *value)
{
    destroy(early, value, 0);
}

static void destroy_late(void *value)
{
    destroy(late, value, 1);
}

static void *ends(void *argument)
{
    WICK_SCOPE("thread");
    pthread_setspecific(early, argument);
    pthread_setspecific(late, argument);
    return argument;
}

/* Its first event ever comes from a destructor. */
static void *ends_silently(void *argument)
{
    pthread_setspecific(early, argument);
    return argument;
}

static int ran(int which)
{
    const int count = runs[which];
    runs[which] = 0;
    return count;
}

int main(void)
{
    pthread_t thread;

    pthread_key_create(&early, destroy_early);
    {
        WICK_SCOPE("first event");
    }
    pthread_key_create(&late, destroy_late);
    pthread_create(&thread, NULL, ends, runs);
    pthread_join(thread, NULL);
    printf("%d %d\n", ran(0), ran(1));
    pthread_create(&thread, NULL, ends_silently, runs);
    pthread_join(thread, NULL);
    printf("%d\n", ran(0));
    pthread_setspecific(early, &thread); /* of the main thread: never called */
    return 0;
}
