/*
 * SPDX-License-Identifier: MIT
 * Which trackers have changed, in order, for those who watch the board. The lock is held for every function.
 * Invariant: a reader that is not lapped sees every tracker whose facts, or whose numbers because of a tracker below it, have
 * changed since it looked last, once.
 */
#ifndef WICK_LIB_BOARD_BOARD_WATCH_H
#define WICK_LIB_BOARD_BOARD_WATCH_H

#include <stdbool.h>
#include <stdint.h>

struct wick_record;

/* Number of the next change; the first call begins the counting. False: no memory. */
bool wk_watch_head(uint64_t *head);
/* A tracker has changed, and with it those above it. Nothing where nobody has ever watched. */
void wk_watch_note(uint32_t entry);
/* Likewise, that of a `tracker` line; it has a place. */
void wk_watch_note_line(const struct wick_record *record);
/* The next entry at or behind number *at that has not changed since; *at becomes the number behind it. 0: there is none, 1: *entry;
 * -1: what followed *at is forgotten, and *at is the head. */
int wk_watch_next(uint64_t *at, uint32_t *entry);

#endif
