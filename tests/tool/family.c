/*
 * SPDX-License-Identifier: MIT
 * Forks two children; the first forks one itself and executes this program again as `family step`, the second records nothing.
 */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <wick/wick.h>

static void wait_for(pid_t child)
{
    int status;

    (void)waitpid(child, &status, 0);
}

static void first_child(const char *self)
{
    WICK_SCOPE("first child");
    pid_t child = fork();

    if (child == 0) {
        {
            WICK_SCOPE("grandchild");
        }
        (void)!wick_shutdown();
        _exit(0);
    }
    wait_for(child);
    (void)!wick_flush(5000);
    execl(self, self, "step", (char *)NULL);
}

int main(int count, char **arguments)
{
    WICK_SCOPE_DYN(count > 1 ? "step" : "main");

    if (count > 1) {
        return 0;
    }
    (void)!wick_flush(5000); /* the log has its name before another process asks for it */
    pid_t child = fork();
    if (child == 0) {
        first_child(arguments[0]);
        _exit(1);
    }
    wait_for(child);
    child = fork();
    if (child == 0) {
        _exit(0);
    }
    wait_for(child);
    return 0;
}
