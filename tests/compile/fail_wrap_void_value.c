/*
 * SPDX-License-Identifier: MIT
 * Must not compile: a call without a value gives none when it is wrapped.
 * With WICK_TEST_CONTROL it is the same file with the mistake put right, and must compile.
 * modes: on off   languages: c c++
 */
#include <wick/wick.h>

void fail(const char *text, int number);
void no_value(int number);

void fail(const char *text, int number)
{
    (void)text;
    (void)number;
#if defined(WICK_TEST_CONTROL)
    WICK_WRAP(no_value(number));
#else
    number = WICK_WRAP(no_value(number));
#endif
}
