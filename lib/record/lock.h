/*
 * SPDX-License-Identifier: MIT
 * The table of known locks, around fork.
 */
#ifndef WICK_LIB_RECORD_LOCK_H
#define WICK_LIB_RECORD_LOCK_H

void wk_locks_lock(void);
void wk_locks_unlock(void);

#endif
