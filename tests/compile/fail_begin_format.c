/*
 * SPDX-License-Identifier: MIT
 * Must not compile: the arguments of WICK_BEGINF are checked against its format.
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
    struct wick_scope scope;
    WICK_BEGINF(&scope, "%s", text);
    wick_end(&scope);
#else
    struct wick_scope scope;
    WICK_BEGINF(&scope, "%s", number);
    wick_end(&scope);
#endif
}
