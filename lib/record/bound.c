/*
 * SPDX-License-Identifier: MIT
 * Scopes that run a tracker. See bound.h.
 */
#include "bound.h"

#include <string.h>

#include "base/text.h"

static wk_bound_left left_to;

void wk_bound_set_left(wk_bound_left left)
{
    __atomic_store_n(&left_to, left, __ATOMIC_RELAXED); /* before the first scope is begun, by the thread that begins it */
}

struct wk_bound *wk_bound_take(uint64_t token)
{
    struct wick_i_thread *track = wick_i_tls_v1;
    struct wk_bound *bound = track ? wk_thread_of(track)->bound : NULL;

    if (!bound || bound->token != token) {
        return NULL;
    }
    wk_thread_of(track)->bound = bound->outer;
    return bound;
}

static void fail(struct wick_i_thread *track, uint64_t token, const char *text, size_t bytes)
{
    struct wk_bound *bound = wk_thread_of(track)->bound;

    if (!bound || bound->token != token || bound->failed) { /* the first failure wins */
        return;
    }
    bytes = wk_text_cut(text, bytes, sizeof bound->text - 1);
    memcpy(bound->text, text, bytes);
    bound->text[bytes] = 0;
    bound->failed = true;
}

void wk_bound_fail(struct wick_i_thread *track, const struct wk_rendered *text)
{
    fail(track, track->top, text->start ? text->start : "", text->bytes);
}

void wk_bound_thrown(struct wick_i_thread *track, uint64_t token)
{
    static const char text[] = "exception"; /* as the scope's end says it */

    fail(track, token, text, sizeof text - 1);
}

void wk_bound_leave_inner(struct wk_thread *thread, uint64_t token, const char *reason)
{
    wk_bound_left left = __atomic_load_n(&left_to, __ATOMIC_RELAXED); /* as in wk_bound_set_left */

    while (thread->bound && thread->bound->token > token) {
        struct wk_bound *bound = thread->bound;

        thread->bound = bound->outer;
        left(bound, reason);
    }
}
