/*
 * SPDX-License-Identifier: MIT
 * wick tasks: tasks and their states, the most recent first.
 */
#include "cmd/cmd.h"
#include "print/show_tasks.h"

static const struct plain_column columns[] = {{"Tasks", false}, {"Last State", false}, {"Last State Time", false}, {"Scheduled Time", false}};

static int most_recent_first(const void *left, const void *right)
{
    const struct task *x = *(const struct task *const *)left, *y = *(const struct task *const *)right;
    if (x->state_ns != y->state_ns) {
        return x->state_ns > y->state_ns ? -1 : 1;
    }
    return x > y ? -1 : 1;
}

static void cell(const struct tasks *tasks, const struct task *task, uint32_t column, char text[PLAIN_BYTES])
{
    if (column == 0) {
        tasks_label(task, text, PLAIN_BYTES);
    } else if (column == 1) {
        tasks_state(tasks->board, task, text, PLAIN_BYTES);
    } else {
        plain_time(column == 2 ? task->state_ns : task->created_ns, true, text);
    }
}

static int show(struct trackers *t)
{
    return show_tasks(t, &(struct task_table){columns, sizeof columns / sizeof columns[0], NULL, most_recent_first, cell});
}

int cmd_tasks(struct settings *settings)
{
    return trackers_show(settings, show);
}
