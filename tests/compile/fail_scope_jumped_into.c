/*
 * SPDX-License-Identifier: MIT
 * Must not compile: a jump past a scope would end what never began (gcc needs -Wjump-misses-init).
 * With WICK_TEST_CONTROL it is the same file with the mistake put right, and must compile.
 * modes: on   languages: c c++
 */
#include <wick/wick.h>

void fail(const char *text, int number);

void fail(const char *text, int number)
{
    (void)text;
    (void)number;
#if defined(WICK_TEST_CONTROL)
    if (number) {
        goto past;
    }
    {
        WICK_SCOPE("text");
    }
past:
    (void)text;
#else
    if (number) {
        goto past;
    }
    WICK_SCOPE("text");
past:
    (void)text;
#endif
}
