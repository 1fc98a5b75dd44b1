/*
 * SPDX-License-Identifier: MIT
 * e2e: a thread that blocks signals which the program handles, as workers do, is no handler: its first event is kept.
 */
#include <pthread.h>
#include <signal.h>
#include <string.h>

#include <wick/wick.h>

static void handle(int signal_number)
{
    (void)signal_number;
}

static void *work(void *argument)
{
    sigset_t all;

    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    for (int i = 0; i < 5; i++) {
        WICK_SCOPE("work");
    }
    return argument;
}

int main(void)
{
    pthread_t thread;
    struct sigaction action;
    WICK_SCOPE("main");

    memset(&action, 0, sizeof action);
    action.sa_handler = handle;
    sigaction(SIGINT, &action, NULL);
    pthread_create(&thread, NULL, work, NULL);
    pthread_join(thread, NULL);
    return 0;
}
