/*
 * SPDX-License-Identifier: MIT
 * The recorder around fork: its locks are free in the child, and the child has no thread of the parent's.
 */
#ifndef WICK_LIB_RECORD_FORK_STATE_H
#define WICK_LIB_RECORD_FORK_STATE_H

void wk_fork_prepare(void);
void wk_fork_parent(void);
/* The calling thread is unattached afterwards: ends of inherited scopes are stale and ignored. */
void wk_fork_child(void);

#endif
