/*
 * SPDX-License-Identifier: MIT
 * Writes the trackers of the program, or of a run of a fleet, piece by piece, so that their lock is held for one piece at a time, however many there are.
 * Must not compute numbers: the board does. Invariant: what is listed while the lock is not held is looked at again with it.
 */
#ifndef WICK_LIB_SINK_HTTP_HOST_ANSWER_BOARD_H
#define WICK_LIB_SINK_HTTP_HOST_ANSWER_BOARD_H

#include <wick/board.h>

#include "sink/http/http_module.h"
#include "growing.h"

struct wk_board_answer;
struct wk_fleet;

/* Whose trackers are written. */
struct wk_board_owner {
    struct wk_fleet *fleet; /* NULL: this program's; else those of a run of it */
    char run[64];
};

/* The trackers that a question asks for. NULL: a refusal is in `answer`; with the status 200 there is no such tracker. */
struct wk_board_answer *wk_board_answer_create(const struct wk_http_question *question, const struct wk_board_owner *owner,
                                               struct wk_http_answer *answer);
/* Append a piece; false: it was the last, or there was no memory (text->failed). */
bool wk_board_answer_step(struct wk_board_answer *board, struct wk_growing *text);
void wk_board_answer_destroy(struct wk_board_answer *board);

#endif
