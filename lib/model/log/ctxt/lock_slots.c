/*
 * SPDX-License-Identifier: MIT
 * Lock records to the records of their lines. See lock_slots.h.
 */
#include "lock_slots.h"

static struct wick_record as(const struct wick_record *record, uint8_t kind)
{
    struct wick_record line = *record;

    line.kind = kind;
    line.u.cpu_ns = -1;
    line.unfinished = WICK_FINISHED;
    return line;
}

/* Whatever else the thread records, its wait is over: its LOCKA was refused, or a handler came in between. */
static uint32_t end_nested_wait(struct wk_lock_slots *slots, const struct wick_record *record, struct wick_record *line)
{
    if (!slots->nested_wait || (record->site == slots->nested_wait &&
                                (record->kind == WICK_RECORD_LOCKA || record->kind == WICK_RECORD_SHARED))) {
        return 0;
    }
    *line = as(record, WICK_RECORD_ENDOK);
    line->site = slots->nested_wait;
    line->text = NULL;
    line->text_bytes = 0;
    slots->nested_wait = 0;
    if (record->kind == WICK_RECORD_ENDER && record->unfinished) { /* as the scope around it */
        line->kind = WICK_RECORD_ENDER;
        line->unfinished = record->unfinished;
    }
    return 1;
}

static uint32_t wait_lines(struct wk_lock_slots *slots, bool first, const struct wick_record *record,
                           struct wick_record *lines)
{
    if (first) {
        slots->slot = record->site;
        slots->held = false;
        lines[0] = as(record, WICK_RECORD_LOCKW);
        return 1;
    }
    slots->nested_wait = record->site;
    lines[0] = as(record, WK_KIND_LOCKW2);
    lines[1] = as(record, WICK_RECORD_START);
    return 2;
}

static uint32_t acquired_lines(struct wk_lock_slots *slots, bool first, const struct wick_record *record,
                               struct wick_record *lines)
{
    uint32_t count = 1;

    if (first) {
        slots->slot = record->site;
        slots->held = true;
        lines[0] = as(record, WICK_RECORD_LOCKA);
        return 1;
    }
    lines[0] = as(record, WK_KIND_LOCKA2);
    if (slots->nested_wait == record->site) {
        lines[1] = as(record, WICK_RECORD_ENDOK);
        lines[1].text = NULL;
        lines[1].text_bytes = 0;
        count = 2;
    }
    slots->nested_wait = 0;
    return count;
}

uint32_t wk_lock_slots_lines(struct wk_lock_slots *slots, const struct wick_record *record,
                             struct wick_record lines[WK_LOCK_LINES])
{
    uint32_t lock = record->site;
    uint32_t count = end_nested_wait(slots, record, lines);
    /* Nobody waits for two locks at once: a wait in the slot that was never followed by LOCKA has failed. */
    bool first = slots->slot == 0 || slots->slot == lock || !slots->held;

    if (record->kind < WICK_RECORD_LOCKW || record->kind > WICK_RECORD_LOCKR) {
        lines[count] = *record;
        return count + 1;
    }
    /* Taken again without a release between: that event was refused, and counted, by a full ring. */
    if (record->kind != WICK_RECORD_LOCKR && slots->slot == lock && slots->held) {
        lines[count++] = as(record, WICK_RECORD_LOCKR);
        slots->held = false;
    }
    if (record->kind == WICK_RECORD_LOCKW) {
        return count + wait_lines(slots, first, record, lines + count);
    }
    if (record->kind == WICK_RECORD_LOCKA) {
        return count + acquired_lines(slots, first, record, lines + count);
    }
    if (slots->slot == lock && slots->held) {
        slots->slot = 0;
        lines[count] = as(record, WICK_RECORD_LOCKR);
    } else {
        lines[count] = as(record, WK_KIND_LOCKR2);
    }
    return count + 1;
}

bool wk_lock_slots_end(struct wk_lock_slots *slots, uint32_t track, int64_t time_ns, struct wick_record *line)
{
    if (!slots->nested_wait) {
        return false;
    }
    *line = (struct wick_record){.kind = WICK_RECORD_ENDER,
                                 .unfinished = WICK_UNFINISHED_EXIT,
                                 .time_ns = time_ns,
                                 .track = track,
                                 .site = slots->nested_wait,
                                 .u.cpu_ns = -1};
    slots->nested_wait = 0;
    return true;
}
