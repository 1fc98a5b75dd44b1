/*
 * SPDX-License-Identifier: MIT
 * Conditions. See condition.h.
 */
#include "condition.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void wk_condition_announce(struct wk_condition *condition)
{
    int saved = errno;

    __atomic_fetch_add(&condition->changes, 1, __ATOMIC_RELAXED); /* the mutex orders it */
    syscall(SYS_futex, &condition->changes, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
    errno = saved;
}

bool wk_condition_wait(struct wk_condition *condition, pthread_mutex_t *mutex, int64_t deadline_ns)
{
    const struct timespec deadline = {deadline_ns / 1000000000, deadline_ns % 1000000000};
    uint32_t seen = __atomic_load_n(&condition->changes, __ATOMIC_RELAXED); /* the mutex orders it */
    int saved = errno;

    pthread_mutex_unlock(mutex);
    long rc = syscall(SYS_futex, &condition->changes, FUTEX_WAIT_BITSET_PRIVATE, seen,
                      deadline_ns == INT64_MAX ? NULL : &deadline, NULL, FUTEX_BITSET_MATCH_ANY);
    bool passed = rc != 0 && errno == ETIMEDOUT;
    errno = saved;
    pthread_mutex_lock(mutex);
    return !passed;
}
