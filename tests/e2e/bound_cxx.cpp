/*
 * SPDX-License-Identifier: MIT
 * e2e: scopes that run a tracker, in C++: exceptions, destructors, templates, lambdas. What the trackers say is the same with
 * recording off and on.
 */
#include <cstdio>
#include <stdexcept>

#include <wick/wick.h>

static struct wick_tracker *job;

static void say(const char *what)
{
    static const char *const words[] = {"waiting", "running", "paused", "finished", "failed", "canceled", "timed-out", "other"};
    wick_tracker_info info = {};
    info.size = sizeof info;
    bool good = wick_tracker_read(job, &info) == 0;
    std::printf("%s: %s %u\n", what, good ? words[info.status] : "none", info.attempt);
}

static void throws(int depth)
{
    WICK_SCOPE("throws");
    if (depth == 0) {
        throw std::runtime_error("no");
    }
    throws(depth - 1);
}

static void left_by_an_exception()
{
    WICK_SCOPE_TRACKER(job, "left");
    throws(3);
}

template <typename T> static T caught_inside(T value)
{
    WICK_SCOPE_TRACKER(job, "caught inside");
    try {
        throws(1);
    } catch (const std::exception &) {
        value++;
    }
    return value;
}

struct guard {
    ~guard()
    {
        WICK_FUNCTION();
        WICK_SCOPE_TRACKER(job, "in a destructor");
    }
};

int main()
{
    wick_tracker_options options = {};
    options.size = sizeof options;
    options.key = "job";
    job = wick_tracker_create(nullptr, "job", &options);
    try {
        left_by_an_exception();
    } catch (const std::exception &) {
        say("left by an exception");
    }
    std::printf("%d\n", caught_inside(1));
    say("caught inside");
    auto lambda = [](int a) {
        WICK_SCOPE_TRACKER(job, "lambda");
        return a + 1;
    };
    std::printf("%d\n", lambda(1));
    say("lambda");
    try {
        guard inside;
        throws(0);
    } catch (const std::exception &) {
        say("in a destructor meanwhile");
    }
    return 0;
}
