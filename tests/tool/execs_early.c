/*
 * SPDX-License-Identifier: MIT
 * Forks children that record, each a little longer, and then execute a program that does not: some while their log is being opened.
 */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <wick/wick.h>

enum { CHILDREN = 300, STEP_NS = 20000 };

static void child(int number)
{
    WICK_TIMED(life, "child");

    while (wick_elapsed_ns(&life) < (uint64_t)number * STEP_NS) {
        WICK_SCOPE("step");
    }
    execl("/bin/true", "true", (char *)NULL);
    _exit(1);
}

int main(void)
{
    WICK_SCOPE("main");

    for (int i = 0; i < CHILDREN; i++) {
        int status = 1;
        pid_t pid = fork();

        if (pid == 0) {
            child(i);
        }
        if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0) {
            return 1;
        }
    }
    return 0;
}
