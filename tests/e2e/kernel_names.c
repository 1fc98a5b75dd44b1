/*
 * SPDX-License-Identifier: MIT
 * e2e: threads that get their names from pthread_setname_np after their first event: one while it goes on, one at its end, and
 * one that wick_thread_name has named, which keeps that name. usage: kernel_names [SECONDS that the first one waits for its name]
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <wick/wick.h>

static unsigned wait_s;

static void *named_late(void *argument)
{
    {
        WICK_SCOPE("first");
        (void)!wick_flush(5000); /* its lane is made */
    }
    pthread_setname_np(pthread_self(), "bio_close");
    sleep(wait_s);
    {
        WICK_SCOPE("later");
    }
    return argument;
}

static void *named_at_its_end(void *argument)
{
    WICK_SCOPE("short");
    pthread_setname_np(pthread_self(), "short one");
    return argument;
}

static void *named_twice(void *argument)
{
    wick_thread_name("by the program");
    WICK_SCOPE("named");
    pthread_setname_np(pthread_self(), "ignored");
    (void)!wick_flush(5000);
    return argument;
}

int main(int argc, char **argv)
{
    void *(*const lives[])(void *) = {named_late, named_at_its_end, named_twice};
    pthread_t thread;
    WICK_SCOPE("main");

    wait_s = argc > 1 ? (unsigned)atoi(argv[1]) : 0;
    for (int i = 0; i < 3; i++) {
        pthread_create(&thread, NULL, lives[i], NULL);
        pthread_join(thread, NULL);
    }
    puts("done");
    return 0;
}
