/* cc 03_marks.c $(pkg-config --cflags --libs wick) -o 03_marks && WICK_LOG=run.ctxt ./03_marks && wick tree run.ctxt
 *
 * SPDX-License-Identifier: MIT
 * introduces: WICK_MARK, WICK_MARKF, WICK_COUNTER, WICK_COUNTER_ADD, WICK_VALUE, WICK_SUM
 * What is not a stretch of time: a point in time, a gauge, a sum, and numbers that belong to a scope (WICK_READ and WICK_WROTE are sums of
 * bytes and records).
 */
#include <wick/wick.h>

int main(void)
{
    int waiting = 0;
    WICK_SCOPE("main");

    WICK_MARK("the shop opens");
    for (int minute = 0; minute < 10; minute++) {
        WICK_SCOPEF("minute %d", minute);
        waiting += minute % 3;
        WICK_COUNTER("customers waiting", waiting); /* its new value */
        if (waiting > 2) {
            waiting -= 2;
            WICK_COUNTER_ADD("customers served", 2); /* what is added to it */
            WICK_VALUE(2); /* a weight of this scope: bytes, items, customers */
            WICK_SUM("coffee", 0.4, "litres"); /* one of several, with its name and unit: also per second */
        }
        if (minute == 5) {
            WICK_MARKF("half time, %d are waiting", waiting);
        }
    }
    WICK_MARK("the shop closes");
    return 0;
}
