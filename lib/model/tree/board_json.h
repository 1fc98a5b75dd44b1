/*
 * SPDX-License-Identifier: MIT
 * A tracker as JSON: its facts, and the numbers that the board derives. The names are those of SCA's progress service where it has
 * them. tools/schema/tracker.json describes it.
 */
#ifndef WICK_LIB_MODEL_TREE_BOARD_JSON_H
#define WICK_LIB_MODEL_TREE_BOARD_JSON_H

#include "wick/board.h"
#include "wick/json.h"

/* Write the members of a tracker as of `now_ns` into an object that the caller begins and ends. 0: there is no such tracker. */
int wk_board_json(struct wick_json *json, struct wick_board *board, uint32_t tracker, int64_t now_ns);
/* Is this the name of a member that no fact has: a derived number, or a time that a status brings? */
int wk_board_is_derived(const char *name);
/* Is this a field that the board knows? */
int wk_board_is_known(const char *name);

#endif
