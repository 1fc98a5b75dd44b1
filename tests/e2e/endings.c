/*
 * SPDX-License-Identifier: MIT
 * e2e: scopes that are left in unusual ways: exit inside, longjmp, pthread_exit, cancel, CLEAR.
 * The argument chooses how the program itself ends.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <wick/wick.h>

static jmp_buf back;
static volatile int armed = 1;

static void deep(int levels)
{
    WICK_SCOPEF("level %d", levels);
    if (levels > 0) {
        deep(levels - 1);
    } else if (armed) {
        longjmp(back, 1);
    }
}

static void jumps(void)
{
    WICK_SCOPE_AS(jumping, "jumps");
    if (setjmp(back) == 0) {
        deep(3);
    }
    wick_unwind_to(&jumping);
    WICK_SCOPE("after the first jump");
    if (setjmp(back) == 0) {
        deep(1);
    }
    WICK_MARK("jumped again"); /* no wick_unwind_to: closed by the end of the enclosing scope */
}

static void *exits(void *argument)
{
    WICK_SCOPE("exits");
    {
        WICK_SCOPE("inside");
        pthread_exit(argument);
    }
}

#if defined(__SANITIZE_THREAD__)
/* A thread that is canceled inside one of its interceptors leaves ThreadSanitizer without the order of what
 * it does while it unwinds: the release of its last event is not seen. */
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
    return "race:waits\nrace:wk_thread_exit\n";
}
#endif

static void *waits(void *argument)
{
    WICK_SCOPE("is canceled");
    pause();
    return argument;
}

static void clears(void)
{
    WICK_SCOPE("swept");
    WICK_SCOPE("swept too");
    WICK_CLEAR();
    WICK_SCOPE("after the sweep");
}

int main(int count, char **arguments)
{
    pthread_t thread;
    const char *how = count > 1 ? arguments[1] : "return";

    clears();
    {
        WICK_SCOPE_CLEAR("clears and begins");
    }
    WICK_SCOPE("main");
    jumps();
    pthread_create(&thread, NULL, exits, NULL);
    pthread_join(thread, NULL);
    pthread_create(&thread, NULL, waits, NULL);
    usleep(1000);
    pthread_cancel(thread);
    pthread_join(thread, NULL);
    WICK_SCOPE("last");
    puts(how);
    fflush(stdout);
    if (strcmp(how, "exit") == 0) {
        exit(3);
    }
    if (strcmp(how, "thread") == 0) {
        pthread_exit(NULL);
    }
    if (strcmp(how, "_exit") == 0) {
        (void)!wick_flush(1000);
        _exit(4);
    }
    if (strcmp(how, "abort") == 0) {
        (void)!wick_flush(1000);
        abort();
    }
    return 2;
}
