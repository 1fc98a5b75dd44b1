/*
 * SPDX-License-Identifier: MIT
 * Must not compile: a thread hangs under a named scope.
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
    WICK_SCOPE_AS(scope, "text");
    WICK_THREAD_UNDER(&scope);
#else
    WICK_THREAD_UNDER(&number);
#endif
}
