/*
 * SPDX-License-Identifier: MIT
 * Must not compile: the text that is the identity of a scope is a string.
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
    WICK_SCOPE_DYN(text);
#else
    WICK_SCOPE_DYN(number);
#endif
}
