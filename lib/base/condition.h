/*
 * SPDX-License-Identifier: MIT
 * Waiting for a change under a mutex, up to a deadline of CLOCK_MONOTONIC. On a futex of our own: a library that replaces the
 * clock replaces libc's condition variables, too, and may be gone while exit runs.
 */
#ifndef WICK_LIB_BASE_CONDITION_H
#define WICK_LIB_BASE_CONDITION_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* All zero is right; nothing is left behind by a fork, or has to be given back. */
struct wk_condition {
    uint32_t changes;
};

/* What is waited for has changed; the caller holds the mutex. */
void wk_condition_announce(struct wk_condition *condition);
/* Release the mutex, wait for the next change, take it again. False: the deadline (INT64_MAX: none) has passed. */
bool wk_condition_wait(struct wk_condition *condition, pthread_mutex_t *mutex, int64_t deadline_ns);

#endif
