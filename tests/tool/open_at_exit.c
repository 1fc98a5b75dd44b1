/*
 * SPDX-License-Identifier: MIT
 * Ends inside a scope that does nothing else, with much that is not written yet. test_series.sh runs it.
 */
#include <stdlib.h>

#include <wick/wick.h>

int main(void)
{
    WICK_SCOPE("main");
    for (int i = 0; i < 40000; i++) {
        WICK_SCOPE("x");
    }
    {
        WICK_SCOPE("last");
        exit(0);
    }
}
