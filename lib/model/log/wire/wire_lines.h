/*
 * SPDX-License-Identifier: MIT
 * Events as the lines of .ctxt that they stand for, byte for byte.
 * Must not be included outside lib/model. Invariant: the same events and names give the same bytes, whether they
 * come from a stream or are only considered for one.
 */
#ifndef WICK_LIB_MODEL_LOG_WIRE_WIRE_LINES_H
#define WICK_LIB_MODEL_LOG_WIRE_WIRE_LINES_H

#include "wire_read.h"

/* What the numbers of events mean. Both are borrowed until the next call; never NULL. */
struct wk_lines_names {
    const struct wick_site_info *(*site)(void *user, uint32_t site);
    const char *(*prefix)(void *user, uint32_t track, uint32_t *bytes); /* ` node pid thread ` */
    void *user;
};

enum { WK_LINES_LINE_MAX = 60000, WK_LINES_TEXT_MAX = WK_LINES_LINE_MAX - 2048 }; /* as of ctxt_write.h */

struct wk_lines {
    const struct wick_allocator *allocator;
    struct wk_lines_names names;
    struct wk_array stacks; /* struct wk_array of struct wk_lines_scope, by track */
    /* Keep a text that no line may have; gives what stands for it, or NULL: it is cut. NULL: any text is taken. */
    const char *(*jumbo)(void *user, const char *text, uint32_t bytes);
    void *jumbo_user;
    uint32_t decimals;
    bool failed;            /* no memory */
};

/* An open scope; site WICK_NONE: begun by a line that is not an event, or (WK_LINES_UNREAD) not read at all. */
#define WK_LINES_UNREAD INT64_MIN
struct wk_lines_scope {
    int64_t start_ns;
    uint32_t site;
};

void wk_lines_fini(struct wk_lines *lines);

/* Append the event's lines to `to` (of char). */
void wk_lines_render(struct wk_lines *lines, const struct wk_wire_event *event, struct wk_array *to);
/* The event has happened: the stack of its track moves. */
void wk_lines_advance(struct wk_lines *lines, const struct wick_record *event);
/* So many scopes of the track are open: where more were, the stream has a hole, and they end here, as killed;
 * where fewer were, their STARTs were not read. False: nonsense. */
bool wk_lines_meet(struct wk_lines *lines, uint32_t track, uint32_t depth, int64_t time_ns, struct wk_array *to);
/* Is the scope that an END of this track ends one whose START was not read? Then it is no line. */
bool wk_lines_ends_unread(struct wk_lines *lines, uint32_t track);
/* The site of the open scope of `track` that began at `start_ns`; 0: there is none. */
uint32_t wk_lines_find(const struct wk_lines *lines, uint32_t track, int64_t start_ns);

#endif
