/*
 * SPDX-License-Identifier: MIT
 * e2e: the program's own fork handlers record, at sites that were never hit before, and from a thread that
 * never recorded before. The recorder holds all its locks meanwhile: refused and counted, no deadlock.
 */
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <wick/wick.h>

static void prepare(void)
{
    WICK_SCOPE_DYN("prepare");
    WICK_MARK("prepare");
}

static void parent(void)
{
    WICK_SCOPE("parent");
    wick_thread_name("parent");
}

static void child(void)
{
    WICK_SCOPE_DYN("child");
    WICK_MARKF("%s", "child");
}

static void *forks(void *argument)
{
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        _exit(6);
    }
    waitpid(pid, &status, 0);
    printf("child ended with %d\n", WEXITSTATUS(status));
    return argument;
}

int main(void)
{
    pthread_t thread;

    pthread_atfork(prepare, parent, child);
    WICK_SCOPE("main");
    forks(NULL);
    pthread_create(&thread, NULL, forks, NULL);
    pthread_join(thread, NULL);
    return 0;
}
