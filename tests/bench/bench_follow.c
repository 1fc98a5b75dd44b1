/*
 * SPDX-License-Identifier: MIT
 * Prints the median delay, in ns, between a line written to a log and `wick tree --follow` showing it:
 * bench_follow WICK LOG. Must not judge. Invariant: one line at a time, a new one after the old was seen.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

static void write_start(int log, int number)
{
    char line[128];
    int bytes = snprintf(line, sizeof line, "%d.0 h 1 t START f:%d step-%d\n", 1000 + number, number, number);
    if (write(log, line, (size_t)bytes) != bytes) {
        exit(1);
    }
}

/* Until the marker was shown; the rest of the output is read and forgotten. */
static int wait_for(int from, const char *marker)
{
    static char seen[1 << 20];
    size_t used = 0;
    for (;;) {
        ssize_t got = read(from, seen + used, sizeof seen - used - 1);
        if (got <= 0) {
            return 0;
        }
        used += (size_t)got;
        seen[used] = 0;
        if (strstr(seen, marker)) {
            return 1;
        }
        if (used > sizeof seen / 2) {
            used = 0;
        }
    }
}

int main(int argc, char **argv)
{
    struct bench_samples samples = {{0}, 0};
    int out[2];
    if (argc < 3 || pipe(out) != 0) {
        return 2;
    }
    int log = open(argv[2], O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(out[1], STDOUT_FILENO);
        close(out[0]);
        close(out[1]);
        execl(argv[1], argv[1], "tree", "--follow", argv[2], (char *)NULL);
        _exit(127);
    }
    close(out[1]);
    for (int i = 0; i < 7; i++) {
        char marker[32];
        snprintf(marker, sizeof marker, "step-%d", i);
        double from = bench_now_ns();
        write_start(log, i);
        if (!wait_for(out[0], marker)) {
            return 1;
        }
        bench_add(&samples, bench_now_ns() - from);
        usleep(1100000); /* without a terminal there is one line per second at most */
    }
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    printf("%.0f\n", bench_median(&samples));
    return 0;
}
