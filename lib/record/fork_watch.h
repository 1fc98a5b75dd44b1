/*
 * SPDX-License-Identifier: MIT
 * Children that were made without fork's handlers (_Fork, clone): they are noticed, and record nothing.
 */
#ifndef WICK_LIB_RECORD_FORK_WATCH_H
#define WICK_LIB_RECORD_FORK_WATCH_H

#include <stdbool.h>

/* From now on such children are noticed. */
void wk_fork_watch(void);
/* Is this such a child? Its locks may be held for ever by threads that it does not have: then recording is off, and
 * nobody may take one. vfork's child is none: it has its parent's memory. */
bool wk_fork_unseen(void);
/* The handlers have run in this child: it is none of them. */
void wk_fork_seen(void);

#endif
