/*
 * SPDX-License-Identifier: MIT
 * The locks of the C++ library. Must not sleep to be right: threads wait for each other.
 */
#include <cstdio>
#include <shared_mutex>
#include <stdexcept>
#include <thread>

#include <wick/cxx_locks.h>

using table_lock = wick::recorded<std::shared_timed_mutex>;

static wick::mutex queue{"queue"};
static wick::condition_variable filled;
static wick::timed_mutex timed{"timed"};
static wick::recursive_mutex again{"again"};
static table_lock table{"table"};
static bool full;

static void in_thread()
{
    std::unique_lock<wick::mutex> lock(queue);
    filled.wait(lock, [] { return full; });
    std::printf("held: %d\n", lock.owns_lock());
    lock.unlock();
    std::printf("busy: %d\n", !timed.try_lock_for(std::chrono::milliseconds(1)));
    std::shared_lock<table_lock> reader(table);
    std::printf("shared: %d\n", table.try_lock_shared());
    table.unlock_shared();
}

int main()
{
    WICK_SCOPE("main");
    std::lock_guard<wick::timed_mutex> whole(timed);
    table.lock_shared();
    std::thread thread(in_thread);
    {
        std::unique_lock<wick::mutex> lock(queue);
        std::printf("nothing came: %d\n", !filled.wait_for(lock, std::chrono::milliseconds(1), [] { return false; }));
        try {
            filled.wait(lock, []() -> bool { throw std::runtime_error("no"); });
        } catch (const std::runtime_error &) {
            std::printf("held after an exception: %d\n", lock.owns_lock());
        }
        full = true;
        filled.notify_all();
    }
    thread.join();
    table.unlock_shared();
    std::lock(table, again);
    std::lock_guard<wick::recursive_mutex> twice(again);
    again.unlock();
    table.unlock();
    return 0;
}
