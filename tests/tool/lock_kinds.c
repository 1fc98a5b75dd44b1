/*
 * SPDX-License-Identifier: MIT
 * Every kind of lock, with how often each is waited for, held and shared. Results of the calls on standard output.
 * Must not sleep to be right: threads wait for each other.
 */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <threads.h>
#include <time.h>

#include <wick/wick.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, queue = PTHREAD_MUTEX_INITIALIZER, leaked = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t both;
static pthread_spinlock_t spin;
static mtx_t standard;
static cnd_t standard_filled;
static bool full, standard_full;
static const struct timespec long_ago = {1, 0};

static void *in_thread(void *argument)
{
    (void)argument;
    wick_mutex_lock(&queue);
    while (!full) {
        wick_cond_wait(&filled, &queue);
    }
    wick_mutex_unlock(&queue);

    wick_rwlock_rdlock(&table);
    pthread_barrier_wait(&both); /* main reads, too */
    pthread_barrier_wait(&both);
    wick_rwlock_unlock(&table);

    pthread_barrier_wait(&both); /* main writes */
    printf("read while written: %d\n", wick_rwlock_tryrdlock(&table) == EBUSY);
    printf("read while written, in time: %d\n", wick_rwlock_timedrdlock(&table, &long_ago) == ETIMEDOUT);
    printf("write while written: %d\n", wick_rwlock_trywrlock(&table) == EBUSY);
    printf("write while written, in time: %d\n", wick_rwlock_timedwrlock(&table, &long_ago) == ETIMEDOUT);
    printf("a mutex in time: %d\n", wick_mutex_timedlock(&mutex, &long_ago) == ETIMEDOUT);
    printf("a busy spin lock: %d\n", wick_spin_trylock(&spin) == EBUSY);
    printf("a busy mtx: %d\n", wick_mtx_trylock(&standard) == thrd_busy);
    pthread_barrier_wait(&both);

    wick_mtx_lock(&standard);
    while (!standard_full) {
        wick_cnd_wait(&standard_filled, &standard);
    }
    wick_mtx_unlock(&standard);

    pthread_barrier_wait(&both); /* main has let go of it by hand */
    wick_mutex_lock(&leaked);
    wick_mutex_unlock(&leaked);
    return NULL;
}

static void conditions(void)
{
    wick_mutex_lock(&queue);
    printf("nothing came: %d\n", wick_cond_timedwait(&filled, &queue, &long_ago) == ETIMEDOUT);
    full = true;
    pthread_cond_broadcast(&filled);
    wick_mutex_unlock(&queue);
}

static void readers_and_writers(void)
{
    wick_rwlock_rdlock(&table);
    printf("again: %d\n", wick_rwlock_tryrdlock(&table) == 0);
    pthread_barrier_wait(&both);
    wick_rwlock_unlock(&table);
    wick_rwlock_unlock(&table);
    pthread_barrier_wait(&both);

    wick_rwlock_wrlock(&table);
    wick_mutex_timedlock(&mutex, &(struct timespec){.tv_sec = time(NULL) + 1000});
    wick_spin_lock(&spin);
    wick_mtx_timedlock(&standard, &(struct timespec){.tv_sec = time(NULL) + 1000});
    pthread_barrier_wait(&both);
    pthread_barrier_wait(&both);
    wick_spin_unlock(&spin);
    wick_mutex_unlock(&mutex);
    wick_rwlock_unlock(&table);
    printf("nothing came to a mtx: %d\n", wick_cnd_timedwait(&standard_filled, &standard, &long_ago) == thrd_timedout);
    standard_full = true;
    cnd_broadcast(&standard_filled);
    wick_mtx_unlock(&standard);
}

int main(void)
{
    pthread_t thread;
    pthread_barrier_init(&both, NULL, 2);
    pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    mtx_init(&standard, mtx_timed);
    cnd_init(&standard_filled);
    WICK_SCOPE("main");
    pthread_create(&thread, NULL, in_thread, NULL);
    conditions();
    readers_and_writers();
    wick_mutex_lock(&leaked);
    pthread_mutex_unlock(&leaked);
    pthread_barrier_wait(&both);
    pthread_join(thread, NULL);
    return 0;
}
