/*
 * SPDX-License-Identifier: MIT
 * Facts as texts of `tracker` lines. Reading them is wick_board_feed.
 */
#ifndef WICK_LIB_MODEL_TREE_BOARD_LINES_H
#define WICK_LIB_MODEL_TREE_BOARD_LINES_H

#include "wick/board.h"
#include "wick/tree.h"

/* Which facts of a tracker: those of one version. */
struct wk_board_line {
    uint32_t tracker;
    uint64_t version;
    int64_t time_ns;  /* of the line; a version that differs from it is told in the line */
    uint64_t writer;  /* of the log; another writer of a fact is told in the line */
};

/* Write them, each text with its NUL, short enough for a line that is not cut. The removal of the tracker has the time of its
 * line as its version, whatever `time_ns` is. 0, WICK_E_NOMEM, or what out->write returned. */
int wk_board_lines(const struct wick_board *board, const struct wk_board_line *line, const struct wick_text_out *out);
/* The next version of a tracker's facts, each once; 0: there is none. *at: 0 at first. */
uint64_t wk_board_next_version(const struct wick_board *board, uint32_t tracker, uint32_t *at);

#endif
