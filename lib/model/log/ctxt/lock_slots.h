/*
 * SPDX-License-Identifier: MIT
 * Locks as lines: Context has one lock slot per thread, and what does not fit it is said in other words.
 * Must not write anything: it gives the records of the lines. Invariant: for Context, LOCKW, LOCKA and LOCKR
 * of a thread are about one lock at a time; a lock is never a scope.
 */
#ifndef WICK_LIB_MODEL_LOG_CTXT_LOCK_SLOTS_H
#define WICK_LIB_MODEL_LOG_CTXT_LOCK_SLOTS_H

#include <stdbool.h>

#include "model/log/tables/kinds.h"

/* Of a track: the lock whose LOCKW or LOCKA Context's one slot holds. */
struct wk_lock_slots {
    uint32_t slot; /* lock in the slot; 0: none */
    bool held;     /* it is held; false: it is waited for */
};

enum { WK_LOCK_LINES = 2 };

/* Must this record go through wk_lock_slots_lines? Others are their own line. */
static inline bool wk_lock_slots_concern(uint8_t kind)
{
    return kind >= WICK_RECORD_LOCKW && kind <= WICK_RECORD_LOCKR;
}

/* The lines of a record, in order: kinds of records and WK_KIND_LOCKW2 .. WK_KIND_LOCKR2. Gives how many. */
uint32_t wk_lock_slots_lines(struct wk_lock_slots *slots, const struct wick_record *record,
                             struct wick_record lines[WK_LOCK_LINES]);

#endif
