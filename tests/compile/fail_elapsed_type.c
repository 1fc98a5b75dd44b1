/*
 * SPDX-License-Identifier: MIT
 * Must not compile: only a named scope can be asked for its time.
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
    number = wick_elapsed_ns(&scope) > 3;
#else
    number = wick_elapsed_ns(&number) > 3;
#endif
}
