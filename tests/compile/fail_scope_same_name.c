/*
 * SPDX-License-Identifier: MIT
 * Must not compile: two named scopes of one block have two names.
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
    WICK_SCOPE_AS(one, "one");
    WICK_SCOPE_AS(two, "two");
#else
    WICK_SCOPE_AS(scope, "one");
    WICK_SCOPE_AS(scope, "two");
#endif
}
