/*
 * SPDX-License-Identifier: MIT
 * What the slots of a ring say: where record (which writes them) and model (which decodes them) meet.
 * A slot is self-describing: kind, depth and number of continuation slots stand in each first slot.
 * It owns the encoding; the two kinds that the inline path writes are pinned in wick/hot.h.
 */
#ifndef WICK_LIB_EVENT_H
#define WICK_LIB_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include <wick/hot.h>

/* info = kind | flags | continuation slots << 7 | depth << 14 */
enum wk_event_kind {
    WK_EVENT_NONE = 0,
    WK_EVENT_START = WICK_I_EVENT_START, /* site; continuation: [CPU] [text] */
    WK_EVENT_END = WICK_I_EVENT_END,     /* depth says which: all above it were left without an end; [CPU]; site: 1
                                            when an exception leaves it */
    WK_EVENT_FAIL,                       /* the innermost scope ends as failed; [site of the end: WK_EVENT_SAY]; [text] */
    WK_EVENT_MARK,                       /* site; [text] */
    WK_EVENT_CLEAR,
    WK_EVENT_LOCKW,                      /* site of the lock */
    WK_EVENT_LOCKA,
    WK_EVENT_LOCKR,
    WK_EVENT_VALUE,                      /* one slot: a double */
    WK_EVENT_GAUGE,                      /* site; one slot: a double */
    WK_EVENT_SUM,                        /* likewise */
    WK_EVENT_LOST,                       /* one slot: first ticks, count since attach; the event's ticks are the last's */
    WK_EVENT_UNDER,                      /* site of the parent; one slot: its start ticks, its serial */
    WK_EVENT_NAME,                       /* text: the thread's new name */
    WK_EVENT_UNWIND,                     /* all scopes above depth were left without an end */
    WK_EVENT_EXIT,                       /* the thread's last event */
    WK_EVENT_SWITCH,                     /* one slot: reference and mask of the ring that goes on */
    WK_EVENT_SAY,                        /* [text]: the innermost scope ends well with it, unless it fails; site: whose location
                                            its end has, 0: the scope's */
    WK_EVENT_GAUGE_INT,                  /* site; one slot: an integer */
    WK_EVENT_SUM_INT,                    /* likewise */
    WK_EVENT_UNIT,                       /* site of the counter; text: its unit */
    WK_EVENT_AMOUNT,                     /* site of the sum; one slot: a double */
    WK_EVENT_SHARED,                     /* site of the lock, whose LOCKA follows */
    WK_EVENT_CALL,                       /* site; one slot: an integer */
    WK_EVENT_BIND,                       /* one slot: a count; text: a tracker's key */
    WK_EVENT_STACK,                      /* one slot: bytes of the addresses that follow as text */
    WK_EVENT_VALUE_INT,                  /* one slot: an integer */
    WK_EVENT_GAUGE_UINT,                 /* as GAUGE_INT, beyond 2^63 - 1: its bits */
    WK_EVENT_SUM_UINT,                   /* likewise */
    WK_EVENT_VALUE_UINT,                 /* likewise */
    WK_EVENT_KINDS
};

#define WK_EVENT_KIND_MASK 0x1fu
#define WK_EVENT_JUMBO 0x20u /* the text is not in the slots: one slot has its reference and size */
#define WK_EVENT_CPU 0x40u   /* the first continuation slot is the thread's CPU time in ns */
#define WK_EVENT_SLOTS_SHIFT 7
#define WK_EVENT_SLOTS_MAX 127u
#define WK_EVENT_TEXT_MAX ((WK_EVENT_SLOTS_MAX - 1) * (uint32_t)sizeof(struct wick_event))

/* A continuation slot, other than text. */
union wk_event_more {
    struct wick_event event;
    char text[16];
    struct {
        int64_t cpu_ns;
        uint64_t unused;
    } cpu;
    struct {
        double number;
        uint64_t unused;
    } number;
    struct {
        int64_t integer;
        uint64_t unused;
    } integer;
    struct {
        uint64_t count;
        uint64_t unused;
    } count;
    struct {
        uint64_t first_ticks;
        uint64_t count;
    } lost;
    struct {
        uint64_t start_ticks;
        uint64_t serial;
    } under;
    struct {
        uint64_t reference; /* of a block of the pool, taken by the recorder, given back by the drain */
        uint64_t bytes;
    } jumbo;
    struct {
        uint64_t reference; /* of its slots: base/pool.h */
        uint64_t mask;
    } ring;
};

static inline uint32_t wk_event_info(uint32_t kind, uint32_t slots, uint32_t depth)
{
    return kind | slots << WK_EVENT_SLOTS_SHIFT | depth << WICK_I_DEPTH_SHIFT;
}

static inline uint32_t wk_event_kind(uint32_t info)
{
    return info & WK_EVENT_KIND_MASK;
}

static inline uint32_t wk_event_slots(uint32_t info)
{
    return info >> WK_EVENT_SLOTS_SHIFT & WK_EVENT_SLOTS_MAX;
}

static inline uint32_t wk_event_depth(uint32_t info)
{
    return info >> WICK_I_DEPTH_SHIFT;
}

#endif
