/*
 * SPDX-License-Identifier: MIT
 * Writes the program's trackers piece by piece, so that its lock is held for one piece at a time, however many there are.
 * Must not compute numbers: the board does. Invariant: what is listed while the lock is not held is looked at again with it.
 */
#ifndef WICK_LIB_SINK_HTTP_HOST_ANSWER_BOARD_H
#define WICK_LIB_SINK_HTTP_HOST_ANSWER_BOARD_H

#include <wick/board.h>

#include "sink/http/http_module.h"
#include "growing.h"

struct wk_board_answer;

/* The trackers that a question asks for, of a run (borrowed until destroy). NULL: a refusal is in `answer`; with the status 200 there is
 * no such tracker. */
struct wk_board_answer *wk_board_answer_create(const struct wk_http_question *question, const char *run, struct wk_http_answer *answer);
/* Append a piece; false: it was the last, or there was no memory (text->failed). */
bool wk_board_answer_step(struct wk_board_answer *board, struct wk_growing *text);
void wk_board_answer_destroy(struct wk_board_answer *board);

#endif
