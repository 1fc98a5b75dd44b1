/*
 * SPDX-License-Identifier: MIT
 * e2e: scopes that exceptions leave fail, all others do not: also those of destructors that run meanwhile, and what
 * these call. Built with each compiler at -O0 and -O2, as C++11 and C++20.
 */
#include <cstdio>
#include <exception>
#include <pthread.h>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <wick/wick.h>

namespace
{
void thrower(int depth)
{
    WICK_SCOPEF("depth %d", depth);
    if (depth == 0) {
        throw std::runtime_error("at the bottom");
    }
    thrower(depth - 1);
}

/* Every kind of scope, left by one exception each. */
void kinds()
{
    WICK_FUNCTION();
    for (int i = 0; i < 9; i++) {
        try {
            WICK_SCOPE("tries");
            switch (i) {
            case 0: {
                WICK_SCOPE_AS(named, "named");
                throw i;
            }
            case 1: {
                WICK_SCOPEF_AS(named, "named %d", i);
                throw i;
            }
            case 2: {
                WICK_SCOPE_DYN("dynamic");
                throw i;
            }
            case 3: {
                WICK_SCOPE_STYLED("styled", "io", 0xff0000);
                throw i;
            }
            case 4: {
                WICK_SCOPE_BOOKMARK("bookmark");
                throw i;
            }
            case 5:
                WICK_CALL("call", throw i);
                break;
            case 6:
                WICK_WRAP(thrower(1));
                break;
            case 7: {
                WICK_SCOPE("said why");
                WICK_FAIL("because");
                throw i;
            }
            default: {
                WICK_SCOPE_AS(named, "ended before");
                WICK_END(named);
                throw i;
            }
            }
        } catch (int) {
            WICK_SCOPE("handler");
        } catch (const std::exception &) {
            WICK_SCOPE("other handler");
        }
    }
}

void helper()
{
    WICK_FUNCTION();
    WICK_CALL("inner", 1);
}

/* A destructor with a scope, that calls functions with scopes, and copes with an exception of its own. */
struct guard {
    explicit guard(int levels) : levels_(levels) {}
    ~guard()
    {
        WICK_FUNCTION();
        helper();
        try {
            WICK_SCOPE("tries in the destructor");
            if (levels_ > 0) {
                guard inner(levels_ - 1);
                throw levels_;
            }
        } catch (int) {
            helper();
        }
        helper();
    }
    int levels_;
};

void destructors()
{
    WICK_SCOPE("destructors");
    try {
        WICK_SCOPE("left");
        guard first(2);
        WICK_SCOPE("left too");
        throw 1;
    } catch (int) {
        helper();
    }
    {
        WICK_SCOPE("not left");
        guard second(1);
    }
}

/* What a destructor without a scope calls while an exception is on its way is taken for left by it. */
struct silent {
    ~silent() { helper(); }
};

void ambiguous()
{
    WICK_SCOPE("ambiguous");
    {
        silent harmless;
    }
    try {
        silent doubtful;
        throw 1;
    } catch (int) {
        helper();
    }
}

struct part {
    part() { WICK_FUNCTION(); }
    ~part() { WICK_FUNCTION(); }
};

struct whole {
    part first;
    part second;
    whole()
    {
        WICK_FUNCTION();
        throw 1;
    }
};

/* What is thrown again, or from elsewhere, leaves scopes again. */
void again()
{
    std::exception_ptr kept;
    WICK_SCOPE("again");

    try {
        WICK_SCOPE("rethrown through");
        try {
            WICK_SCOPE("thrown through");
            throw 1;
        } catch (int) {
            WICK_SCOPE("handler that throws");
            throw;
        }
    } catch (int) {
        kept = std::current_exception();
    }
    std::thread([&kept] {
        WICK_SCOPE("thread");
        try {
            WICK_SCOPE("rethrown in another thread");
            std::rethrow_exception(kept);
        } catch (int) {
            WICK_SCOPE("caught in another thread");
        }
    }).join();
    try {
        WICK_SCOPE("constructs");
        whole never;
    } catch (int) {
    }
    try {
        WICK_SCOPE("library");
        WICK_CALL("at", std::vector<int>().at(3));
    } catch (const std::out_of_range &) {
        WICK_MARK("caught");
    }
}

template <typename T> T generic(T value)
{
    WICK_FUNCTION();
    auto square = [](T x) {
        WICK_SCOPE("lambda");
        if (x > 2) {
            throw x;
        }
        return x * x;
    };
    return square(value);
}

void templates()
{
    WICK_SCOPE("templates");
    for (int i = 1; i < 5; i++) {
        try {
            generic(i);
            generic(i * 1.0);
        } catch (int) {
        }
    }
}

/* Left by pthread_exit: not an exception, not a failure. */
void *ends(void *argument)
{
    wick_thread_name("ends");
    WICK_SCOPE("ends");
    guard guard(0);
    pthread_exit(argument);
}
} // namespace

int main()
{
    pthread_t thread;
    WICK_SCOPE("main");

    try {
        WICK_SCOPE("dives");
        thrower(3);
    } catch (const std::runtime_error &error) {
        std::puts(error.what());
    }
    kinds();
    destructors();
    ambiguous();
    again();
    templates();
    pthread_create(&thread, nullptr, ends, nullptr);
    pthread_join(thread, nullptr);
    return 6;
}
