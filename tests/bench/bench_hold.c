/*
 * SPDX-License-Identifier: MIT
 * Lives of threads and children: each records one scope and ends. The floor is the same life without a scope, of
 * a thread in this process, of a child in a process that has never recorded; turn by turn with the other.
 * usage: bench_hold thread_churn | bench_hold fork_follow [NAME]
 */
#include <pthread.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <wick/wick.h>

#include "bench.h"

enum { THREADS = 2000, CHILDREN = 200, WARM = 20 };

static struct bench_samples samples;
static struct bench_samples floors;

static void *life(void *records)
{
    if (records) {
        WICK_SCOPE("life");
    }
    return NULL;
}

static double thread_ns(void *records)
{
    double start_ns = bench_now_ns();
    pthread_t thread;

    if (pthread_create(&thread, NULL, life, records) == 0) {
        pthread_join(thread, NULL);
    }
    return bench_now_ns() - start_ns;
}

static void thread_churn(const char *name)
{
    life(&samples);
    for (int i = 0; i < THREADS; i++) {
        double with_ns = thread_ns(&samples);
        double without_ns = thread_ns(NULL);

        if (i >= WARM) {
            bench_add(&samples, with_ns);
            bench_add(&floors, without_ns);
        }
    }
    bench_print(name, bench_median(&samples), "ns", bench_median(&floors));
}

/* From fork to the end of the child, which leaves as programs do: wick ends its log there. */
static double child_ns(void *records)
{
    double start_ns = bench_now_ns();
    pid_t pid = fork();

    if (pid == 0) {
        life(records);
        exit(0);
    }
    if (pid > 0) {
        waitpid(pid, NULL, 0);
    }
    return bench_now_ns() - start_ns;
}

/* A process that never records: for each byte it reads it tells how long a child took. */
static void serve_floors(int in, int out)
{
    char byte;

    while (read(in, &byte, 1) == 1) {
        double ns = child_ns(NULL);

        if (write(out, &ns, sizeof ns) != (ssize_t)sizeof ns) {
            break;
        }
    }
    _exit(0);
}

static void fork_follow(const char *name)
{
    int ask[2];
    int answer[2];
    double without_ns = 0;

    if (pipe(ask) != 0 || pipe(answer) != 0) {
        return;
    }
    if (fork() == 0) {
        close(ask[1]);
        serve_floors(ask[0], answer[1]);
    }
    life(&samples);
    for (int i = 0; i < CHILDREN; i++) {
        double with_ns = child_ns(&samples);

        if (write(ask[1], "", 1) != 1 || read(answer[0], &without_ns, sizeof without_ns) != (ssize_t)sizeof without_ns) {
            break;
        }
        if (i >= WARM) {
            bench_add(&samples, with_ns);
            bench_add(&floors, without_ns);
        }
    }
    close(ask[1]);
    bench_print(name, bench_median(&samples), "ns", bench_median(&floors));
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "thread_churn") == 0) {
        thread_churn(argv[1]);
    } else if (argc > 1 && strcmp(argv[1], "fork_follow") == 0) {
        fork_follow(argv[argc - 1]);
    } else {
        return 2;
    }
    return 0;
}
