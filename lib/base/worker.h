/*
 * SPDX-License-Identifier: MIT
 * Marks wick's own threads. Host code that wick calls on such a thread (an instrumented malloc) records nothing:
 * otherwise the drain would fill its own ring, or wait for itself.
 */
#ifndef WICK_LIB_BASE_WORKER_H
#define WICK_LIB_BASE_WORKER_H

#include <stdbool.h>

/* The first call of each thread that wick starts; `name` is for debuggers. */
void wk_worker_begin(const char *name);

/* The first call of a thread that wick starts to record (the page's marks). All signals are blocked on it, so that the
 * recorder need not check for signal handlers there. */
void wk_worker_record(void);
bool wk_worker_records(void);

/* Is the calling thread one that wk_worker_begin marked? */
bool wk_worker_here(void);

#endif
