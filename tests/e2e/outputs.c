/*
 * SPDX-License-Identifier: MIT
 * e2e: scopes of known lengths and paths, for WICK_FILTER, WICK_MIN and WICK_TREE.
 */
#include <stdio.h>
#include <time.h>

#include <wick/wick.h>

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){0, ms * 1000000}, NULL);
}

static void fetch(int number)
{
    WICK_SCOPEF("fetch %d", number);
    {
        WICK_SCOPE("connect");
    }
    if (number == 2) {
        WICK_FAIL("refused");
    }
}

int main(void)
{
    WICK_SCOPE("main");
    {
        WICK_SCOPE("load");
        for (int i = 0; i < 4; i++) {
            fetch(i);
        }
        pause_ms(30);
    }
    {
        WICK_SCOPE("brief");
        WICK_SCOPE("brief too");
    }
    {
        WICK_SCOPE("marked");
        WICK_MARK("here");
    }
    {
        WICK_SCOPE("store");
        pause_ms(30);
    }
    puts("done");
    return 0;
}
