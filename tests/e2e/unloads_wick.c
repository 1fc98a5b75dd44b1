/*
 * SPDX-License-Identifier: MIT
 * e2e: a host that knows nothing of wick loads and unloads instrumented code, which brings wick along, and wick itself.
 * Threads that have recorded go on living, and end, after that. arguments: plugin, libwick.so
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>

static int (*work)(void);
static int (*flush)(uint32_t deadline_ms);
static pthread_barrier_t barrier;

static void *records(void *argument)
{
    int *sum = argument;

    *sum = work();
    pthread_barrier_wait(&barrier); /* has recorded */
    pthread_barrier_wait(&barrier); /* is unloaded */
    return argument;
}

static int use(const char *path)
{
    void *plugin = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    pthread_t thread;
    int sum = 0;

    if (!plugin) {
        puts(dlerror());
        return -1;
    }
    *(void **)&work = dlsym(plugin, "plugin_work");
    pthread_create(&thread, NULL, records, &sum);
    pthread_barrier_wait(&barrier);
    dlclose(plugin);
    pthread_barrier_wait(&barrier);
    pthread_join(thread, NULL);
    return sum;
}

int main(int count, char **arguments)
{
    int sum = 0;
    void *wick = NULL;

    if (count != 3) {
        return 1;
    }
    pthread_barrier_init(&barrier, NULL, 2);
    for (int i = 0; i < 20; i++) {
        sum += use(arguments[1]);
        wick = dlopen(arguments[2], RTLD_NOW | RTLD_LOCAL);
        if (!wick) {
            return 2;
        }
        *(void **)&flush = dlsym(wick, "wick_flush");
        if (dlclose(wick) != 0) {
            return 2;
        }
    }
    (void)flush(5000); /* wick stays in memory; by now its log is open */
    printf("%d\n", sum);
    return 3;
}
