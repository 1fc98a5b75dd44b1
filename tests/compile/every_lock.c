/*
 * SPDX-License-Identifier: MIT
 * Every kind of lock once. Compiled, never run.
 */
#if !defined(_POSIX_C_SOURCE)
#define _POSIX_C_SOURCE 200809L /* strict C has no rwlocks */
#endif
#include <wick/wick.h>

#include <time.h>
#if !defined(__cplusplus)
#include <threads.h>
#endif

int every_lock(pthread_mutex_t mutex[1], pthread_cond_t *condition, pthread_rwlock_t *rwlock, pthread_spinlock_t *spin);

#if !defined(__cplusplus)
int every_standard_lock(mtx_t *mutex, cnd_t *condition);

int every_standard_lock(mtx_t *mutex, cnd_t *condition)
{
    const struct timespec until = {1, 0};
    int sum = wick_mtx_lock(mutex);

    wick_cnd_wait(condition, mutex);
    sum += wick_cnd_timedwait(condition, mutex, &until);
    wick_mtx_unlock(mutex);
    return sum + wick_mtx_trylock(mutex) + wick_mtx_timedlock(mutex, &until);
}
#endif

int every_lock(pthread_mutex_t mutex[1], pthread_cond_t *condition, pthread_rwlock_t *rwlock, pthread_spinlock_t *spin)
{
    const struct timespec until = {1, 0};
    int sum = wick_mutex_timedlock(mutex, &until);

    if (wick_mutex_lock(mutex) == 0) {
        wick_mutex_unlock(mutex);
    }
    if (wick_mutex_trylock(&mutex[0]) == 0) {
        wick_cond_wait(condition, mutex);
    }
    sum += wick_cond_timedwait(condition, mutex, &until);
    wick_rwlock_rdlock(rwlock);
    sum += wick_rwlock_tryrdlock(rwlock) + wick_rwlock_timedrdlock(rwlock, &until);
    wick_rwlock_wrlock(rwlock);
    sum += wick_rwlock_trywrlock(rwlock) + wick_rwlock_timedwrlock(rwlock, &until);
    wick_rwlock_unlock(rwlock);
    wick_spin_lock(spin);
    sum += wick_spin_trylock(spin);
    wick_spin_unlock(spin);
    return sum;
}
