/*
 * SPDX-License-Identifier: MIT
 * e2e: a fork inside a scope. The child records nothing (or, with follow, into its own log); the parent goes on.
 */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <wick/wick.h>

#include "settle.h"

int main(void)
{
    int status = 0;
    pid_t child;
    WICK_SCOPE("main");

    settle_before_fork();
    child = fork();
    if (child == 0) {
        {
            WICK_SCOPE("in the child");
            WICK_MARK("child");
        }
        fflush(stdout);
        return 5;
    }
    waitpid(child, &status, 0);
    WICK_SCOPE("after the fork");
    printf("child ended with %d\n", WEXITSTATUS(status));
    return 0;
}
