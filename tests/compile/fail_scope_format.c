/*
 * SPDX-License-Identifier: MIT
 * Must not compile: the arguments of a formatted scope are checked against its format.
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
    WICK_SCOPEF("%d", number);
#else
    WICK_SCOPEF("%s", number);
#endif
}
