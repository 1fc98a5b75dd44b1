/*
 * SPDX-License-Identifier: MIT
 * A recorded program for the sweeps: threads, texts of all lengths, larger rings, locks, counters, flush, a child,
 * an end. Its output and exit code are the same whatever becomes of recording.
 * usage: whole_life     SWEEP_STATS: where the counters go, one `name value` per line
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <wick/wick.h>

enum { THREADS = 3, TURNS = 40, DEPTH = 300, LONG_BYTES = 100000, EXIT_CODE = 5 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char long_text[LONG_BYTES];
static unsigned refused; /* calls about trackers, which said so */

static void *works(void *argument)
{
    char name[32];

    snprintf(name, sizeof name, "worker %d", *(int *)argument);
    wick_thread_name(name);
    for (int i = 0; i < TURNS; i++) {
        WICK_SCOPEF("turn %d of %s", i, name);
        WICK_SCOPE_DYN(i % 2 ? "odd" : "even");
        wick_mutex_lock(&mutex);
        WICK_COUNTER_ADD("turns", 1);
        wick_mutex_unlock(&mutex);
        if (i % 10 == 9) {
            WICK_FAILF("turn %d failed", i);
        }
    }
    return NULL;
}

static void nest(int depth)
{
    WICK_SCOPE("nested");
    if (depth > 1) {
        nest(depth - 1);
    }
}

/* Where they are mirrored: in other sweeps nothing but scopes is recorded. */
static void tell_trackers(void)
{
    for (int i = 0; getenv("WICK_REDIS") && i < TURNS; i++) {
        char key[32];

        snprintf(key, sizeof key, "life.group%d.n%d", i % 4, i);
        refused += wick_progress(key, i % 2 ? 1 : 0.5, 1, "as it is", i % 2 ? "finished" : "running") < 0;
    }
}

static int child(void)
{
    pid_t pid = fork();
    int status = 0;

    if (pid == 0) {
        {
            WICK_SCOPE("in the child");
            WICK_MARK("of the child");
        }
        exit(3);
    }
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void print_stats(void)
{
    struct wick_stats stats = {.size = sizeof stats};
    const char *path = getenv("SWEEP_STATS");
    FILE *file = path ? fopen(path, "w") : NULL;

    if (!file) {
        return;
    }
    if (wick_stats_read(&stats) == 0) {
        fprintf(file, "attempted %llu\nrecorded %llu\n", (unsigned long long)stats.attempted,
                (unsigned long long)stats.recorded);
        fprintf(file, "dropped %llu\n", (unsigned long long)(stats.dropped_full + stats.dropped_signal +
                                                              stats.dropped_dead + stats.dropped_attach));
        fprintf(file, "log_lost %llu\nleft_out %llu\nmirror_lost %llu\nrefused %u\n", (unsigned long long)stats.log_lost,
                (unsigned long long)stats.left_out, (unsigned long long)stats.mirror_lost, refused);
    }
    fclose(file);
}

int main(void)
{
    pthread_t threads[THREADS];
    int numbers[THREADS];
    int from_child;

    {
        WICK_SCOPE("main");
        nest(DEPTH);
        memset(long_text, 'x', sizeof long_text - 1);
        WICK_MARKF("%s", long_text);
        for (int i = 0; i < THREADS; i++) {
            numbers[i] = i;
            pthread_create(&threads[i], NULL, works, &numbers[i]);
        }
        for (int i = 0; i < THREADS; i++) {
            pthread_join(threads[i], NULL);
        }
        tell_trackers();
        (void)!wick_flush(2000);
        from_child = child();
        WICK_MARK("almost done");
    }
    (void)!wick_shutdown();
    print_stats();
    printf("done, the child ended with %d\n", from_child);
    return EXIT_CODE;
}
