/*
 * SPDX-License-Identifier: MIT
 * Posts: what wick_progress and a request's body say about a key, by the rules of SCA's progress service. In any order; trackers
 * above it are made on demand; a terminal status ends it, another status on an ended one begins its next attempt.
 * Invariant: what a post refuses has changed nothing.
 */
#ifndef WICK_LIB_BOARD_TRACKER_POST_H
#define WICK_LIB_BOARD_TRACKER_POST_H

#include "tracker_calls.h"

/*
 * Post an object of fields; `null` removes one, derived ones (board_json.h) are ignored. For the server's thread: it enters and
 * leaves. 0; INVAL, LIMIT, NOMEM, and the error is set.
 */
int wk_board_post(const char *key, uint32_t key_bytes, struct wk_json object);
/* Remove a key and all below it, likewise. 1: it was there, 0: it was not. */
int wk_board_remove(const char *key, uint32_t key_bytes);

enum { WK_POSTED_STATUS_BYTES = 258 }; /* as JSON: with its quotes */

/* The parts of a post, while the lock is held: its key; that there is a tracker; its status. */
void wk_posting_find(struct wk_call *call, const char *key, uint32_t key_bytes);
void wk_posting_begin(struct wk_call *call);
void wk_posting_status(struct wk_call *call, const char *word);

#endif
