/*
 * SPDX-License-Identifier: MIT
 * Counters and values of every type, up to what 64 bits hold, and units: what test_numbers.sh reads the log of. Also compiled as
 * C++ (whole_numbers.cpp).
 */
#include <wick/wick.h>

int main(void)
{
    const int64_t large = 9007199254740993; /* 2^53 + 1: no double */
    const unsigned long long most = 9223372036854775807u;
    short small = -3;

    WICK_SCOPE("work");
    WICK_COUNTER_UNIT("heap", large, "bytes");
    WICK_COUNTER_UNIT("heap of doubles", 0.5f, "percent");
    for (int i = 0; i < 2; i++) {
        WICK_COUNTER("limit", i ? INT64_MIN : INT64_MAX);
    }
    for (int i = 0; i < 4; i++) {
        WICK_COUNTER_ADD("added", i < 3 ? large : 1);
    }
    WICK_COUNTER("unsigned", most);
    WICK_COUNTER("small", small);
    for (uint64_t i = 3; i--;) {
        WICK_COUNTER("largest", i == 1 ? i : UINT64_MAX - i);
        WICK_COUNTER_ADD("total", (uint64_t)1 << 63 >> i);
    }
    {
        WICK_SCOPE("whole");
        WICK_VALUE(large);
        WICK_VALUE(-1);
        WICK_VALUE(most - (unsigned long long)large);
    }
    {
        WICK_SCOPE("large");
        WICK_VALUE(UINT64_MAX - 2);
        WICK_VALUE(2);
    }
    {
        WICK_SCOPE("real");
        WICK_VALUE(0.25);
        WICK_VALUE(1e300);
    }
    return 0;
}
