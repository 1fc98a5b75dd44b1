/*
 * SPDX-License-Identifier: MIT
 * e2e: a daemon: forks twice, leaves the session and the directory, closes every descriptor but its standard ones,
 * and records. The parents wait for it, so that the test knows when it has ended.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <wick/wick.h>

#include "host_state.h"
#include "settle.h"

static int works(void)
{
    int fd;
    WICK_SCOPE("daemon");

    closefrom(3);
    fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int i = 0; i < 10; i++) {
        WICK_SCOPE("job");
    }
    (void)!wick_flush(2000);
    closefrom(3); /* the log's descriptor too: it is opened again */
    for (int i = 0; i < 10; i++) {
        WICK_SCOPE("another job");
    }
    host_state("daemon");
    return fd == 3 ? 21 : 22;
}

/* The process in between. */
static int leads(void)
{
    int status = 0;

    setsid();
    settle_before_fork();
    pid_t child = fork();
    if (child == 0) {
        (void)!chdir("/");
        exit(works());
    }
    waitpid(child, &status, 0);
    return WEXITSTATUS(status);
}

/* With an argument the process in between has no event. */
int main(int argc, char **argv)
{
    int status = 0;
    pid_t child;
    WICK_SCOPE("main");

    (void)argv;
    host_state("parent");
    settle_before_fork();
    child = fork();
    if (child == 0) {
        if (argc > 1) {
            exit(leads());
        }
        WICK_SCOPE("leader");
        exit(leads());
    }
    waitpid(child, &status, 0);
    printf("daemon ended with %d\n", WEXITSTATUS(status));
    return 0;
}
