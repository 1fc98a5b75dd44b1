/*
 * SPDX-License-Identifier: MIT
 * wick profile: how long tasks waited and ran, the longest first, and which part of the whole that is.
 */
#include "cmd/cmd.h"
#include "print/show_tasks.h"

static const struct plain_column columns[] = {
    {"Task", false}, {"Last State", false}, {"Scheduled", false}, {"Time Scheduled", true},
    {"Start", false}, {"Time Running", true}, {"End", false}, {"Percentage of total time", true}};

static bool has_run(const struct task *task)
{
    return task->start_ns && task->finish_ns;
}

static int64_t ran_ns(const struct task *task)
{
    return has_run(task) ? task->finish_ns - task->start_ns : -1;
}

static int by_time_running(const void *left, const void *right)
{
    const struct task *x = *(const struct task *const *)left, *y = *(const struct task *const *)right;
    if (ran_ns(x) != ran_ns(y)) {
        return ran_ns(x) > ran_ns(y) ? -1 : 1;
    }
    return x < y ? -1 : 1;
}

static void cell(const struct tasks *tasks, const struct task *task, uint32_t column, char text[PLAIN_BYTES])
{
    const int64_t whole_ns = tasks->last_ns - tasks->first_ns;
    if (column == 0) {
        tasks_label(task, text, PLAIN_BYTES);
    } else if (column == 1) {
        tasks_state(tasks->board, task, text, PLAIN_BYTES);
    } else if (column == 2 || column == 4 || column == 6) {
        plain_time(column == 2 ? task->created_ns : column == 4 ? task->start_ns : task->finish_ns, false, text);
    } else if (column == 3 && task->created_ns && task->start_ns) {
        plain_seconds(task->start_ns - task->created_ns, text);
    } else if (column == 5 && has_run(task)) {
        plain_seconds(ran_ns(task), text);
    } else if (column == 7 && has_run(task) && whole_ns > 0) {
        snprintf(text, PLAIN_BYTES, "%.2f", 100 * (double)ran_ns(task) / (double)whole_ns);
    }
}

static int show(struct trackers *t)
{
    return show_tasks(t, &(struct task_table){columns, sizeof columns / sizeof columns[0], has_run, by_time_running, cell});
}

int cmd_profile(struct settings *settings)
{
    return trackers_show(settings, show);
}
