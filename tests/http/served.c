/*
 * SPDX-License-Identifier: MIT
 * A program that is served: it does what standard input says, one command in a line, and answers `ok`.
 * Must not know that it is served. Invariant: what it prints depends on the commands alone.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <wick/wick.h>

static void scopes(long count)
{
    for (long i = 0; i < count; i++) {
        WICK_SCOPE("work");
        WICK_SCOPEF("item %ld", i);
    }
}

static void *worker(void *argument)
{
    WICK_SCOPE("worker");
    scopes((long)(size_t)argument);
    return NULL;
}

static void threads(long count)
{
    pthread_t all[64];

    for (long i = 0; i < count && i < 64; i++) {
        pthread_create(&all[i], NULL, worker, (void *)1000);
    }
    for (long i = 0; i < count && i < 64; i++) {
        pthread_join(all[i], NULL);
    }
}

/* Scopes without an end of their own, nested. */
static void open_scopes(long depth)
{
    static struct wick_scope outer, middle, inner;

    if (depth > 0) {
        WICK_BEGIN(&outer, "outer");
    }
    if (depth > 1) {
        WICK_BEGIN(&middle, "middle");
    }
    if (depth > 2) {
        WICK_BEGIN(&inner, "inner");
    }
}

static void close_descriptors(void)
{
    /* Sanitizers see close() and open(), and call this a race, which it is. */
    (void)syscall(SYS_close_range, 3, ~0u, 0);
    /* What a daemon opens next gets the numbers that were the server's. */
    for (int i = 0; i < 300; i++) {
        if (syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC) < 0) {
            break;
        }
    }
}

static void fork_child(unsigned seconds)
{
    pid_t pid = fork();

    if (pid == 0) {
        scopes(10);
        sleep(seconds);
        _exit(0);
    }
    printf("child %d\n", (int)pid);
}

static void print_state(void)
{
    sigset_t mask;
    struct sigaction action;
    int blocked = 0, handled = 0;

    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    for (int number = 1; number < 32; number++) {
        blocked += sigismember(&mask, number) == 1;
        handled += sigaction(number, NULL, &action) == 0 && action.sa_handler != SIG_DFL;
    }
    printf("state blocked=%d handled=%d errno=%d\n", blocked, handled, errno);
}

static void flood(long ms)
{
    struct timespec start, now;

    clock_gettime(CLOCK_MONOTONIC, &start);
    do {
        scopes(200);
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while ((now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000 < ms);
}

/* KEY VALUE: a tracker that runs. */
static void progress(const char *text)
{
    char key[1024] = "";
    double value = 0;

    if (sscanf(text, "%1023s %lf", key, &value) == 2) {
        (void)wick_progress(key, value, 1, NULL, "running");
    }
}

/* Many trackers below one. */
static void children(long count)
{
    for (long i = 0; i < count; i++) {
        char key[40];

        snprintf(key, sizeof key, "many.child%ld", i);
        (void)wick_progress(key, 0.5, 1, NULL, "running");
    }
}

/* Many paths, each of one scope. */
static void paths(long count)
{
    for (long i = 0; i < count; i++) {
        char name[40];

        snprintf(name, sizeof name, "path %ld", i);
        WICK_SCOPE_DYN(name);
    }
}

static void deep(long levels)
{
    WICK_SCOPE("deep");
    if (levels > 1) {
        deep(levels - 1);
    }
}

static void run(const char *word, const char *text)
{
    long number = strtol(text, NULL, 10);

    if (strcmp(word, "scopes") == 0) {
        scopes(number);
    } else if (strcmp(word, "threads") == 0) {
        threads(number);
    } else if (strcmp(word, "open") == 0) {
        open_scopes(number);
    } else if (strcmp(word, "mark") == 0) {
        WICK_MARKF("%s", text);
    } else if (strcmp(word, "name") == 0) {
        WICK_SCOPE_DYN(text);
    } else if (strcmp(word, "fail") == 0) {
        WICK_SCOPE("failing");
        WICK_FAILF("%s", text);
    } else if (strcmp(word, "progress") == 0) {
        progress(text);
    } else if (strcmp(word, "children") == 0) {
        children(number);
    } else if (strcmp(word, "paths") == 0) {
        paths(number);
    } else if (strcmp(word, "deep") == 0) {
        deep(number);
    } else if (strcmp(word, "flood") == 0) {
        flood(number);
    } else if (strcmp(word, "closefrom") == 0) {
        close_descriptors();
    } else if (strcmp(word, "fork") == 0) {
        fork_child((unsigned)number);
    } else if (strcmp(word, "state") == 0) {
        print_state();
    } else if (strcmp(word, "stop") == 0) {
        printf("shutdown %d\n", wick_shutdown());
    } else if (strcmp(word, "abort") == 0) {
        abort();
    } else if (strcmp(word, "exit") == 0) {
        exit((int)number);
    }
}

int main(void)
{
    char line[65536];

    WICK_MARK("served begins");
    while (fgets(line, sizeof line, stdin)) {
        char *text = strchr(line, ' ');

        line[strcspn(line, "\n")] = 0;
        if (text) {
            *text++ = 0;
        }
        run(line, text ? text : "");
        if (strcmp(line, "stop") != 0 && wick_flush(5000) < 0) {
            printf("not flushed\n");
        }
        printf("ok\n");
        fflush(stdout);
    }
    return 0;
}
