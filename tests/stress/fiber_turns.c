/*
 * SPDX-License-Identifier: MIT
 * Stress: fibers that threads hand to each other in the middle of their scopes, while the drain reads and others flush.
 * What orders two turns of a fiber is the program's own lock, as with any coroutine.
 */
#include <pthread.h>
#include <stdio.h>

#include <wick/wick.h>

enum { THREADS = 3, FIBERS = 8, TURNS = 400, LEVELS = 4 };

struct job {
    struct wick_fiber fiber;
    struct wick_scope open[LEVELS];
    int turns;
};

static struct job jobs[FIBERS];
static int waiting[FIBERS];
static int waiting_count;
static int left = FIBERS;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct job *take(void)
{
    struct job *job = NULL;

    pthread_mutex_lock(&lock);
    if (waiting_count > 0) {
        job = &jobs[waiting[--waiting_count]];
    }
    pthread_mutex_unlock(&lock);
    return job;
}

static void put_back(struct job *job)
{
    pthread_mutex_lock(&lock);
    if (job->turns == TURNS) {
        left--;
    } else { /* the oldest last: all take turns */
        for (int i = waiting_count++; i > 0; i--) {
            waiting[i] = waiting[i - 1];
        }
        waiting[0] = (int)(job - jobs);
    }
    pthread_mutex_unlock(&lock);
}

/* Begins a level on the way down, ends one on the way up. */
static int turn(struct job *job)
{
    int step = job->turns % (2 * LEVELS);
    int rc = wick_fiber_enter(&job->fiber);

    if (step < LEVELS) {
        WICK_BEGIN(&job->open[step], "level");
    } else {
        wick_end(&job->open[2 * LEVELS - 1 - step]);
    }
    WICK_MARKF("turn %d", job->turns);
    job->turns++;
    if (job->turns == TURNS) {
        rc += wick_fiber_fini(&job->fiber);
    } else {
        wick_fiber_leave();
    }
    return rc;
}

static void *runs(void *argument)
{
    int *bad = argument;

    for (;;) {
        struct job *job = take();
        int count;
        WICK_SCOPE("own");

        if (job) {
            *bad += turn(job) != 0;
            put_back(job);
        }
        pthread_mutex_lock(&lock);
        count = left;
        pthread_mutex_unlock(&lock);
        if (!count) {
            return NULL;
        }
        if (!job) {
            (void)!wick_flush(100);
        }
    }
}

int main(void)
{
    pthread_t threads[THREADS];
    int bad[THREADS] = {0};
    char name[16];

    for (int i = 0; i < FIBERS; i++) {
        snprintf(name, sizeof name, "fiber %d", i / 2); /* two of each name */
        wick_fiber_init(&jobs[i].fiber, name);
        waiting[waiting_count++] = i;
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, runs, &bad[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        bad[0] += i ? bad[i] : 0;
    }
    puts("done");
    return bad[0];
}
