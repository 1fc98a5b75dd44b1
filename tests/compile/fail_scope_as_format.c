/*
 * SPDX-License-Identifier: MIT
 * Must not compile: the arguments of a named, formatted scope are checked.
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
    WICK_SCOPEF_AS(scope, "%s", text);
#else
    WICK_SCOPEF_AS(scope, "%s", number);
#endif
}
