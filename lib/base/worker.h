/*
 * SPDX-License-Identifier: MIT
 * Threads of our own: each says so when it begins. What the host's code records while it runs on one (its malloc,
 * called by us) is nobody's event: without this the drain would feed, or wait for, itself.
 */
#ifndef WICK_LIB_BASE_WORKER_H
#define WICK_LIB_BASE_WORKER_H

#include <stdbool.h>

/* The first call of a thread of ours; `name` is for debuggers. */
void wk_worker_begin(const char *name);

/* The first call of a thread of ours that records, as the page's marks do: all signals are blocked there, so that no
 * handler runs on it, and none is looked for. */
void wk_worker_record(void);
bool wk_worker_records(void);

/* Is the calling thread one of ours? */
bool wk_worker_here(void);

#endif
