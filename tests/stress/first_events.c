/*
 * SPDX-License-Identifier: MIT
 * Stress: the first events of a process come from several threads at once, while others flush again and again and
 * flood the drain. No thread waits for the flushes of others. The program starts itself TURNS times.
 */
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <wick/wick.h>

enum { TURNS = 30, FIRST = 4 };

extern char **environ;

static int first;
static int stop;
static pthread_barrier_t together;

static void *comes_first(void *argument)
{
    pthread_barrier_wait(&together);
    {
        WICK_SCOPE("first");
    }
    __atomic_fetch_add(&first, 1, __ATOMIC_RELEASE);
    return argument;
}

static void *floods(void *argument)
{
    pthread_barrier_wait(&together);
    while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
        WICK_SCOPE("flood");
    }
    return argument;
}

static void *flushes(void *argument)
{
    pthread_barrier_wait(&together);
    while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
        (void)!wick_flush(2000);
    }
    return argument;
}

static int one_process(void)
{
    void *(*const parts[])(void *) = {comes_first, comes_first, comes_first, comes_first, floods, flushes, flushes};
    enum { PARTS = sizeof parts / sizeof parts[0] };
    pthread_t threads[PARTS];

    alarm(40); /* who waits for the flushes waits as long as there are any */
    pthread_barrier_init(&together, NULL, PARTS);
    for (int i = 0; i < PARTS; i++) {
        pthread_create(&threads[i], NULL, parts[i], NULL);
    }
    while (__atomic_load_n(&first, __ATOMIC_ACQUIRE) < FIRST) {
        usleep(1000);
    }
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    for (int i = 0; i < PARTS; i++) {
        pthread_join(threads[i], NULL);
    }
    return 0;
}

int main(int argc, char **argv)
{
    static char once[] = "once";
    char *const child[] = {argv[0], once, NULL};
    int bad = 0;

    if (argc > 1) {
        return one_process();
    }
    for (int turn = 0; turn < TURNS && !bad; turn++) {
        int status = 0;
        pid_t pid;

        if (posix_spawn(&pid, argv[0], NULL, NULL, child, environ) != 0 || waitpid(pid, &status, 0) != pid || status != 0) {
            bad = 1;
        }
    }
    if (bad) {
        fputs("a process did not end in time\n", stderr);
    }
    return bad;
}
