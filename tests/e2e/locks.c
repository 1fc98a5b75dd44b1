/*
 * SPDX-License-Identifier: MIT
 * e2e: locks: plain, recursive, tried, nested, contended, failing. Results are pthread's own.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>

#include <wick/wick.h>

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t inner = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t again = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_mutex_t strict = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;

static void *tries(void *argument)
{
    WICK_SCOPE("tries");
    printf("busy: %d\n", wick_mutex_trylock(&outer) == EBUSY);
    return argument;
}

int main(void)
{
    pthread_t thread;
    WICK_SCOPE("main");

    wick_mutex_lock(&outer);
    pthread_create(&thread, NULL, tries, NULL);
    pthread_join(thread, NULL);
    {
        WICK_SCOPE("nested");
        wick_mutex_lock(&inner);
        wick_mutex_unlock(&inner);
    }
    wick_mutex_unlock(&outer);

    wick_mutex_lock(&again);
    wick_mutex_lock(&again);
    wick_mutex_trylock(&again);
    wick_mutex_unlock(&again);
    wick_mutex_unlock(&again);
    wick_mutex_unlock(&again);

    printf("free: %d\n", wick_mutex_trylock(&inner));
    wick_mutex_unlock(&inner);

    /* A lock that fails: its wait must not stay open for the locks that follow. */
    pthread_mutex_lock(&strict);
    printf("own: %d\n", wick_mutex_lock(&strict) == EDEADLK);
    pthread_mutex_unlock(&strict);
    wick_mutex_lock(&inner);
    wick_mutex_unlock(&inner);
#if !defined(__SANITIZE_THREAD__) /* which takes it for a mistake */
    printf("not held: %d\n", wick_mutex_unlock(&strict) == EPERM);
#endif
    return 0;
}
