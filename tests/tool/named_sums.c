/*
 * SPDX-License-Identifier: MIT
 * Named sums of scopes, from several places: what test_sums.sh reads the log of. Also compiled as C++ (named_sums.cpp).
 */
#include <math.h>
#include <time.h>

#include <wick/wick.h>

static void fill(void)
{
    WICK_SUM("rows", 2, "records"); /* of the caller's scope */
}

static void copy(void)
{
    WICK_SCOPE("copy");
    for (int i = 0; i < 1000; i++) {
        WICK_READ(4096, 2);
    }
    WICK_READ(904, 0); /* another place, the same sum */
    {
        WICK_SCOPE("write");
        WICK_WROTE(1000000, 1);
    }
    WICK_SUM("rows", 1, "records");
    fill();
    WICK_SUM("rows", 0.5, "percent"); /* another unit, another sum */
    WICK_SUM("rows", (double)NAN, "percent");
    const struct timespec pause = {0, 20000000};
    nanosleep(&pause, NULL);
}

int main(void)
{
    WICK_SUM("before any scope", 1, "");
    copy();
    copy();
    return 0;
}
