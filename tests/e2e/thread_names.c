/*
 * SPDX-License-Identifier: MIT
 * e2e: names of threads that would meet in the log: equal ones, numbered ones, any bytes. All live at once,
 * so each must have a lane of its own.
 */
#include <pthread.h>
#include <stdio.h>

#include <wick/wick.h>

static const char *const names[] = {
    "w", "w.2", "w", "w", "a b", "a-b", "a\tb", "main", "", "\xff\xfe", "\xc2\xa0nbsp\n",
    "a name that is much longer than thirty-one bytes", "äöüäöüäöüäöüäöüäöüäöü",
};
enum { NAMES = sizeof names / sizeof names[0] };

static pthread_barrier_t barrier;
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static void *worker(void *name)
{
    pthread_mutex_lock(&turn);
    wick_thread_name(name);
    pthread_mutex_unlock(&turn);
    {
        WICK_SCOPE("outer");
        pthread_barrier_wait(&barrier);
        WICK_SCOPEF("%s", (const char *)name);
    }
    pthread_barrier_wait(&barrier);
    (void)!wick_flush(5000); /* the lane is made by the drain: before the new name */
    wick_thread_name("renamed late");
    return NULL;
}

int main(void)
{
    pthread_t threads[NAMES];
    WICK_SCOPE("main");

    pthread_barrier_init(&barrier, NULL, NAMES);
    for (int i = 0; i < NAMES; i++) {
        pthread_create(&threads[i], NULL, worker, (void *)(uintptr_t)names[i]);
    }
    for (int i = 0; i < NAMES; i++) {
        pthread_join(threads[i], NULL);
    }
    puts("done");
    return 0;
}
