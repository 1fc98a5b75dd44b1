/*
 * SPDX-License-Identifier: MIT
 * e2e: where wick's threads may run, and how large their stacks are. The thread of the first event is pinned to one processor, another
 * one to a second. Arguments: the processors and the size of stack that are expected.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wick/wick.h>

static size_t stack_bytes; /* of the last thread that wick made */

/* Ours comes before libc's. */
int pthread_attr_setstacksize(pthread_attr_t *attributes, size_t bytes)
{
    int (*next)(pthread_attr_t *, size_t);

    *(void **)&next = dlsym(RTLD_NEXT, "pthread_attr_setstacksize");
    stack_bytes = bytes;
    return next(attributes, bytes);
}

static void pin(pthread_t thread, int cpu)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    pthread_setaffinity_np(thread, sizeof set, &set);
}

/* The processors of the thread as a number: bit 0 is processor 0. -1: it is none of wick's. */
static long processors(const char *tid)
{
    char path[300], name[32] = "";
    cpu_set_t set;
    long bits = 0;

    snprintf(path, sizeof path, "/proc/self/task/%s/comm", tid);
    FILE *file = fopen(path, "r");
    if (!file || !fgets(name, sizeof name, file) || strncmp(name, "wick-", 5) != 0 || sched_getaffinity(atoi(tid), sizeof set, &set)) {
        bits = -1;
    }
    for (int i = 0; bits >= 0 && i < 16; i++) {
        bits |= CPU_ISSET(i, &set) ? 1l << i : 0;
    }
    if (file) {
        fclose(file);
    }
    return bits;
}

static void look(long expected)
{
    DIR *tasks = opendir("/proc/self/task");

    for (const struct dirent *entry; (entry = readdir(tasks));) {
        long bits = processors(entry->d_name);

        if (bits > 0 && bits != expected) {
            printf("a thread may run on %lx, expected %lx\n", (unsigned long)bits, (unsigned long)expected);
        }
    }
    closedir(tasks);
}

static pthread_barrier_t barrier;

static void *stays(void *argument)
{
    pin(pthread_self(), 1);
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    return argument;
}

int main(int count, char **arguments)
{
    size_t expected_bytes = count > 2 ? strtoul(arguments[2], NULL, 10) : 0;
    pthread_t thread;

    pthread_barrier_init(&barrier, NULL, 2);
    if (pthread_create(&thread, NULL, stays, NULL) != 0) {
        return 1;
    }
    pthread_barrier_wait(&barrier);
    pin(pthread_self(), 0);
    {
        WICK_SCOPE("first");
    }
    (void)!wick_flush(5000); /* all threads are there */
    look(count > 1 ? strtol(arguments[1], NULL, 10) : 0);
    if (stack_bytes && stack_bytes != expected_bytes) {
        printf("a stack of %zu bytes, expected %zu\n", stack_bytes, expected_bytes);
    }
    pthread_barrier_wait(&barrier);
    pthread_join(thread, NULL);
    puts("done");
    return 0;
}
