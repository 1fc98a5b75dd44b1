/*
 * SPDX-License-Identifier: MIT
 * Futures on a pool of threads. See futures.h.
 */
#include "futures.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum state { WAITS, RUNS, ENDED };

struct future {
    struct pool *pool;
    struct future *next; /* of the pool, in the order in which they were scheduled */
    struct future_options options;
    struct wick_tracker *task;
    enum state state;
    bool good; /* it has a value */
    int value;
    struct timespec deadline;
};

struct pool {
    struct wick_tracker *group;
    pthread_mutex_t mutex;    /* guards everything below, and all states */
    pthread_cond_t changed;
    struct future *futures;
    bool closed;
    unsigned threads;
    pthread_t thread[16];
};

/* ---- one future ------------------------------------------------------------------------------- */

static void end_locked(struct future *f, bool good)
{
    f->state = ENDED;
    f->good = good;
    pthread_cond_broadcast(&f->pool->changed);
}

/* One attempt. The scope is on this thread's timeline, the tracker wherever the task is looked for. */
static bool attempt(struct future *f, unsigned number, int argument, int *value)
{
    const char *why = "failed";
    WICK_SCOPE_TRACKER(f->task, "task");
    bool good = f->options.compute(argument, number, value, &why);
    if (!good) {
        WICK_FAIL(why);
    }
    return good;
}

static bool is_over(struct future *f)
{
    pthread_mutex_lock(&f->pool->mutex);
    bool over = f->state == ENDED;
    pthread_mutex_unlock(&f->pool->mutex);
    return over;
}

static void run(struct future *f, int argument)
{
    bool good = false;
    int value = 0;

    for (unsigned i = 1; !good && i <= f->options.retries + 1 && !is_over(f); i++) {
        good = attempt(f, i, argument, &value);
    }
    pthread_mutex_lock(&f->pool->mutex);
    if (f->state != ENDED) { /* else it was too late */
        f->value = value;
        end_locked(f, good);
    }
    pthread_mutex_unlock(&f->pool->mutex);
}

static bool is_late(const struct future *f)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec > f->deadline.tv_sec || (now.tv_sec == f->deadline.tv_sec && now.tv_nsec >= f->deadline.tv_nsec);
}

bool future_get(struct future *f, int *value)
{
    pthread_mutex_lock(&f->pool->mutex);
    while (f->state != ENDED) {
        if (f->state != RUNS || !f->options.timeout_s) {
            pthread_cond_wait(&f->pool->changed, &f->pool->mutex);
        } else if (pthread_cond_timedwait(&f->pool->changed, &f->pool->mutex, &f->deadline) == ETIMEDOUT && f->state != ENDED && is_late(f)) {
            wick_tracker_end(f->task, WICK_TRACKER_TIMED_OUT, "it took too long");
            end_locked(f, false);
        }
    }
    bool good = f->good;
    *value = f->value;
    pthread_mutex_unlock(&f->pool->mutex);
    return good;
}

/* ---- the pool --------------------------------------------------------------------------------- */

/* The next one that may begin; one whose predecessor has no value ends with it. */
static struct future *next_locked(struct pool *pool)
{
    for (struct future *f = pool->futures; f; f = f->next) {
        struct future *before = f->options.after;
        if (f->state == WAITS && before && before->state == ENDED && !before->good) {
            wick_tracker_cancel(f->task, "what it needs was not computed");
            end_locked(f, false);
        } else if (f->state == WAITS && (!before || before->state == ENDED)) {
            return f;
        }
    }
    return NULL;
}

static bool all_ended_locked(const struct pool *pool)
{
    const struct future *f = pool->futures;
    while (f && f->state == ENDED) {
        f = f->next;
    }
    return !f;
}

static void start_locked(struct future *f)
{
    f->state = RUNS;
    clock_gettime(CLOCK_REALTIME, &f->deadline);
    long ns = f->deadline.tv_nsec + (long)(f->options.timeout_s * 1e9) % 1000000000;
    f->deadline.tv_sec += (time_t)f->options.timeout_s + ns / 1000000000;
    f->deadline.tv_nsec = ns % 1000000000;
    pthread_cond_broadcast(&f->pool->changed); /* who waits for it knows now until when */
}

static void *work(void *argument)
{
    struct pool *pool = argument;
    wick_thread_name("worker");
    pthread_mutex_lock(&pool->mutex);
    while (!pool->closed || !all_ended_locked(pool)) {
        struct future *f = next_locked(pool);
        if (f) {
            int value = f->options.after ? f->options.after->value : f->options.argument;
            start_locked(f);
            pthread_mutex_unlock(&pool->mutex);
            run(f, value);
            pthread_mutex_lock(&pool->mutex);
        } else if (!pool->closed || !all_ended_locked(pool)) {
            pthread_cond_wait(&pool->changed, &pool->mutex);
        }
    }
    pthread_mutex_unlock(&pool->mutex);
    return NULL;
}

struct pool *pool_create(unsigned threads, struct wick_tracker *group)
{
    struct pool *pool = calloc(1, sizeof *pool);
    if (!pool) {
        return NULL;
    }
    pool->group = group;
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->changed, NULL);
    while (pool->threads < threads && pool->threads < sizeof pool->thread / sizeof pool->thread[0] &&
           pthread_create(&pool->thread[pool->threads], NULL, work, pool) == 0) {
        pool->threads++;
    }
    return pool;
}

struct future *pool_schedule(struct pool *pool, const struct future_options *options)
{
    struct future *f = calloc(1, sizeof *f);
    if (!f) {
        return NULL;
    }
    f->pool = pool;
    f->options = *options;
    f->task = wick_tracker_create(pool->group, options->name, NULL);
    if (options->after) {
        struct wick_tracker_info info = {.size = sizeof info};
        if (wick_tracker_read(options->after->task, &info) == 0) {
            char keys[1024 + 8]; /* a key has at most 1,024 bytes */
            snprintf(keys, sizeof keys, "[\"%.*s\"]", (int)info.key_bytes, info.key);
            wick_tracker_set(f->task, "after", keys);
        }
    }
    pthread_mutex_lock(&pool->mutex);
    struct future **end = &pool->futures;
    while (*end) {
        end = &(*end)->next;
    }
    *end = f;
    pthread_cond_broadcast(&pool->changed);
    pthread_mutex_unlock(&pool->mutex);
    return f;
}

void pool_destroy(struct pool *pool)
{
    pthread_mutex_lock(&pool->mutex);
    pool->closed = true;
    pthread_cond_broadcast(&pool->changed);
    pthread_mutex_unlock(&pool->mutex);
    for (unsigned i = 0; i < pool->threads; i++) {
        pthread_join(pool->thread[i], NULL);
    }
    while (pool->futures) {
        struct future *f = pool->futures;
        pool->futures = f->next;
        free(f);
    }
    pthread_cond_destroy(&pool->changed);
    pthread_mutex_destroy(&pool->mutex);
    free(pool);
}
