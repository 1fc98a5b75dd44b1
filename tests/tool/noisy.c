/*
 * SPDX-License-Identifier: MIT
 * Records far more than it does: a step is a few multiplications. Prints how long it took, in ns. usage: noisy [STEPS]
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <wick/wick.h>

static uint64_t steps(long count)
{
    WICK_SCOPE("steps");
    uint64_t value = 1;

    for (long i = 0; i < count; i++) {
        WICK_SCOPE("step");
        for (int k = 0; k < 10; k++) {
            value = value * 6364136223846793005u + 1442695040888963407u;
            __asm__ volatile("" : "+r"(value));
        }
    }
    return value;
}

int main(int count, char **arguments)
{
    struct timespec begin, end;
    uint64_t value = 0;

    clock_gettime(CLOCK_MONOTONIC, &begin);
    {
        WICK_SCOPE("work");
        for (int i = 0; i < 100; i++) {
            value += steps((count > 1 ? atol(arguments[1]) : 300000) / 100);
        }
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%" PRId64 "\n", (int64_t)(end.tv_sec - begin.tv_sec) * 1000000000 + (end.tv_nsec - begin.tv_nsec));
    return value == 0;
}
