/*
 * SPDX-License-Identifier: MIT
 * Must not compile: a scope as the body of an unbraced if would end at once.
 * With WICK_TEST_CONTROL it is the same file with the mistake put right, and must compile.
 * modes: on off   languages: c
 */
#include <wick/wick.h>

void fail(const char *text, int number);

void fail(const char *text, int number)
{
    (void)text;
    (void)number;
#if defined(WICK_TEST_CONTROL)
    if (number) {
        WICK_SCOPE("text");
    }
#else
    if (number) {
        WICK_SCOPE("text");
    }
#endif
}
