/*
 * SPDX-License-Identifier: MIT
 * The recorder around fork: its locks are free in the child, and the child has no thread of the parent's.
 */
#ifndef WICK_LIB_RECORD_FORK_STATE_H
#define WICK_LIB_RECORD_FORK_STATE_H

#include <stdbool.h>

void wk_fork_prepare(void);
void wk_fork_parent(void);
/* The calling thread is unattached afterwards: ends of inherited scopes are stale and ignored. */
void wk_fork_child(void);

/* From now on children are noticed that are made without fork's handlers (_Fork, clone). */
void wk_fork_watch(void);
/* Is this such a child? Its locks may be held for ever by threads that it does not have: then recording is off, and
 * nobody may take one. vfork's child is none: it has its parent's memory. */
bool wk_fork_unseen(void);

#endif
