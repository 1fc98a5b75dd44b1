/*
 * SPDX-License-Identifier: MIT
 * Locks of POSIX threads and of C11, recorded: waiting for them, acquiring and releasing. Part of wick/wick.h; those of the C++
 * library are in wick/cxx_locks.h.
 *
 * Each macro is called as the function after which it is named, and is an expression with that function's result. A lock is named
 * after the expression at its first use; another lock at its address later has its name. Recursive and repeated locks are recorded
 * once: the outermost lock and unlock. A wait for a condition variable releases its mutex in the log, as it does in truth: call
 * wick_cond_wait, not pthread_cond_wait, with a mutex that is locked by these macros.
 *
 * Errors     the function's own; errno is left as the function leaves it
 * Threads    any     Signals   not safe (as the functions)
 * Cost       two or three events, and a search among the locks that are known (4,096) at each outermost lock
 * Since      0.1
 */
#ifndef WICK_LOCKS_H
#define WICK_LOCKS_H

#include <pthread.h>
#include <stdint.h>

#include "compiler.h"

/* How a lock is taken. */
#define WICK_I_LOCK_TRIES 0u
#define WICK_I_LOCK_WAITS 1u  /* until it is free */
#define WICK_I_LOCK_SHARED 2u /* with other readers */
#define WICK_I_LOCK_AGAIN 4u  /* behind a wait, whatever its result */

#if !defined(WICK_DISABLE)

WICK_I_EXTERN_BEGIN

/* What the macros call. Not for users: before a call that locks, behind it with its result, before one that unlocks. The first and the
 * last return what the second wants to have: the site of the lock; 0: it is held already, or is not recorded. */
WICK_API uint32_t wick_i_lock_begin(const volatile void *lock, const char *name, unsigned how);
WICK_API int wick_i_lock_end(const volatile void *lock, uint32_t site, int result, unsigned how);
WICK_API uint32_t wick_i_lock_release(const volatile void *lock);

WICK_I_EXTERN_END

#else

WICK_I_INLINE uint32_t wick_i_lock_begin(const volatile void *lock, const char *name, unsigned how)
{
    (void)lock, (void)name, (void)how;
    return 0;
}
WICK_I_INLINE int wick_i_lock_end(const volatile void *lock, uint32_t site, int result, unsigned how)
{
    (void)lock, (void)site, (void)how;
    return result;
}
WICK_I_INLINE uint32_t wick_i_lock_release(const volatile void *lock)
{
    (void)lock;
    return 0;
}

#endif

/* `call` is made with the lock as wick_i_lock, which is evaluated once. */
#define WICK_I_LOCK(lock, name, how, call)                                                        \
    __extension__({                                                                               \
        __typeof__(&*(lock)) wick_i_lock = (lock);                                                \
        uint32_t wick_i_site = wick_i_lock_begin(wick_i_lock, name, how);                         \
        wick_i_lock_end(wick_i_lock, wick_i_site, call, how);                                     \
    })
#define WICK_I_UNLOCK(lock, call)                                                                 \
    __extension__({                                                                               \
        __typeof__(&*(lock)) wick_i_lock = (lock);                                                \
        (void)wick_i_lock_release(wick_i_lock); /* before: the next owner's must not be earlier */ \
        call;                                                                                     \
    })
/* Released while the call waits, and acquired when it returns. */
#define WICK_I_LOCK_LENT(lock, call)                                                              \
    __extension__({                                                                               \
        __typeof__(&*(lock)) wick_i_lock = (lock);                                                \
        uint32_t wick_i_site = wick_i_lock_release(wick_i_lock);                                  \
        wick_i_lock_end(wick_i_lock, wick_i_site, call, WICK_I_LOCK_AGAIN);                       \
    })

/* pthread_mutex_lock and so on. */
#define wick_mutex_lock(mutex) WICK_I_LOCK(mutex, #mutex, WICK_I_LOCK_WAITS, pthread_mutex_lock(wick_i_lock))
#define wick_mutex_trylock(mutex) WICK_I_LOCK(mutex, #mutex, WICK_I_LOCK_TRIES, pthread_mutex_trylock(wick_i_lock))
#define wick_mutex_timedlock(mutex, until) WICK_I_LOCK(mutex, #mutex, WICK_I_LOCK_WAITS, pthread_mutex_timedlock(wick_i_lock, until))
#define wick_mutex_unlock(mutex) WICK_I_UNLOCK(mutex, pthread_mutex_unlock(wick_i_lock))

/* pthread_cond_wait and so on. */
#define wick_cond_wait(condition, mutex) WICK_I_LOCK_LENT(mutex, pthread_cond_wait(condition, wick_i_lock))
#define wick_cond_timedwait(condition, mutex, until) WICK_I_LOCK_LENT(mutex, pthread_cond_timedwait(condition, wick_i_lock, until))

/* pthread_rwlock_rdlock and so on. */
#define wick_rwlock_rdlock(lock)                                                                  \
    WICK_I_LOCK(lock, #lock, WICK_I_LOCK_WAITS | WICK_I_LOCK_SHARED, pthread_rwlock_rdlock(wick_i_lock))
#define wick_rwlock_tryrdlock(lock) WICK_I_LOCK(lock, #lock, WICK_I_LOCK_SHARED, pthread_rwlock_tryrdlock(wick_i_lock))
#define wick_rwlock_timedrdlock(lock, until)                                                      \
    WICK_I_LOCK(lock, #lock, WICK_I_LOCK_WAITS | WICK_I_LOCK_SHARED, pthread_rwlock_timedrdlock(wick_i_lock, until))
#define wick_rwlock_wrlock(lock) WICK_I_LOCK(lock, #lock, WICK_I_LOCK_WAITS, pthread_rwlock_wrlock(wick_i_lock))
#define wick_rwlock_trywrlock(lock) WICK_I_LOCK(lock, #lock, WICK_I_LOCK_TRIES, pthread_rwlock_trywrlock(wick_i_lock))
#define wick_rwlock_timedwrlock(lock, until) WICK_I_LOCK(lock, #lock, WICK_I_LOCK_WAITS, pthread_rwlock_timedwrlock(wick_i_lock, until))
#define wick_rwlock_unlock(lock) WICK_I_UNLOCK(lock, pthread_rwlock_unlock(wick_i_lock))

/* pthread_spin_lock and so on. */
#define wick_spin_lock(lock) WICK_I_LOCK(lock, #lock, WICK_I_LOCK_WAITS, pthread_spin_lock(wick_i_lock))
#define wick_spin_trylock(lock) WICK_I_LOCK(lock, #lock, WICK_I_LOCK_TRIES, pthread_spin_trylock(wick_i_lock))
#define wick_spin_unlock(lock) WICK_I_UNLOCK(lock, pthread_spin_unlock(wick_i_lock))

/* Those of C11, for files that include <threads.h>. Here thrd_success is 0, as it is in glibc. */
#define wick_mtx_lock(mutex) WICK_I_LOCK(mutex, #mutex, WICK_I_LOCK_WAITS, mtx_lock(wick_i_lock))
#define wick_mtx_trylock(mutex) WICK_I_LOCK(mutex, #mutex, WICK_I_LOCK_TRIES, mtx_trylock(wick_i_lock))
#define wick_mtx_timedlock(mutex, until) WICK_I_LOCK(mutex, #mutex, WICK_I_LOCK_WAITS, mtx_timedlock(wick_i_lock, until))
#define wick_mtx_unlock(mutex) WICK_I_UNLOCK(mutex, mtx_unlock(wick_i_lock))
#define wick_cnd_wait(condition, mutex) WICK_I_LOCK_LENT(mutex, cnd_wait(condition, wick_i_lock))
#define wick_cnd_timedwait(condition, mutex, until) WICK_I_LOCK_LENT(mutex, cnd_timedwait(condition, wick_i_lock, until))

#endif
