/*
 * SPDX-License-Identifier: MIT
 * e2e: objects whose constructors and destructors record: thread_local ones of a thread and of main, and static ones,
 * before and after main.
 */
#include <cstdio>
#include <thread>

#include <wick/wick.h>

namespace
{
struct recorder {
    explicit recorder(const char *name) : name_(name)
    {
        WICK_SCOPEF("constructor of %s", name_); /* of the global one: before main */
    }
    ~recorder()
    {
        WICK_SCOPEF("destructor of %s", name_);
        WICK_MARK("in it");
    }
    void use() const { WICK_FUNCTION(); }
    const char *name_;
};

recorder global("global");
thread_local recorder of_thread("thread_local");

void work()
{
    static recorder local("static local");
    WICK_FUNCTION();

    of_thread.use();
    local.use();
}
} // namespace

int main()
{
    WICK_SCOPE("main");
    std::thread thread(work);

    thread.join();
    work();
    global.use();
    std::puts("done");
    return 4;
}
