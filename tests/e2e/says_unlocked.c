/*
 * SPDX-License-Identifier: MIT
 * e2e: while wick writes a message, another thread starts, asks and flushes: none of them waits, so no lock is held.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <wick/wick.h>

static uint32_t messages; /* read after recording has ended */

static void *ask(void *argument)
{
    struct wick_stats stats = {.size = sizeof stats};

    (void)!wick_init(NULL); /* runs already */
    (void)!wick_stats_read(&stats);
    (void)!wick_flush(500);
    return argument;
}

/* Ours comes before libc's. */
ssize_t write(int fd, const void *bytes, size_t count)
{
    struct timespec until;
    pthread_t thread;

    if (fd == STDERR_FILENO && pthread_create(&thread, NULL, ask, NULL) == 0) {
        __atomic_fetch_add(&messages, 1, __ATOMIC_RELAXED); /* a count */
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += 10;
        if (pthread_timedjoin_np(thread, NULL, &until) != 0) {
            printf("a message is written under a lock\n");
        }
    }
    return syscall(SYS_write, fd, bytes, count);
}

static void record(void)
{
    for (int i = 0; i < 1000; i++) {
        WICK_SCOPE("scope");
    }
}

int main(void)
{
    record();
    (void)!wick_flush(5000);
    record();
    bool off = wick_i_on_v1 == 0; /* with WICK=off */
    (void)!wick_shutdown();
    printf("%s\n", off || messages >= 2 ? "done" : "no message");
    return 0;
}
