/*
 * SPDX-License-Identifier: MIT
 * wick doctor --cost: records in processes of its own and measures what that costs on this machine.
 * Must not record in the tool's own process. Invariant: settings of the environment do not change what is measured.
 */
#include "cmd/doctor_cost.h"

#include <dirent.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/messages.h"
#include "base/words.h"
#include "wick/wick.h"

enum { BATCHES = 41, BATCH = 5000, SCOPES = BATCHES * BATCH, THREADS = 32, SHUTDOWN_MS = 60000 };

/* What a form of output costs. */
struct cost {
    double scope_ns, cpu_ns, bytes;      /* of a scope: of its thread; of all threads of the process; in the file */
    double text_scope_ns, text_bytes;    /* of one with a text */
    double thread_bytes;                 /* of memory, for a thread that records */
    uint32_t threads;                    /* that were started */
};

static int64_t now_ns(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int by_number(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

/* The median of batches: the first one warms up. */
static double time_scopes(bool texts)
{
    double batches[BATCHES];
    for (int batch = 0; batch < BATCHES; batch++) {
        int64_t start_ns = now_ns(CLOCK_MONOTONIC);
        for (int i = 0; i < BATCH && !texts; i++) {
            WICK_SCOPE("scope");
        }
        for (int i = 0; i < BATCH && texts; i++) {
            WICK_SCOPEF("scope %d of %s", i, "many");
        }
        batches[batch] = (double)(now_ns(CLOCK_MONOTONIC) - start_ns) / BATCH;
        (void)!wick_flush(SHUTDOWN_MS); /* how fast the file is written is another question */
    }
    qsort(batches, BATCHES, sizeof *batches, by_number);
    return batches[BATCHES / 2];
}

static uint32_t count_threads(void)
{
    uint32_t count = 0;
    DIR *tasks = opendir("/proc/self/task");
    for (const struct dirent *entry; tasks && (entry = readdir(tasks));) {
        count += entry->d_name[0] != '.';
    }
    if (tasks) {
        closedir(tasks);
    }
    return count;
}

static double resident_bytes(void)
{
    long all = 0, resident = 0;
    FILE *from = fopen("/proc/self/statm", "r");
    if (!from || fscanf(from, "%ld %ld", &all, &resident) != 2) {
        resident = 0;
    }
    if (from) {
        fclose(from);
    }
    return (double)resident * (double)sysconf(_SC_PAGESIZE);
}

static pthread_barrier_t barrier;

static void *records_once(void *argument)
{
    pthread_barrier_wait(&barrier); /* it is there */
    pthread_barrier_wait(&barrier); /* the memory was looked at */
    {
        WICK_SCOPE("thread");
    }
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    return argument;
}

/* What the first scope of a thread adds to the process. */
static double memory_of_thread(void)
{
    pthread_t threads[THREADS];
    int count = 0;
    pthread_barrier_init(&barrier, NULL, THREADS + 1);
    while (count < THREADS && pthread_create(&threads[count], NULL, records_once, NULL) == 0) {
        count++;
    }
    if (count < THREADS) {
        _exit(EXIT_USAGE); /* those that wait would never end */
    }
    pthread_barrier_wait(&barrier);
    double before = resident_bytes();
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    double after = resident_bytes();
    pthread_barrier_wait(&barrier);
    for (int i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
    }
    return (after - before) / THREADS;
}

static double file_bytes(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? (double)status.st_size : 0;
}

static void forget_settings(void)
{
    for (char **entry = environ; *entry;) {
        char name[64];
        snprintf(name, sizeof name, "%.*s", (int)strcspn(*entry, "="), *entry);
        if (strncmp(name, "WICK_", 5) == 0 && strcmp(name, "WICK_MODULE_DIR") != 0) {
            unsetenv(name);
        } else {
            entry++;
        }
    }
}

/* In a child. False: recording is off, or could not begin. */
static bool begin(const char *path, bool tree)
{
    struct wick_config config;
    wick_config_init(&config);
    config.log_path = tree ? NULL : path;
    config.tree_path = tree ? path : NULL;
    config.full = WICK_FULL_WAIT;
    config.shutdown_ms = SHUTDOWN_MS;
    forget_settings();
    return wick_init(&config) == 0 && wick_i_is_on();
}

/* One run: of plain scopes, or of scopes with texts. */
static bool measure(const char *path, bool tree, bool texts, struct cost *cost)
{
    if (!begin(path, tree)) {
        return false;
    }
    int64_t cpu_ns = now_ns(CLOCK_PROCESS_CPUTIME_ID);
    double scope_ns = time_scopes(texts);
    cpu_ns = now_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu_ns;
    uint32_t threads = count_threads() - 1;
    double thread_bytes = texts ? 0 : memory_of_thread();
    if (wick_shutdown() != 0) {
        return false;
    }
    double bytes = file_bytes(path) / SCOPES;
    *cost = texts ? (struct cost){.text_scope_ns = scope_ns, .text_bytes = bytes}
                  : (struct cost){.scope_ns = scope_ns, .cpu_ns = (double)cpu_ns / SCOPES, .bytes = bytes, .thread_bytes = thread_bytes,
                                  .threads = threads};
    return true;
}

static bool measure_apart(const char *path, bool tree, bool texts, struct cost *cost)
{
    int ends[2], status = 0;
    if (pipe(ends) != 0) {
        return false;
    }
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        struct cost found;
        bool good = measure(path, tree, texts, &found) && write(ends[1], &found, sizeof found) == (ssize_t)sizeof found;
        _exit(good ? EXIT_FINE : EXIT_USAGE);
    }
    close(ends[1]);
    bool good = pid > 0 && read(ends[0], cost, sizeof *cost) == (ssize_t)sizeof *cost;
    close(ends[0]);
    while (pid > 0 && waitpid(pid, &status, 0) < 0) {
    }
    unlink(path);
    return good;
}

static bool print_form(const char *directory, const char *suffix, bool tree, struct cost *cost)
{
    char path[PATH_MAX];
    struct cost texts;
    snprintf(path, sizeof path, "%s/cost%s", directory, suffix);
    if (!measure_apart(path, tree, false, cost) || !measure_apart(path, tree, true, &texts)) {
        printf("cost        %-10s cannot be measured: recording did not work here, or WICK=off is set\n", suffix);
        return false;
    }
    printf("cost        %-10s a scope %.1f ns, of all threads %.0f ns of CPU time; with a text %.0f ns", suffix, cost->scope_ns, cost->cpu_ns,
           texts.text_scope_ns);
    if (!tree) {
        printf("; %.1f and %.1f bytes", cost->bytes, texts.text_bytes);
    }
    putchar('\n');
    return true;
}

bool doctor_cost(void)
{
    static const char *const suffixes[] = {".ctxt", ".wick", ".ctxt.zst", ".wick.zst"};
    const char *root = getenv("TMPDIR");
    char directory[PATH_MAX];
    struct cost cost = {0};
    snprintf(directory, sizeof directory, "%s/wick-cost.XXXXXX", root && root[0] ? root : "/tmp");
    if (!mkdtemp(directory)) {
        printf("problem     nothing can be written in %s: set TMPDIR\n", root && root[0] ? root : "/tmp");
        return false;
    }
    bool good = print_form(directory, suffixes[0], false, &cost);
    if (good) {
        printf("cost        memory     %.0f bytes for a thread that records; %s started\n", cost.thread_bytes, tool_count(cost.threads, "thread|threads"));
    }
    for (size_t i = 1; good && i < sizeof suffixes / sizeof suffixes[0]; i++) { /* packed ones need a module, which says so */
        (void)print_form(directory, suffixes[i], false, &cost);
    }
    good = good && print_form(directory, ".tree", true, &cost);
    rmdir(directory);
    return good;
}
