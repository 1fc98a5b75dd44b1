/*
 * SPDX-License-Identifier: MIT
 * Records, pauses twice, goes on: what test_left_out.sh reads the log of.
 */
#include <wick/wick.h>

#include <time.h>

static void wait_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

int main(void)
{
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

    {
        WICK_SCOPE("work");
        {
            WICK_SCOPE("fetch");
        }
        wick_mutex_lock(&mutex);
        wait_ms(10);
        wick_mutex_unlock(&mutex);
    }
    (void)wick_flush(1000);
    for (int i = 0; i < 2; i++) {
        wick_pause();
        {
            WICK_SCOPE("not seen");
        }
        wick_resume();
        (void)wick_flush(1000);
    }
    {
        WICK_SCOPE("work");
        wait_ms(10);
    }
    return 0;
}
