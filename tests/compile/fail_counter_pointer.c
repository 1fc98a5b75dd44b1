/*
 * SPDX-License-Identifier: MIT
 * Must not compile: the name of a counter is a literal.
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
    WICK_COUNTER("text", number);
#else
    WICK_COUNTER(text, number);
#endif
}
