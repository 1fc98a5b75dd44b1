/* cc 01_scope.c $(pkg-config --cflags --libs wick) -o 01_scope && WICK_LOG=run.ctxt ./01_scope && wick tree run.ctxt
 *
 * SPDX-License-Identifier: MIT
 * introduces: WICK_SCOPE, WICK_FUNCTION
 * A scope lasts from its line to the end of the block, however the block is left. There is no set-up
 * code: the environment switches recording on.
 */
#include <wick/wick.h>

static unsigned collatz(unsigned n)
{
    unsigned steps = 0;
    WICK_FUNCTION(); /* named after the function */

    for (; n > 1; steps++) {
        n = n % 2 ? 3 * n + 1 : n / 2;
    }
    return steps;
}

int main(void)
{
    unsigned longest = 0;
    WICK_SCOPE("main");

    for (unsigned n = 1; n < 1000; n++) {
        unsigned steps = collatz(n);
        if (steps > longest) {
            WICK_SCOPE("a new record");
            longest = steps;
        }
    }
    return longest == 178 ? 0 : 1;
}
