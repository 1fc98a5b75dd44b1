/*
 * SPDX-License-Identifier: MIT
 * Rows of tasks, in an order of their own.
 * Must not know what a column means.
 */
#ifndef WICK_TOOLS_WICK_PRINT_SHOW_TASKS_H
#define WICK_TOOLS_WICK_PRINT_SHOW_TASKS_H

#include "input/trackers.h"
#include "print/plain_rows.h"
#include "select/tasks.h"

struct task_table {
    const struct plain_column *columns;
    uint32_t column_count;
    bool (*keeps)(const struct task *task); /* which rows there are without --all; NULL: all */
    int (*order)(const void *left, const void *right); /* of two `const struct task *`, as qsort wants it */
    void (*cell)(const struct tasks *tasks, const struct task *task, uint32_t column, char text[PLAIN_BYTES]);
};

/* Print the tasks at and below the tracker that is asked for. An exit code. */
int show_tasks(const struct trackers *trackers, const struct task_table *table);

#endif
