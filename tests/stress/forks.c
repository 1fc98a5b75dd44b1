/*
 * SPDX-License-Identifier: MIT
 * Stress: the process forks while its threads record, lock, register sites and flush. No child hangs, the
 * parent's log is whole.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <wick/wick.h>

enum { THREADS = 3, FORKS = 60 };

static int stop;

static void *records(void *argument)
{
    int turn = 0;

    while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
        char name[32];

        snprintf(name, sizeof name, "turn %d", turn++ % 1000);
        WICK_SCOPE_DYN(name);
        WICK_SCOPE("inner");
        if (turn % 100 == 0) {
            (void)!wick_flush(1000);
        }
        usleep(50); /* races are wanted, not a full processor */
    }
    return argument;
}

int main(void)
{
    pthread_t threads[THREADS];
    int bad = 0;
    WICK_SCOPE("main");

    for (int i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, records, NULL);
    }
    for (int i = 0; i < FORKS; i++) {
        int status = 0;
        pid_t child = fork();

        if (child == 0) {
            alarm(20); /* a child that hangs ends by SIGALRM */
            {
                WICK_SCOPE("in the child");
                WICK_MARK("child");
            }
            (void)!wick_shutdown();
            _exit(5);
        }
        if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 5) {
            bad = 1;
        }
    }
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    puts("done");
    return bad;
}
