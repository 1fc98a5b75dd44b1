/*
 * SPDX-License-Identifier: MIT
 * Prints the largest resident set, in bytes, of a command: bench_rss COMMAND [ARGUMENT...].
 * Must not judge. Invariant: the command's own output goes nowhere.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    struct rusage usage;
    int status;

    if (argc < 2) {
        return 2;
    }
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_WRONLY);
        dup2(null, STDOUT_FILENO);
        execvp(argv[1], argv + 1);
        _exit(127);
    }
    if (pid < 0 || wait4(pid, &status, 0, &usage) < 0 || !WIFEXITED(status) || WEXITSTATUS(status)) {
        return 1;
    }
    printf("%lld\n", (long long)usage.ru_maxrss * 1024);
    return 0;
}
