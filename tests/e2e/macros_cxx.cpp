/*
 * SPDX-License-Identifier: MIT
 * e2e: every recording macro once, compiled as C++; and what only C++ has: exceptions, templates, lambdas.
 */
#define main macros_main
#include "macros.c"
#undef main

#include <stdexcept>

namespace
{
template <typename T> T scoped(T value)
{
    WICK_FUNCTION();
    return value;
}

void thrower(int depth)
{
    WICK_SCOPEF("depth %d", depth);
    if (depth == 3) {
        throw std::runtime_error("at the bottom");
    }
    thrower(depth + 1);
}
} // namespace

int main()
{
    int rc = macros_main();

    WICK_SCOPE("C++");
    auto square = [](int x) {
        WICK_SCOPE("lambda");
        return x * x;
    };
    rc += square(3) + scoped(1) + static_cast<int>(scoped(2.0));
    try {
        thrower(1);
    } catch (const std::runtime_error &error) {
        WICK_MARKF("caught %s", error.what());
        std::puts(error.what());
    }
    std::printf("%d\n", rc);
    return rc;
}
