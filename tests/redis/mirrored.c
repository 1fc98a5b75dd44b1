/*
 * SPDX-License-Identifier: MIT
 * A program that is mirrored: it does what standard input says, one command in a line, and answers each with one line.
 * Must not know that it is mirrored. Invariant: what it prints depends on the commands alone, but for latencies.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <wick/model.h>
#include <wick/wick.h>

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void scopes(long count)
{
    for (long i = 0; i < count; i++) {
        WICK_SCOPE("work");
        WICK_SCOPE("in/side");
    }
}

/* COUNT children of a key, and the time that its slowest call took. */
static void many(const char *key, long count)
{
    int64_t worst_ns = 0;

    for (long i = 0; i < count; i++) {
        char child[256];

        snprintf(child, sizeof child, "%s.n%ld", key, i);
        int64_t before_ns = now_ns();
        (void)!wick_progress(child, 0.5, 1, NULL, "running");
        int64_t took_ns = now_ns() - before_ns;
        worst_ns = took_ns > worst_ns ? took_ns : worst_ns;
    }
    printf("%lld\n", (long long)worst_ns);
}

/* Calls for MS milliseconds, one in 50 us: the latency of each tenth, in ns, sorted by the caller. */
static void pace(long ms)
{
    int64_t end_ns = now_ns() + ms * 1000000, sum_ns = 0, count = 0, worst_ns = 0;

    while (now_ns() < end_ns) {
        char key[32];
        int64_t before_ns = now_ns();

        snprintf(key, sizeof key, "pace.n%lld", (long long)(count % 100));
        (void)!wick_progress(key, (double)(count % 1000) / 1000, 1, NULL, NULL);
        scopes(10);
        int64_t took_ns = now_ns() - before_ns;
        sum_ns += took_ns;
        count++;
        worst_ns = took_ns > worst_ns ? took_ns : worst_ns;
        while (now_ns() < before_ns + 50000) {
            /* a steady load, as of a program at work */
        }
    }
    printf("%lld %lld %lld\n", (long long)(sum_ns / (count ? count : 1)), (long long)worst_ns, (long long)count);
}

static void stats(void)
{
    struct wick_stats s = {.size = sizeof s};
    int rc = wick_stats_read(&s);

    printf("%d %llu %llu %llu\n", rc, (unsigned long long)s.mirror_lost, (unsigned long long)s.attempted, (unsigned long long)s.recorded);
}

static void fork_child(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        (void)!wick_progress("job.child", 0.5, 1, NULL, "running");
        (void)!wick_shutdown(); /* it matters to a child that follows */
        _exit(0);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    printf("%d\n", status);
}

static void create(char *words)
{
    const char *key = strsep(&words, " "), *friendly = strsep(&words, " "), *name = words;
    const struct wick_tracker_options options = {.size = sizeof options, .key = key, .friendly = friendly && *friendly != '-' ? friendly : NULL};

    puts(wick_tracker_create(NULL, name, &options) ? "ok" : wick_error_detail());
}

static void post(char *words)
{
    const char *key = strsep(&words, " "), *value = strsep(&words, " "), *status = strsep(&words, " "), *message = words;

    printf("%d\n", wick_progress(key, value && *value != '-' ? strtod(value, NULL) : __builtin_nan(""), __builtin_nan(""), message,
                                 status && *status != '-' ? status : NULL));
}

static void set(char *words)
{
    const char *key = strsep(&words, " "), *field = strsep(&words, " "), *json = words;

    printf("%d\n", wick_tracker_set(wick_tracker_find(NULL, key), field, json));
}

static void load(char *words)
{
    const char *url = strsep(&words, " "), *id = words;
    struct wick_loaded loaded = {.size = sizeof loaded};
    struct wick_tracker_info info = {.size = sizeof info};
    int rc = wick_tracker_load(url, id, 5000, &loaded);

    if (rc < 0) {
        printf("%d %s\n", rc, wick_error_detail());
        return;
    }
    wick_board_read(loaded.board, loaded.tracker, 0, &info);
    printf("0 %s %.*s %u %u %u %.2f %.2f\n", loaded.run, (int)info.key_bytes, info.key, info.all, info.in_progress, info.done,
           info.done_pct, info.in_progress_pct);
    wick_board_destroy(loaded.board);
}

static void obey(char *line)
{
    char *rest = strchr(line, ' ');

    rest = rest ? (*rest = 0, rest + 1) : line + strlen(line);
    if (strcmp(line, "post") == 0) {
        post(rest);
    } else if (strcmp(line, "create") == 0) {
        create(rest);
    } else if (strcmp(line, "set") == 0) {
        set(rest);
    } else if (strcmp(line, "start") == 0) {
        printf("%d\n", wick_tracker_start(wick_tracker_find(NULL, rest), WICK_TRACKER_PARENTS, NULL));
    } else if (strcmp(line, "succeed") == 0) {
        printf("%d\n", wick_tracker_succeed(wick_tracker_find(NULL, rest), NULL));
    } else if (strcmp(line, "remove") == 0) {
        printf("%d\n", wick_tracker_remove(wick_tracker_find(NULL, rest)));
    } else if (strcmp(line, "scopes") == 0) {
        scopes(atol(rest));
        puts("ok");
    } else if (strcmp(line, "many") == 0) {
        many("job", atol(rest));
    } else if (strcmp(line, "pace") == 0) {
        pace(atol(rest));
    } else if (strcmp(line, "flush") == 0) {
        int64_t before_ns = now_ns();
        int rc = wick_flush(*rest ? (uint32_t)atol(rest) : 20000);

        printf("%d %lld\n", rc, (long long)(now_ns() - before_ns) / 1000000);
    } else if (strcmp(line, "load") == 0) {
        load(rest);
    } else if (strcmp(line, "stats") == 0) {
        stats();
    } else if (strcmp(line, "fork") == 0) {
        fork_child();
    } else if (strcmp(line, "closefrom") == 0) {
        printf("%ld\n", syscall(SYS_close_range, 3, ~0u, 0));
    } else if (strcmp(line, "shutdown") == 0) {
        int64_t before_ns = now_ns();
        int rc = wick_shutdown();

        printf("%d %lld\n", rc, (long long)(now_ns() - before_ns) / 1000000);
    } else {
        puts("unknown");
    }
}

int main(void)
{
    char line[65536];

    setvbuf(stdout, NULL, _IOLBF, 0);
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        obey(line);
    }
    return 0;
}
