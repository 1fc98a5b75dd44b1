/*
 * SPDX-License-Identifier: MIT
 * e2e: ends that call none of exit's handlers, in a program that is linked with --wrap: nothing is lost, and open scopes end unfinished.
 * The argument says how it ends. Children that end so, of fork and of vfork, do not end their parent's recording.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <wick/wick.h>

#include "host_state.h"

static void on_signal(int number)
{
    (void)number;
    _exit(5);
}

/* vfork is called by the wrapper of libc alone: the child uses this stack. */
static void make_children(void)
{
    int status = 1;
    pid_t pid = fork();

    if (pid == 0) {
        _exit(3);
    }
    (void)waitpid(pid, &status, 0);
    printf("fork %d\n", WEXITSTATUS(status));
    fflush(stdout);
    pid = vfork();
    if (pid == 0) {
        _exit(4);
    }
    (void)waitpid(pid, &status, 0);
    printf("vfork %d\n", WEXITSTATUS(status));
}

int main(int count, char **arguments)
{
    const char *way = count > 1 ? arguments[1] : "";
    WICK_SCOPE("main");

    if (strcmp(way, "children") == 0) {
        make_children();
    }
    for (int i = 0; i < 1000; i++) {
        WICK_SCOPE("work");
    }
    WICK_SCOPE("last");
    host_state(way);
    fflush(stdout);
    if (strcmp(way, "_Exit") == 0) {
        _Exit(5);
    } else if (strcmp(way, "quick_exit") == 0) {
        quick_exit(5);
    } else if (strcmp(way, "handler") == 0) {
        signal(SIGUSR1, on_signal);
        raise(SIGUSR1);
    }
    _exit(5);
}
