/*
 * SPDX-License-Identifier: MIT
 * e2e: a thread with a cancellation pending records the first event of the process, flushes, waits for room:
 * none of this is a point of cancellation, and no lock of the recorder stays behind.
 */
#include <pthread.h>
#include <stdio.h>

#include <wick/wick.h>

static volatile int reached;

static void *canceled(void *argument)
{
    struct wick_stats stats = {.size = sizeof stats};

    pthread_cancel(pthread_self());
    for (int i = 0; i < 20000; i++) {
        WICK_SCOPE("pending");
    }
    (void)!wick_flush(1000);
    (void)!wick_stats_read(&stats);
    reached = 1;
    pthread_testcancel();
    return argument;
}

int main(void)
{
    pthread_t thread;
    void *result;

    pthread_create(&thread, NULL, canceled, NULL);
    pthread_join(thread, &result);
    printf("%d %d\n", reached, result == PTHREAD_CANCELED);
    WICK_SCOPE("afterwards");
    (void)!wick_flush(1000);
    return 0;
}
