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

/* What a record says. The first eight are Context's action words; the rest are our extension lines. */
enum wick_record_kind {
    WICK_RECORD_START = 0,
    WICK_RECORD_ENDOK,
    WICK_RECORD_ENDER,
    WICK_RECORD_MARK,
    WICK_RECORD_CLEAR,
    WICK_RECORD_LOCKW,
    WICK_RECORD_LOCKA,
    WICK_RECORD_LOCKR,
    WICK_RECORD_VALUE,       /* number: of the innermost open scope */
    WICK_RECORD_GAUGE,       /* number: the counter's new value */
    WICK_RECORD_SUM,         /* number: added to the counter */
    WICK_RECORD_LOST,        /* count events refused between first_ns and time_ns */
    WICK_RECORD_UNDER,       /* this track's tree hangs under a scope of another (parent_track, first_ns) */
    WICK_RECORD_THREAD_NAME, /* text: the thread's new name */
    WICK_RECORD_KINDS
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
        uint64_t count;    /* LOST */
        double number;     /* VALUE, GAUGE, SUM */
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
WICK_I_STATIC_ASSERT(sizeof(struct wick_record) == 56, "struct wick_record is part of the ABI");

/*
 * The allocator of every object of the read side. With block NULL it allocates, with new_bytes 0 it frees (and returns
 * NULL), otherwise it resizes the block and keeps its contents. NULL: out of memory, the block is unchanged.
 */
struct wick_allocator {
    void *(*resize)(void *user, void *block, size_t old_bytes, size_t new_bytes);
    void *user; /* borrowed until the last object that uses it is destroyed */
};

/* No track, no site, no node. */
#define WICK_NONE UINT32_MAX

WICK_I_EXTERN_END

#endif
