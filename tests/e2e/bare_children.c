/*
 * SPDX-License-Identifier: MIT
 * e2e: children that are made without fork's handlers: _Fork, clone. They have the parent's memory, but not its
 * threads; locks may be held for ever. They record as much as they like, flush, shut down, and end as without wick.
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <wick/wick.h>

static int stop;

/* Takes the recorder's locks all the time. */
static void *registers(void *argument)
{
    while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
        char name[32];
        static int number;

        snprintf(name, sizeof name, "name %d", number++ % 500);
        wick_thread_name(name);
        WICK_SCOPE_DYN(name);
        usleep(20);
    }
    return argument;
}

/* More than a ring holds, at places and with names that were never seen before. */
static int child(void)
{
    struct wick_stats stats = {.size = sizeof stats};
    struct wick_fiber fiber;
    int rc;

    alarm(20); /* a child that hangs ends by SIGALRM */
    wick_thread_name("child");
    wick_fiber_init(&fiber, "fiber");
    (void)!wick_fiber_enter(&fiber);
    wick_fiber_leave();
    for (int i = 0; i < 3000; i++) {
        char name[32];

        snprintf(name, sizeof name, "child %d", i);
        WICK_SCOPE("child");
        WICK_SCOPE_DYN(name);
        WICK_MARKF("%s", name);
    }
    rc = wick_flush(5000);
    (void)!wick_stats_read(&stats);
    (void)!wick_shutdown();
    return rc == WICK_E_STATE ? 7 : 8;
}

static int ended(pid_t pid)
{
    int status = 0;

    if (pid == 0) {
        exit(child());
    }
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int main(void)
{
    pthread_t thread;
    WICK_SCOPE("main");

    pthread_create(&thread, NULL, registers, NULL);
    (void)wick_flush(5000); /* the log is open, as wick(7) asks */
    for (int i = 0; i < 20; i++) {
        WICK_SCOPE("children");
        fflush(stdout);
        printf("%d", ended(_Fork()));
        fflush(stdout);
        printf(" %d\n", ended((pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL)));
    }
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    pthread_join(thread, NULL);
    return 0;
}
