/*
 * SPDX-License-Identifier: MIT
 * e2e: signal handlers that record, at a high rate, while the thread is in every slow path of the recorder.
 * Nothing hangs, nothing is mixed in: what a handler could not record is counted.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>

#include <wick/wick.h>

enum { ROUNDS = 3000, MUTEXES = 512 };

static volatile sig_atomic_t signals;
static pthread_mutex_t mutexes[MUTEXES];

static void handler(int signal_number)
{
    char name[32];
    WICK_SCOPEF("signal %d", signal_number);

    signals++;
    snprintf(name, sizeof name, "handler %d", signals % 3000);
    WICK_SCOPE_DYN(name);
    WICK_MARK("handled");
}

static void slow_paths(int round)
{
    char name[32];

    snprintf(name, sizeof name, "name %d", round);
    {
        WICK_SCOPE_DYN(name);
        WICK_SCOPEF("%s and more", name);
    }
    wick_thread_name(name);
    wick_mutex_lock(&mutexes[round % MUTEXES]);
    wick_mutex_unlock(&mutexes[round % MUTEXES]);
    (void)!wick_log_msg(name, "a point", "BMARK");
    wick_log_start(name, 1, 0);
    wick_log_endok();
}

int main(void)
{
    struct sigaction action = {.sa_handler = handler};
    struct itimerval often = {{0, 50}, {0, 50}};
    struct itimerval never = {{0, 0}, {0, 0}};

    for (int i = 0; i < MUTEXES; i++) {
        pthread_mutex_init(&mutexes[i], NULL);
    }
    WICK_SCOPE("main");
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
    for (int round = 0; round < ROUNDS || signals < 300; round++) {
        slow_paths(round % ROUNDS);
    }
    setitimer(ITIMER_REAL, &never, NULL);
    puts("done");
    return 0;
}
