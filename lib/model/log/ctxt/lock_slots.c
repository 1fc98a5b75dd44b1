/*
 * SPDX-License-Identifier: MIT
 * Lock records to the records of their lines. See lock_slots.h.
 */
#include "lock_slots.h"

uint32_t wk_lock_slots_lines(struct wk_lock_slots *slots, const struct wick_record *record,
                             struct wick_record lines[WK_LOCK_LINES])
{
    uint32_t count = 0;
    bool held = slots->slot == record->site && slots->held;

    /* Taken again without a release between: that event was refused, and counted, by a full ring. */
    if (record->kind != WICK_RECORD_LOCKR && held) {
        lines[count] = *record;
        lines[count++].kind = WICK_RECORD_LOCKR;
        slots->held = false;
    }
    lines[count] = *record;
    /* Nobody waits for two locks at once: a wait in the slot that was never followed by LOCKA has failed. */
    if (record->kind == WICK_RECORD_LOCKR ? !held : slots->held) {
        lines[count].kind = (uint8_t)(record->kind - WICK_RECORD_LOCKW + WK_KIND_LOCKW2);
    } else {
        slots->slot = record->kind == WICK_RECORD_LOCKR ? 0 : record->site;
        slots->held = record->kind == WICK_RECORD_LOCKA;
    }
    return count + 1;
}
