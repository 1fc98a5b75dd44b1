/*
 * SPDX-License-Identifier: MIT
 * Names as segments of keys.
 */
#ifndef WICK_LIB_MODEL_TREE_BOARD_KEY_H
#define WICK_LIB_MODEL_TREE_BOARD_KEY_H

#include "wick/board.h"

/* A name as a segment: what a key cannot have becomes -, runs of it one; at most `room` bytes, at least 4. Returns its size. */
uint32_t wk_board_segment(char *to, const char *name, size_t bytes, uint32_t room);

/* Write it at key + at, with ~2, ~3 ... behind it while `taken` says that there is such a key. Returns the size of the key; 0: it would be
 * too long or too deep. */
uint32_t wk_board_new_key(char key[WICK_KEY_BYTES], uint32_t at, const char *name, size_t bytes, int (*taken)(void *user, const char *key, uint32_t bytes),
                          void *user);

#endif
