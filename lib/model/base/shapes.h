/*
 * SPDX-License-Identifier: MIT
 * What the kinds of records, and of a log's lines, carry: the shape column of the tables of kinds.
 */
#ifndef WICK_LIB_MODEL_BASE_SHAPES_H
#define WICK_LIB_MODEL_BASE_SHAPES_H

#include <stdint.h>

/* What a kind carries beside time and track. Text of a line and body of an event hold the same. */
enum wk_shape {
    WK_SHAPE_UNKNOWN = 0,
    WK_SHAPE_START,        /* site, text; an operation of its own on the wire */
    WK_SHAPE_END,          /* failed, CPU time, reason, text */
    WK_SHAPE_NAMED,        /* site, text; without a text it is the site's literal */
    WK_SHAPE_TEXT,         /* text; no site */
    WK_SHAPE_NUMBER,       /* double; the site is the innermost open scope's */
    WK_SHAPE_INTEGER,      /* signed integer; likewise */
    WK_SHAPE_UNSIGNED,     /* unsigned integer; likewise */
    WK_SHAPE_SITE_NUMBER,  /* site, double */
    WK_SHAPE_SITE_INTEGER, /* site, signed integer */
    WK_SHAPE_SITE_UNSIGNED,
    WK_SHAPE_LOST,         /* count, time of the first */
    WK_SHAPE_UNDER,        /* site of the parent's scope, the parent's track, start of that scope */
    WK_SHAPE_BIND,         /* text, count */
    WK_SHAPE_STACK,        /* addresses */
    /* Of logs alone. */
    WK_SHAPE_SITE,         /* site: what it is */
    WK_SHAPE_PAD,          /* count of bytes that say nothing */
    WK_SHAPE_LINE,         /* bytes of .ctxt that no other kind gives back */
    WK_SHAPE_DECIMALS,     /* of the times of the lines that follow in this frame */
    WK_SHAPE_SWITCH,       /* what follows is another track's, or not later than what came before */
    WK_SHAPE_OF_END        /* a line that belongs to the END behind it; part of that event on the wire */
};

/* Does it begin with a site? */
static inline int wk_shape_names_site(uint8_t shape)
{
    switch (shape) {
    case WK_SHAPE_START:
    case WK_SHAPE_NAMED:
    case WK_SHAPE_SITE_NUMBER:
    case WK_SHAPE_SITE_INTEGER:
    case WK_SHAPE_SITE_UNSIGNED:
    case WK_SHAPE_UNDER:
    case WK_SHAPE_SITE:
        return 1;
    default:
        return 0;
    }
}

#endif
