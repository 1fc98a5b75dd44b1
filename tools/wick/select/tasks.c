/*
 * SPDX-License-Identifier: MIT
 * The tasks of a board. See tasks.h.
 */
#include "select/tasks.h"

#include <stdlib.h>
#include <string.h>

#include "base/host.h"

enum { NAME_BYTES = 512 };

void tasks_name(const struct wick_board *board, uint32_t tracker, const struct wick_tracker_info *info, char *name, size_t bytes)
{
    if (!wick_board_text(board, tracker, "name", name, (uint32_t)bytes)) {
        const char *segment = info->key + info->key_bytes;
        while (segment > info->key && segment[-1] != '.') {
            segment--;
        }
        snprintf(name, bytes, "%.*s", (int)(info->key + info->key_bytes - segment), segment);
    }
}

void tasks_label(const struct task *task, char *label, size_t bytes)
{
    snprintf(label, bytes, "%s-%u", task->name, task->number);
}

void tasks_state(const struct wick_board *board, const struct task *task, char *state, size_t bytes)
{
    static const char *const states[WICK_TRACKER_STATUSES] = {
        [WICK_TRACKER_WAITING] = "scheduled", [WICK_TRACKER_RUNNING] = "started",  [WICK_TRACKER_PAUSED] = "paused",
        [WICK_TRACKER_FINISHED] = "completed", [WICK_TRACKER_FAILED] = "failed",   [WICK_TRACKER_CANCELED] = "canceled",
        [WICK_TRACKER_TIMED_OUT] = "timed out", [WICK_TRACKER_OTHER] = NULL};
    const char *word = states[task->status];
    if (word || !wick_board_text(board, task->tracker, "status", state, (uint32_t)bytes)) {
        snprintf(state, bytes, "%s", word ? word : "");
    }
}

static int64_t state_ns(const struct wick_board *board, uint32_t tracker, const struct wick_tracker_info *info)
{
    struct wick_fact fact;
    if (info->status == WICK_TRACKER_WAITING || info->status == WICK_TRACKER_RUNNING) {
        return info->status == WICK_TRACKER_WAITING ? info->created_ns : info->start_ns;
    }
    return info->finish_ns ? info->finish_ns : wick_board_field(board, tracker, "status", &fact) ? (int64_t)fact.version : 0;
}

static bool is_below(const char *key, size_t bytes, const struct wick_tracker_info *info)
{
    return info->key_bytes >= bytes && memcmp(info->key, key, bytes) == 0 && (info->key_bytes == bytes || info->key[bytes] == '.');
}

static void widen(struct tasks *tasks, int64_t time_ns)
{
    if (time_ns) {
        tasks->first_ns = time_ns < tasks->first_ns ? time_ns : tasks->first_ns;
        tasks->last_ns = time_ns > tasks->last_ns ? time_ns : tasks->last_ns;
    }
}

static bool add(struct tasks *tasks, uint32_t tracker, const struct wick_tracker_info *info, bool chosen)
{
    char name[NAME_BYTES];
    if (!tool_grow(&tasks->items, &tasks->capacity, tasks->count, sizeof *tasks->items)) {
        return false;
    }
    tasks_name(tasks->board, tracker, info, name, sizeof name);
    struct task *task = &tasks->items[tasks->count];
    *task = (struct task){.name = strdup(name), .tracker = tracker, .attempt = info->attempt, .status = info->status, .chosen = chosen,
        .created_ns = info->created_ns, .start_ns = info->start_ns, .finish_ns = info->finish_ns,
        .state_ns = state_ns(tasks->board, tracker, info)};
    tasks->count += task->name != NULL;
    return task->name;
}

static int64_t begun_ns(const struct task *task)
{
    return task->created_ns ? task->created_ns : task->start_ns;
}

static int by_creation(const void *left, const void *right)
{
    const struct task *x = left, *y = right;
    if (begun_ns(x) != begun_ns(y)) {
        return begun_ns(x) < begun_ns(y) ? -1 : 1;
    }
    return x->tracker < y->tracker ? -1 : 1;
}

static int by_name(const void *left, const void *right)
{
    const struct task *x = *(struct task *const *)left, *y = *(struct task *const *)right;
    const int order = strcmp(x->name, y->name);
    return order ? order : x < y ? -1 : 1;
}

/* Of tasks in order of creation. false: no memory. */
static bool number_tasks(struct tasks *tasks)
{
    struct task **named = malloc((size_t)tasks->count * sizeof(struct task *) + 1);
    for (uint32_t i = 0; named && i < tasks->count; i++) {
        named[i] = &tasks->items[i];
    }
    if (named) {
        qsort(named, tasks->count, sizeof(struct task *), by_name);
    }
    for (uint32_t i = 0; named && i < tasks->count; i++) {
        named[i]->number = i && strcmp(named[i - 1]->name, named[i]->name) == 0 ? named[i - 1]->number + 1 : 1;
    }
    free(named);
    return named;
}

bool tasks_list(struct tasks *tasks, struct wick_board *board, uint32_t top)
{
    struct wick_tracker_info info, chosen = {.key_bytes = 0};
    *tasks = (struct tasks){.board = board, .first_ns = INT64_MAX};
    if (top != WICK_NONE) {
        wick_board_read(board, top, 0, &chosen);
    }
    for (uint32_t i = 0, entries = wick_board_entries(board); i < entries; i++) {
        if (!wick_board_read(board, i, 0, &info)) {
            continue;
        }
        widen(tasks, info.created_ns);
        widen(tasks, info.start_ns);
        widen(tasks, info.finish_ns);
        if (!info.children && !add(tasks, i, &info, top == WICK_NONE || is_below(chosen.key, chosen.key_bytes, &info))) {
            return false;
        }
    }
    if (tasks->count) {
        qsort(tasks->items, tasks->count, sizeof *tasks->items, by_creation);
    }
    return number_tasks(tasks);
}

void tasks_free(struct tasks *tasks)
{
    for (uint32_t i = 0; i < tasks->count; i++) {
        free(tasks->items[i].name);
    }
    free(tasks->items);
    *tasks = (struct tasks){0};
}
