/*
 * SPDX-License-Identifier: MIT
 * Must not compile: the arguments of a formatted failure are checked.
 * With WICK_TEST_CONTROL it is the same file with the mistake put right, and must compile.
 * modes: on off   languages: c c++
 */
#include <wick/wick.h>

void fail(const char *text, int number);

void fail(const char *text, int number)
{
    (void)text;
    (void)number;
#if defined(WICK_TEST_CONTROL)
    WICK_FAILF("%d", number);
#else
    WICK_FAILF("%s", number);
#endif
}
