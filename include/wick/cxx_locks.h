/*
 * SPDX-License-Identifier: MIT
 * Locks of the C++ library, recorded as those of wick/locks.h are. Not part of wick/wick.h.
 *
 *     wick::mutex mutex{"queue"};                      a std::mutex that is recorded, under this name
 *     wick::condition_variable ready;
 *     std::unique_lock<wick::mutex> lock(mutex);       and std::lock_guard, std::scoped_lock
 *     ready.wait(lock, [&] { return !empty(); });      the mutex is not held meanwhile
 *
 *     wick::recorded<std::shared_mutex> table{"table"};
 *     std::shared_lock<wick::recorded<std::shared_mutex>> reader(table);
 *
 * Exceptions, results and guarantees are those of the lock inside. A name is borrowed until the lock is destroyed.
 *
 * Threads    any     Signals   not safe
 * Since      0.1
 */
#ifndef WICK_CXX_LOCKS_H
#define WICK_CXX_LOCKS_H

#include <condition_variable>
#include <mutex>

#include "wick.h"

namespace wick {

/* A lock of the C++ library, with a name; it can do what that one can. */
template <class Lock>
class recorded {
public:
    explicit recorded(const char *name = "mutex") : name_(name) {}
    recorded(const recorded &) = delete;
    recorded &operator=(const recorded &) = delete;

    void lock()
    {
        const uint32_t site = begin(WICK_I_LOCK_WAITS);
        lock_.lock();
        end(site, true, WICK_I_LOCK_WAITS);
    }
    bool try_lock()
    {
        const uint32_t site = begin(WICK_I_LOCK_TRIES);
        return end(site, lock_.try_lock(), WICK_I_LOCK_TRIES);
    }
    template <class Duration>
    bool try_lock_for(const Duration &duration)
    {
        const uint32_t site = begin(WICK_I_LOCK_WAITS);
        return end(site, lock_.try_lock_for(duration), WICK_I_LOCK_WAITS);
    }
    template <class Time>
    bool try_lock_until(const Time &time)
    {
        const uint32_t site = begin(WICK_I_LOCK_WAITS);
        return end(site, lock_.try_lock_until(time), WICK_I_LOCK_WAITS);
    }
    void unlock()
    {
        release();
        lock_.unlock();
    }

    void lock_shared()
    {
        const uint32_t site = begin(WICK_I_LOCK_WAITS);
        lock_.lock_shared();
        end(site, true, WICK_I_LOCK_SHARED);
    }
    bool try_lock_shared()
    {
        const uint32_t site = begin(WICK_I_LOCK_TRIES);
        return end(site, lock_.try_lock_shared(), WICK_I_LOCK_SHARED);
    }
    template <class Duration>
    bool try_lock_shared_for(const Duration &duration)
    {
        const uint32_t site = begin(WICK_I_LOCK_WAITS);
        return end(site, lock_.try_lock_shared_for(duration), WICK_I_LOCK_SHARED);
    }
    template <class Time>
    bool try_lock_shared_until(const Time &time)
    {
        const uint32_t site = begin(WICK_I_LOCK_WAITS);
        return end(site, lock_.try_lock_shared_until(time), WICK_I_LOCK_SHARED);
    }
    void unlock_shared()
    {
        release();
        lock_.unlock_shared();
    }

    /* The lock inside. What is done to it is not recorded. */
    Lock &inside() { return lock_; }

private:
    friend class condition_variable;

    uint32_t begin(unsigned how) const { return wick_i_lock_begin(this, name_, how); }
    bool end(uint32_t site, bool taken, unsigned how) const { return wick_i_lock_end(this, site, taken ? 0 : 1, how) == 0; }
    uint32_t release() const { return wick_i_lock_release(this); }

    Lock lock_;
    const char *name_;
};

using mutex = recorded<std::mutex>;
using timed_mutex = recorded<std::timed_mutex>;
using recursive_mutex = recorded<std::recursive_mutex>;

/* std::condition_variable, for locks of wick::mutex. */
class condition_variable {
public:
    void notify_one() noexcept { inside_.notify_one(); }
    void notify_all() noexcept { inside_.notify_all(); }

    void wait(std::unique_lock<mutex> &lock)
    {
        lent with(lock);
        inside_.wait(with.inside);
    }
    template <class Predicate>
    void wait(std::unique_lock<mutex> &lock, Predicate predicate)
    {
        while (!predicate()) {
            wait(lock);
        }
    }
    template <class Clock, class Duration>
    std::cv_status wait_until(std::unique_lock<mutex> &lock, const std::chrono::time_point<Clock, Duration> &time)
    {
        lent with(lock);
        return inside_.wait_until(with.inside, time);
    }
    template <class Clock, class Duration, class Predicate>
    bool wait_until(std::unique_lock<mutex> &lock, const std::chrono::time_point<Clock, Duration> &time, Predicate predicate)
    {
        while (!predicate()) {
            if (wait_until(lock, time) == std::cv_status::timeout) {
                return predicate();
            }
        }
        return true;
    }
    template <class Rep, class Period>
    std::cv_status wait_for(std::unique_lock<mutex> &lock, const std::chrono::duration<Rep, Period> &duration)
    {
        return wait_until(lock, std::chrono::steady_clock::now() + duration);
    }
    template <class Rep, class Period, class Predicate>
    bool wait_for(std::unique_lock<mutex> &lock, const std::chrono::duration<Rep, Period> &duration, Predicate predicate)
    {
        return wait_until(lock, std::chrono::steady_clock::now() + duration, predicate);
    }

private:
    /* The mutex inside, while it is the wait's; the lock of wick::mutex owns it before and behind. */
    struct lent {
        explicit lent(std::unique_lock<mutex> &lock)
            : outer(*lock.mutex()), inside(outer.lock_, std::adopt_lock), site(outer.release())
        {
        }
        lent(const lent &) = delete;
        lent &operator=(const lent &) = delete;
        ~lent()
        {
            wick_i_lock_end(&outer, site, 0, WICK_I_LOCK_AGAIN);
            inside.release();
        }
        mutex &outer;
        std::unique_lock<std::mutex> inside;
        uint32_t site;
    };

    std::condition_variable inside_;
};

} /* namespace wick */

#endif
