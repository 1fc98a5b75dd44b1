/*
 * SPDX-License-Identifier: MIT
 * What a log can say, in either form: the kinds of records, then what only a log has.
 * Invariant: the numbers are those of the wire (wire/wire.md).
 */
#ifndef WICK_LIB_MODEL_LOG_TABLES_KINDS_H
#define WICK_LIB_MODEL_LOG_TABLES_KINDS_H

#include "model/base/mem.h"

/* Kinds of other events: those of records, then what only lines have. */
enum wk_wire_kind {
    WK_WIRE_LOCKW2 = WICK_RECORD_KINDS, /* lock words in lower case: beside Context's one lock per thread */
    WK_WIRE_LOCKA2,
    WK_WIRE_LOCKR2,
    WK_WIRE_SITE,      /* the `site` line stands here */
    WK_WIRE_RUN,
    WK_WIRE_STAT,
    WK_WIRE_BREAK,
    WK_WIRE_PAD,
    WK_WIRE_LINE,      /* bytes of .ctxt that no other kind gives back */
    WK_WIRE_DECIMALS,  /* of the times of the lines that follow in this frame */
    WK_WIRE_SWITCH,    /* what follows is another track's, or not later than what came before */
    WK_WIRE_KINDS
};
WICK_I_STATIC_ASSERT(WICK_RECORD_KINDS == 14 && WK_WIRE_KINDS == 25, "the numbers of the kinds are the format's");

#endif
