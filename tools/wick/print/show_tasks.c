/*
 * SPDX-License-Identifier: MIT
 * Rows of tasks. See show_tasks.h.
 */
#include "print/show_tasks.h"

#include <stdlib.h>

#include "base/messages.h"

struct task_rows {
    const struct task_table *table;
    const struct tasks *tasks;
    const struct task **items;
    uint32_t count;
};

static void cell(void *user, uint32_t row, uint32_t column, char text[PLAIN_BYTES])
{
    const struct task_rows *rows = user;
    text[0] = 0;
    rows->table->cell(rows->tasks, rows->items[row], column, text);
}

int show_tasks(const struct trackers *t, const struct task_table *table)
{
    struct tasks tasks;
    struct task_rows rows = {.table = table, .tasks = &tasks};
    uint32_t top;
    int rc = EXIT_USAGE;
    if (!trackers_top(t, &top)) {
        return trackers_missing(t);
    }
    if (tasks_list(&tasks, t->board, top)) {
        rows.items = malloc(((size_t)tasks.count + 1) * sizeof *rows.items);
    }
    for (uint32_t i = 0; rows.items && i < tasks.count; i++) {
        const struct task *task = &tasks.items[i];
        if (task->chosen && (!table->keeps || t->settings.all || table->keeps(task))) {
            rows.items[rows.count++] = task;
        }
    }
    if (rows.items) {
        qsort(rows.items, rows.count, sizeof *rows.items, table->order);
        const uint32_t count = t->settings.limit && t->settings.limit < rows.count ? t->settings.limit : rows.count;
        rc = plain_print(&t->settings, &(struct plain_rows){table->columns, table->column_count, count, cell, &rows});
    } else {
        tool_error(&t->settings, "out of memory");
    }
    free(rows.items);
    tasks_free(&tasks);
    return rc;
}
