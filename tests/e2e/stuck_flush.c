/*
 * SPDX-License-Identifier: MIT
 * e2e: the log is a pipe that nobody reads, and a thread waits half a minute for it to be written. Another's flush has
 * its own deadline, its look at the counters is answered, and its fork does not wait: all are over while the first
 * still waits. Then the pipe is read.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <wick/wick.h>

enum { MORE_THAN_A_PIPE_HOLDS = 4000 };

static int flushes, flushed;

static void *waits(void *argument)
{
    for (int i = 0; i < MORE_THAN_A_PIPE_HOLDS; i++) {
        WICK_SCOPE("scope");
    }
    __atomic_store_n(&flushes, 1, __ATOMIC_RELAXED);
    (void)!wick_flush(30000);
    __atomic_store_n(&flushed, 1, __ATOMIC_RELAXED);
    return argument;
}

int main(void)
{
    struct wick_stats stats = {.size = sizeof stats};
    const char *log = getenv("WICK_LOG");
    char bytes[65536];
    pthread_t thread;
    pid_t child;
    int status = 0, fd = -1, early;

    if (log && mkfifo(log, 0600) != 0) {
        return 1;
    }
    pthread_create(&thread, NULL, waits, NULL);
    while (!__atomic_load_n(&flushes, __ATOMIC_RELAXED)) {
        usleep(1000);
    }
    usleep(100000); /* it waits by now; if not, this tests nothing, and passes */
    (void)!wick_flush(10);
    (void)!wick_stats_read(&stats);
    child = fork();
    if (child == 0) {
        execl("/bin/sh", "sh", "-c", "exit 3", (char *)NULL); /* ThreadSanitizer calls it a leak when the child exits itself */
        _exit(9);
    }
    waitpid(child, &status, 0);
    early = __atomic_load_n(&flushed, __ATOMIC_RELAXED);
    if (log) {
        fd = open(log, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    }
    while (!__atomic_load_n(&flushed, __ATOMIC_RELAXED)) {
        if (read(fd, bytes, sizeof bytes) <= 0) {
            usleep(1000);
        }
    }
    pthread_join(thread, NULL);
    if (log) {
        unlink(log);
    }
    printf("child %d, %s\n", WEXITSTATUS(status), log && early ? "after half a minute" : "in time");
    return 0; /* the pipe's reader is still there for the rest of the log */
}
