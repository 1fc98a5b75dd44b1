/*
 * SPDX-License-Identifier: MIT
 * Stress: threads create, change, read and remove trackers of one tree while recording begins and ends, the drain takes what has
 * changed, and the process forks; scopes run a tracker together. Every count is right at the end, and so is the last log.
 */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <wick/wick.h>

enum { THREADS = 4, TURNS = 400, KEPT = TURNS / 2 };

static struct wick_tracker *root;
static int wrong;

static void expect(int good, const char *what)
{
    if (!good) {
        fprintf(stderr, "FAILED: %s: %s\n", what, wick_error_detail());
        __atomic_store_n(&wrong, 1, __ATOMIC_RELAXED); /* a flag */
    }
}

/* A tracker that scopes of all threads run, attempt after attempt. */
static struct wick_tracker *shared;

static void run_it(int turn)
{
    WICK_SCOPE_TRACKER(shared, "shared");
    if (turn % 3 == 0) {
        WICK_FAIL("this turn");
    }
    if (turn % 64 == 0) {
        struct wick_current_scope current = {.size = sizeof current};
        int rc = wick_current(0, &current); /* STATE: nothing is recorded now */
        expect(rc == WICK_E_STATE || rc == WICK_E_TIMEOUT || (rc == 0 && current.depth <= 1), "the innermost scope");
    }
}

static void *works(void *argument)
{
    struct wick_tracker_info info = {.size = sizeof info};
    for (int i = 0; i < TURNS; i++) {
        struct wick_tracker *t = wick_tracker_create(root, "part", NULL);
        expect(t != NULL, "create");
        expect(wick_tracker_start(t, WICK_TRACKER_PARENTS, "turn") >= 0, "start");
        for (int step = 0; step < 4; step++) {
            expect(wick_tracker_add(t, "progress", .25) == 0, "add");
            expect(wick_progress("_shop.job.stage", step / 4.0, NAN, "step", NULL) == 0, "progress");
        }
        expect(wick_tracker_read(root, &info) == 0 && info.done <= info.all, "read");
        expect(i % 2 ? wick_tracker_remove(t) == 0 : wick_tracker_succeed(t, NULL) == 0, "end");
        run_it(i);
        expect(i % 16 || wick_tracker_find(root, "root.part") != NULL, "find");
    }
    return argument;
}

/* In a child: the board is empty, and works. */
static void check_fork(void)
{
    struct wick_tracker_info info = {.size = sizeof info};
    int status = 1;
    pid_t pid = fork();
    if (pid == 0) {
        struct wick_tracker *own = wick_tracker_create(NULL, "root", NULL);
        _exit(wick_tracker_read(root, &info) != WICK_E_STATE || !own || wick_tracker_read(own, &info) != 0 || info.all != 0);
    }
    expect(pid > 0 && waitpid(pid, &status, 0) == pid && status == 0, "the child");
}

int main(void)
{
    pthread_t threads[THREADS];
    struct wick_tracker_info info = {.size = sizeof info};

    root = wick_tracker_create(NULL, "root", NULL);
    shared = wick_tracker_create(NULL, "shared", NULL);
    for (int i = 0; i < THREADS; i++) {
        expect(pthread_create(&threads[i], NULL, works, NULL) == 0, "thread");
    }
    for (int i = 0; i < 20; i++) {
        usleep(5000);
        (void)!wick_shutdown();
        check_fork();
        (void)!wick_init(NULL);
        if (i % 4 == 0) {
            (void)!wick_flush(1000);
        }
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    expect(wick_tracker_read(root, &info) == 0 && info.all == THREADS * KEPT && info.done == info.all && info.progress == 1, "numbers");
    expect(wick_tracker_read(shared, &info) == 0 && info.status >= WICK_TRACKER_FINISHED && info.status <= WICK_TRACKER_CANCELED, "shared");
    expect(wick_tracker_succeed(root, NULL) == 0, "root");
    return wrong;
}
