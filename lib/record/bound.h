/*
 * SPDX-License-Identifier: MIT
 * Scopes that run a tracker, as their track knows them: which are open, and which have failed. The board, which stands above this
 * layer, makes them and decides what their ends mean.
 * Invariant: the list of a track is ordered by depth, innermost first; only the owner of the track touches it.
 */
#ifndef WICK_LIB_RECORD_BOUND_H
#define WICK_LIB_RECORD_BOUND_H

#include <stdbool.h>
#include <stdint.h>

#include <wick/scope.h>

#include "put.h"
#include "thread.h"

enum { WK_BOUND_TEXT_BYTES = 1024 };

struct wk_bound {
    struct wk_bound *outer; /* of the same track */
    uint64_t token;         /* of its scope */
    bool failed;
    char text[WK_BOUND_TEXT_BYTES]; /* what the failure says, cut to this size; "": nothing */
};

/* Begin a scope, and say behind its START that it is this attempt of the tracker. False: the scope is not recorded, and the board
 * keeps `bound` (record.c). */
bool wk_bound_begin(struct wk_bound *bound, struct wick_scope *scope, struct wick_site *site, const char *key, uint32_t attempt);
/* Take the scope of this token, which has just ended, off its track; NULL: it has left already. */
struct wk_bound *wk_bound_take(uint64_t token);

/* The innermost open scope of a track fails: if it runs a tracker, so does that. The gate is closed. */
void wk_bound_fail(struct wick_i_thread *track, const struct wk_rendered *text);
/* Likewise, an exception leaves the scope of this token. */
void wk_bound_thrown(struct wick_i_thread *track, uint64_t token);

/* What the board does with a scope that its macro did not end; it frees it. Set once. */
typedef void (*wk_bound_left)(struct wk_bound *bound, const char *reason);
void wk_bound_set_left(wk_bound_left left);
/* All scopes deeper than that of `token` have ended without their macro. The gate is open. */
void wk_bound_leave_inner(struct wk_thread *thread, uint64_t token, const char *reason);
/* The same, for every end: most threads have no such scope. */
static inline void wk_bound_leave(struct wick_i_thread *track, uint64_t token, const char *reason)
{
    struct wk_thread *thread = wk_thread_of(track);

    if (WICK_I_UNLIKELY(thread->bound)) {
        wk_bound_leave_inner(thread, token, reason);
    }
}

#endif
