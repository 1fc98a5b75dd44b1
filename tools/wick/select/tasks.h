/*
 * SPDX-License-Identifier: MIT
 * The tasks of a board: trackers that have none below them. A task is NAME-N: the Nth of its name, in order of creation.
 * Must not print. Invariant: a task's number does not depend on which tasks are asked for.
 */
#ifndef WICK_TOOLS_WICK_SELECT_TASKS_H
#define WICK_TOOLS_WICK_SELECT_TASKS_H

#include "tool.h"

struct task {
    char *name;           /* without its number */
    uint32_t number, tracker, attempt;
    uint8_t status;       /* enum wick_tracker_status */
    bool chosen;          /* it is below the tracker that is asked for */
    int64_t created_ns, start_ns, finish_ns; /* since the epoch; 0: not yet, or unknown */
    int64_t state_ns;     /* when it came into its state */
};

struct tasks {
    struct wick_board *board; /* borrowed */
    struct task *items;       /* in order of creation */
    uint32_t count, capacity;
    int64_t first_ns, last_ns; /* of what is known of any tracker; INT64_MAX, 0: nothing */
};

/* All tasks; those at or below `top` (WICK_NONE: all) are chosen. false: no memory. tasks_free in any case. */
bool tasks_list(struct tasks *tasks, struct wick_board *board, uint32_t top);
/* The name of a tracker: its last segment where it has none. */
void tasks_name(const struct wick_board *board, uint32_t tracker, const struct wick_tracker_info *info, char *name, size_t bytes);
/* "double-1" */
void tasks_label(const struct task *task, char *label, size_t bytes);
/* "completed"; a word of the program's own as it stands. */
void tasks_state(const struct wick_board *board, const struct task *task, char *state, size_t bytes);
void tasks_free(struct tasks *tasks);

#endif
