/*
 * SPDX-License-Identifier: MIT
 * Records (decoded events) and the allocator of the read side. Part of wick/model.h.
 */
#ifndef WICK_RECORDS_H
#define WICK_RECORDS_H

#include <stddef.h>
#include <stdint.h>

#include "compiler.h"
#include "error.h"

WICK_I_EXTERN_BEGIN

/*
 * What records say: one row per kind. In order: name; number, which is the wire's and never changes (a new kind takes the next
 * one; below 64); word of its line in a .ctxt log, upper case where it is Context's; what it carries beside its time and
 * track (enum wk_shape); the kind of its site where the log has no `site` line for it; the event of a ring that becomes it.
 */
#define WICK_I_RECORD_KINDS(X)                                                                                                   \
    X(START, 0, "START", START, SCOPE, START)                      /* text of the instance */                                    \
    X(ENDOK, 1, "ENDOK", END, SCOPE, END)                          /* text: what the scope has to say; mostly none */            \
    X(ENDER, 2, "ENDER", END, SCOPE, NONE)                         /* text: message */                                           \
    X(MARK, 3, "BMARK", NAMED, MARK, MARK)                                                                                       \
    X(CLEAR, 4, "CLEAR", NAMED, FOREIGN, CLEAR)                                                                                  \
    X(LOCKW, 5, "LOCKW", NAMED, LOCK, LOCKW)                                                                                     \
    X(LOCKA, 6, "LOCKA", NAMED, LOCK, LOCKA)                                                                                     \
    X(LOCKR, 7, "LOCKR", NAMED, LOCK, LOCKR)                                                                                     \
    X(VALUE, 8, "value", NUMBER, FOREIGN, VALUE)                   /* number: of the innermost open scope */                     \
    X(GAUGE, 9, "gauge", SITE_NUMBER, COUNTER, GAUGE)              /* number: the counter's new value */                         \
    X(SUM, 10, "sum", SITE_NUMBER, COUNTER, SUM)                   /* number: added to the counter */                            \
    X(LOST, 11, "lost", LOST, FOREIGN, LOST)                       /* count events refused between first_ns and time_ns */       \
    X(UNDER, 12, "under", UNDER, FOREIGN, UNDER)                   /* the track's tree hangs under a scope of another */         \
    X(THREAD_NAME, 13, "thread", TEXT, FOREIGN, NAME)              /* text: the thread's new name */                             \
    X(TRACKER, 14, "tracker", TEXT, FOREIGN, NONE)                 /* text: `KEY {"field":value}` or `KEY null` */               \
    X(BIND, 15, "bind", BIND, FOREIGN, BIND)                       /* text: a tracker's key; count: its attempt */               \
    X(GAUGE_INT, 16, "intgauge", SITE_INTEGER, COUNTER, GAUGE_INT) /* integer: the counter's new value */                        \
    X(SUM_INT, 17, "intsum", SITE_INTEGER, COUNTER, SUM_INT)       /* integer: added to the counter */                           \
    X(UNIT, 18, "unit", NAMED, COUNTER, UNIT)                      /* text: the counter's unit */                                \
    X(AMOUNT, 19, "amount", SITE_NUMBER, COUNTER, AMOUNT)          /* number: for the innermost open scope's sum of this name */ \
    X(SHARED, 20, "shared", NAMED, LOCK, SHARED)                   /* the LOCKA that follows takes the lock shared */            \
    X(CALL, 21, "call", SITE_INTEGER, MARK, CALL)                  /* integer: calls that are counted but not timed */           \
    X(STACK, 22, "stack", STACK, FOREIGN, STACK)                   /* text: addresses of 8 bytes each, innermost first */        \
    X(PAUSE, 23, "pause", TEXT, FOREIGN, NONE)                     /* recording stops: text: why */                              \
    X(RESUME, 24, "resume", TEXT, FOREIGN, NONE)                   /* and goes on */                                           \
    X(VALUE_INT, 25, "intvalue", INTEGER, FOREIGN, VALUE_INT)      /* integer: of the innermost open scope */                    \
    X(GAUGE_UINT, 26, "uintgauge", SITE_UNSIGNED, COUNTER, GAUGE_UINT) /* as GAUGE_INT; count: beyond 2^63 - 1 */                \
    X(SUM_UINT, 27, "uintsum", SITE_UNSIGNED, COUNTER, SUM_UINT)   /* as SUM_INT; likewise */                                    \
    X(VALUE_UINT, 28, "uintvalue", UNSIGNED, FOREIGN, VALUE_UINT)  /* as VALUE_INT; likewise */

enum wick_record_kind {
#define WICK_I_RECORD_KIND(name, number, word, shape, site, event) WICK_RECORD_##name = number,
    WICK_I_RECORD_KINDS(WICK_I_RECORD_KIND)
#undef WICK_I_RECORD_KIND
    WICK_RECORD_KINDS /* one more than the last */
};

/* Why a scope ended without its program ending it. Written before its ENDER. */
enum wick_unfinished {
    WICK_FINISHED = 0,
    WICK_UNFINISHED_UNWOUND,  /* it was left without its end, as by longjmp */
    WICK_UNFINISHED_THREAD,   /* its thread ended */
    WICK_UNFINISHED_EXIT,     /* the process ended, or recording was shut down */
    WICK_UNFINISHED_FORK,     /* it was open in the parent when this process was forked */
    WICK_UNFINISHED_CLEAR,    /* a CLEAR ended it */
    WICK_UNFINISHED_KILLED,   /* the log ends or has a hole here: added by `wick repair` or the reader */
    WICK_UNFINISHED_KINDS
};

/* One decoded event. 56 bytes; text is borrowed until the call that passes it returns. */
struct wick_record {
    int64_t time_ns;       /* since the epoch */
    int64_t first_ns;      /* LOST: first refusal; UNDER: start of the scope it hangs under */
    union {
        int64_t cpu_ns;    /* ENDOK, ENDER: CPU time of the scope's thread; < 0: not recorded */
        uint64_t count;    /* LOST, BIND, GAUGE_UINT, SUM_UINT, VALUE_UINT */
        double number;     /* VALUE, GAUGE, SUM, AMOUNT */
        int64_t integer;   /* GAUGE_INT, SUM_INT, VALUE_INT, CALL */
    } u;
    const char *text;      /* of the instance: rendered format, message; not terminated */
    uint32_t text_bytes;
    uint32_t track;        /* index in wick_names, dense, from 0 */
    uint32_t site;         /* likewise */
    uint32_t depth;        /* START, ENDOK, ENDER: 1 = outermost of its track */
    uint32_t parent_track; /* UNDER */
    uint8_t kind;          /* enum wick_record_kind */
    uint8_t unfinished;    /* ENDER: enum wick_unfinished */
    uint16_t reserved;
};
WICK_I_STATIC_ASSERT(sizeof(void *) != 8 || sizeof(struct wick_record) == 56, "struct wick_record is part of the ABI");

/*
 * The allocator of every object of the read side. With block NULL it allocates, with new_bytes 0 it frees (and returns
 * NULL), otherwise it resizes the block and keeps its contents. NULL: out of memory, the block is unchanged.
 */
struct wick_allocator {
    void *(*resize)(void *user, void *block, size_t old_bytes, size_t new_bytes);
    void *user; /* borrowed until the last object that uses it is destroyed */
};

/* A number of a counter, or a sum of numbers: exact where it is whole and has 64 bits, with a sign or without. */
enum wick_whole {
    WICK_NOT_WHOLE = 0,
    WICK_WHOLE = 1,
    WICK_WHOLE_UNSIGNED = 2 /* beyond 2^63 - 1 */
};
struct wick_number {
    double value;      /* rounded, where it is whole and beyond 2^53 */
    int64_t whole;     /* 0 where it is not whole; the bits of one without a sign */
    uint64_t is_whole; /* enum wick_whole */
};

/* What a line about the run says; the numbers are those of the log's words. */
enum wick_line {
    WICK_LINE_MARK = WICK_RECORD_MARK, /* text: of a bookmark */
    WICK_LINE_TRACKER = WICK_RECORD_TRACKER, /* facts of the board */
    WICK_LINE_PAUSE = WICK_RECORD_PAUSE, /* recording stops; text: why */
    WICK_LINE_RESUME = WICK_RECORD_RESUME, /* it goes on; text: how often it had stopped */
    WICK_LINE_RUN = 68,                /* `key value`: metadata of the run */
    WICK_LINE_STAT = 69,               /* `name number`: a counter of the recorder */
    WICK_LINE_BREAK = 70               /* nanoseconds by which the clock jumped */
};

/* No track, no site, no node. */
#define WICK_NONE UINT32_MAX

WICK_I_EXTERN_END

#endif
