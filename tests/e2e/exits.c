/*
 * SPDX-License-Identifier: MIT
 * e2e: ways in which a program ends, as the argument says, with scopes open and other threads recording.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <wick/wick.h>

#include "host_state.h"

static int stop;

static void *records(void *argument)
{
    while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
        WICK_SCOPE("turn");
        WICK_SCOPEF("number %d", 1);
        usleep(50); /* nothing shall be lost, however slow the machine is */
    }
    return argument;
}

static void *exits(void *argument)
{
    wick_thread_name("exits");
    WICK_SCOPE("exits");
    exit(*(int *)argument);
}

static void at_exit(void)
{
    WICK_SCOPE("handler of exit");
    host_state("at exit");
    (void)!wick_flush(2000);
}

static void at_quick_exit_(void)
{
    WICK_SCOPE("handler of quick_exit");
    host_state("at quick_exit");
    (void)!wick_flush(2000);
}

static void on_abort(int number)
{
    WICK_SCOPE("handler of SIGABRT");
    host_state("on abort");
    (void)number;
}

/* Another thread calls exit() while this one waits inside a scope. */
static int by_thread(void)
{
    pthread_t thread;
    int code = 7;

    pthread_create(&thread, NULL, exits, &code);
    pthread_join(thread, NULL);
    return 0;
}

/* main returns while other threads record. */
static int running(void)
{
    pthread_t thread;

    for (int i = 0; i < 3; i++) {
        pthread_create(&thread, NULL, records, NULL);
    }
    usleep(20000);
    return 8;
}

static int quickly(void)
{
    at_quick_exit(at_quick_exit_);
    quick_exit(9);
}

static int aborts(void)
{
    signal(SIGABRT, on_abort);
    (void)!wick_flush(2000);
    abort();
}

static int terminated(void)
{
    (void)!wick_flush(2000);
    host_state("terminated");
    raise(SIGTERM);
    return 0;
}

/* The program replaces itself: what was recorded until wick_flush is in the log, which is not closed. */
static int replaced(void)
{
    (void)!wick_flush(2000);
    execl("/bin/sh", "sh", "-c", "ls -l /proc/self/fd | grep -c ctxt; exit 11", (char *)NULL);
    return 0;
}

/* The same, and what it becomes is instrumented, too: it has a log of its own that names this run. */
static int becomes_itself(void)
{
    (void)!wick_flush(2000);
    host_state("replaced");
    execl("/proc/self/exe", "exits", "shut_down", (char *)NULL);
    return 0;
}

/* Recording is shut down by hand, twice, and by exit; what comes between is off. */
static int shut_down(void)
{
    (void)!wick_shutdown();
    WICK_SCOPE("after the end");
    (void)!wick_shutdown();
    return 12;
}

int main(int count, char **arguments)
{
    static const struct {
        const char *name;
        int (*run)(void);
    } ways[] = {{"by_thread", by_thread}, {"running", running},       {"quickly", quickly},   {"aborts", aborts},
                {"replaced", replaced},   {"terminated", terminated}, {"shut_down", shut_down},
                {"becomes_itself", becomes_itself}};
    WICK_SCOPE("main");

    atexit(at_exit);
    for (size_t i = 0; count > 1 && i < sizeof ways / sizeof ways[0]; i++) {
        if (strcmp(arguments[1], ways[i].name) == 0) {
            WICK_SCOPE("way");
            return ways[i].run();
        }
    }
    return 1;
}
