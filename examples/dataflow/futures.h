/*
 * SPDX-License-Identifier: MIT
 * Futures: values that a pool of threads computes. Each is a task of wick's: a tracker from when it is scheduled until it has ended.
 * Must not know what is computed. Invariant: a future ends once, whatever happens after its time is up.
 */
#ifndef FUTURES_H
#define FUTURES_H

#include <stdbool.h>

#include <wick/wick.h>

struct pool;
struct future;

/* What is computed from the value of the future before it (of none: the argument); false: it has failed, `*why` says how (a literal). */
typedef bool compute_function(int argument, unsigned attempt, int *value, const char **why);

struct future_options {
    const char *name;
    compute_function *compute;
    int argument;         /* where there is no `after` */
    struct future *after; /* begins when this one has ended, with its value; NULL: at once */
    unsigned retries;     /* how often it is tried again */
    double timeout_s;     /* from its start on; 0: it may take for ever */
};

/* Threads that run what is scheduled below `group`. NULL: there are none. */
struct pool *pool_create(unsigned threads, struct wick_tracker *group);
struct future *pool_schedule(struct pool *pool, const struct future_options *options);
/* Wait until a future has ended. false: it has no value, because it or one before it has failed or was too late. */
bool future_get(struct future *future, int *value);
/* Wait for all of them, and free them and the pool. */
void pool_destroy(struct pool *pool);

#endif
