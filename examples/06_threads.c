/* cc 06_threads.c $(pkg-config --cflags --libs wick) -pthread -o 06_threads && WICK_LOG=run.ctxt ./06_threads && wick tree run.ctxt
 *
 * SPDX-License-Identifier: MIT
 * introduces: wick_thread_name, WICK_THREAD_UNDER, wick_mutex_lock, wick_mutex_unlock
 * A thread has a tree of its own; it may hang it under a scope of the thread that waits for it. The lock
 * wrappers record who waits for which lock, and who holds it.
 */
#include <pthread.h>
#include <stdio.h>
#include <wick/wick.h>

enum { THREADS = 3, ROUNDS = 100 };

static pthread_mutex_t total_mutex = PTHREAD_MUTEX_INITIALIZER;
static long total; /* guarded by total_mutex */

struct job {
    const struct wick_scope *parent;
    int number;
};

static void *add(void *data)
{
    const struct job *job = data;
    char name[32];

    snprintf(name, sizeof name, "adder %d", job->number);
    wick_thread_name(name);
    WICK_THREAD_UNDER(job->parent);
    WICK_SCOPE("add");
    for (int i = 0; i < ROUNDS; i++) {
        wick_mutex_lock(&total_mutex);
        total += i;
        wick_mutex_unlock(&total_mutex);
    }
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];
    struct job jobs[THREADS];
    WICK_SCOPE_AS(all, "main");

    for (int i = 0; i < THREADS; i++) {
        jobs[i].parent = &all;
        jobs[i].number = i + 1;
        if (pthread_create(&threads[i], NULL, add, &jobs[i]) != 0) {
            return 1;
        }
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    return total == THREADS * (ROUNDS * (ROUNDS - 1) / 2) ? 0 : 1;
}
