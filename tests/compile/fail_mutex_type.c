/*
 * SPDX-License-Identifier: MIT
 * Must not compile: the lock wrappers take a pthread mutex.
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
    extern pthread_mutex_t mutex;
    wick_mutex_lock(&mutex);
#else
    wick_mutex_lock(&number);
#endif
}
