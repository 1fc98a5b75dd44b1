/*
 * SPDX-License-Identifier: MIT
 * The trackers of a board, for people and programs. See show_trackers.h.
 */
#include "print/show_trackers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/host.h"
#include "base/messages.h"
#include "base/safe_text.h"
#include "base/words.h"
#include "print/table.h"
#include "select/tasks.h"

enum { BAR_WIDTH = 20, NAME_BYTES = 256, NAME_WIDTH_MAX = 40, MESSAGE_BYTES = 1024, STATUS_BYTES = 64 };

/* A tracker that is shown. */
struct shown_tracker {
    uint32_t tracker, depth;
};

struct shown_trackers {
    struct shown_tracker *items;
    uint32_t count, capacity;
};

/* ---- which ------------------------------------------------------------------------------------ */

/* The children of a tracker to the end of a stack, the last first. */
static bool push_children(const struct board_view *view, uint32_t parent, uint32_t depth, struct shown_trackers *stack)
{
    int64_t count = wick_board_children(view->board, parent, NULL, 0);
    uint32_t *children = count > 0 ? malloc((size_t)count * sizeof *children) : NULL;
    bool good = count == 0 || (children && wick_board_children(view->board, parent, children, (uint32_t)count) == count);
    for (int64_t i = count; good && i-- > 0;) {
        good = tool_grow(&stack->items, &stack->capacity, stack->count, sizeof *stack->items);
        if (good) {
            stack->items[stack->count++] = (struct shown_tracker){children[i], depth};
        }
    }
    free(children);
    return good;
}

/* Everything that is shown, parents first. False: no memory. */
static bool list_shown(const struct board_view *view, struct shown_trackers *list)
{
    struct shown_trackers stack = {0};
    bool good = view->top == WICK_NONE ? push_children(view, WICK_NONE, 0, &stack)
                                       : tool_grow(&stack.items, &stack.capacity, 0, sizeof *stack.items);
    if (good && view->top != WICK_NONE) {
        stack.items[stack.count++] = (struct shown_tracker){view->top, 0};
    }
    while (good && stack.count) {
        struct shown_tracker next = stack.items[--stack.count];
        good = tool_grow(&list->items, &list->capacity, list->count, sizeof *list->items);
        if (good) {
            list->items[list->count++] = next;
        }
        if (good && (!view->settings->depth || next.depth + 1 < view->settings->depth)) {
            good = push_children(view, next.tracker, next.depth + 1, &stack);
        }
    }
    free(stack.items);
    return good;
}

static void status_of(const struct board_view *view, uint32_t tracker, const struct wick_tracker_info *info, char status[STATUS_BYTES])
{
    if (info->status != WICK_TRACKER_OTHER || !wick_board_text(view->board, tracker, "status", status, STATUS_BYTES)) {
        snprintf(status, STATUS_BYTES, "%s", wick_tracker_status_word((enum wick_tracker_status)info->status));
    }
}

/* ---- for people ------------------------------------------------------------------------------- */

/* Characters of a text. */
static uint32_t width_of(const char *text)
{
    uint32_t width = 0;
    for (; *text; text++) {
        width += (*text & 0xc0) != 0x80;
    }
    return width;
}

/* What the bar shows: the weighted progress, else how many of its descendants are done. */
static double share_of(const struct wick_tracker_info *info)
{
    return isnan(info->progress) ? info->done_pct : info->progress;
}

static void print_bar(const struct wick_tracker_info *info, FILE *to)
{
    uint32_t filled = (uint32_t)(share_of(info) * BAR_WIDTH);
    fputs("  [", to);
    for (uint32_t i = 0; i < BAR_WIDTH; i++) {
        fputc(i < filled ? '#' : '-', to);
    }
    fputc(']', to);
}

/* The numbers of a tracker that has them. */
static void print_numbers(const struct wick_tracker_info *info, FILE *to)
{
    if (info->all) {
        fprintf(to, "  done %u/%u %.0f %%", info->done, info->all, 100 * info->done_pct);
    }
    if (!isnan(info->progress)) {
        fprintf(to, "  weighted %.1f %%", 100 * info->progress);
    }
    if (info->elapsed_ns) {
        fprintf(to, "  %s", tool_ns_text(info->elapsed_ns));
    }
    if (info->estimate_ns && info->left_ns) {
        fprintf(to, "  %s left", tool_ns_text(info->left_ns));
    }
}

static void print_tracker(const struct board_view *view, const struct shown_tracker *shown, uint32_t width, FILE *to)
{
    struct wick_tracker_info info;
    char name[NAME_BYTES], status[STATUS_BYTES], message[MESSAGE_BYTES];
    wick_board_read(view->board, shown->tracker, view->now_ns, &info);
    tasks_name(view->board, shown->tracker, &info, name, sizeof name);
    status_of(view, shown->tracker, &info, status);
    uint32_t used = 2 * shown->depth + width_of(name);
    safe_print(to, "%*s%s%*s", (int)(2 * shown->depth), "", name, used < width ? (int)(width - used) : 0, "");
    print_bar(&info, to);
    safe_print(to, "  %s", status);
    print_numbers(&info, to);
    if (info.attempt > 1) {
        fprintf(to, "  attempt %u", info.attempt);
    }
    wick_board_text(view->board, shown->tracker, "msg", message, sizeof message);
    for (char *at = message; *at; at++) {
        *at = *at == '\n' ? ' ' : *at;
    }
    safe_print(to, "%s%s\n", *message ? "  " : "", message);
}

static void print_bars(const struct board_view *view, const struct shown_trackers *list, FILE *to)
{
    uint32_t width = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        struct wick_tracker_info info;
        char name[NAME_BYTES];
        wick_board_read(view->board, list->items[i].tracker, view->now_ns, &info);
        tasks_name(view->board, list->items[i].tracker, &info, name, sizeof name);
        uint32_t used = 2 * list->items[i].depth + width_of(name);
        width = used > width && used <= NAME_WIDTH_MAX ? used : width;
    }
    for (uint32_t i = 0; i < list->count; i++) {
        print_tracker(view, &list->items[i], width, to);
    }
}

/* Two spaces a level: name, status, done of all. */
static void print_indented(const struct board_view *view, const struct shown_trackers *list, FILE *to)
{
    for (uint32_t i = 0; i < list->count; i++) {
        struct wick_tracker_info info;
        char name[NAME_BYTES], status[STATUS_BYTES];
        wick_board_read(view->board, list->items[i].tracker, view->now_ns, &info);
        tasks_name(view->board, list->items[i].tracker, &info, name, sizeof name);
        status_of(view, list->items[i].tracker, &info, status);
        safe_print(to, "%*s%s %s %u/%u\n", (int)(2 * list->items[i].depth), "", name, status, info.done, info.all);
    }
}

void show_trackers_line(const struct board_view *view, FILE *to)
{
    struct settings plain = *view->settings;
    struct board_view roots = *view;
    struct shown_trackers list = {0};
    plain.depth = 1;
    roots.settings = &plain;
    if (list_shown(&roots, &list)) {
        print_bars(&roots, &list, to);
    }
    free(list.items);
}

/* ---- what runs now ---------------------------------------------------------------------------- */

/* A line: a tracker, or how many of its siblings are done and wait. */
struct now_line {
    uint32_t tracker, depth; /* WICK_NONE: the counts */
    uint32_t done, waiting;
    int64_t elapsed_ns;      /* of one that runs and has none below it; < 0: the line stays */
};

struct now_lines {
    struct now_line *items;
    uint32_t count, capacity;
    bool failed; /* no memory */
};

static void add_now(struct now_lines *lines, const struct now_line *line)
{
    if (tool_grow(&lines->items, &lines->capacity, lines->count, sizeof *lines->items)) {
        lines->items[lines->count++] = *line;
    } else {
        lines->failed = true;
    }
}

/* Those that run, with what runs below them, and those that failed; the others are counted. */
static void list_now(const struct board_view *view, uint32_t parent, uint32_t depth, struct now_lines *lines)
{
    const int64_t count = depth < WICK_KEY_LEVELS ? wick_board_children(view->board, parent, NULL, 0) : 0;
    uint32_t *children = count > 0 ? malloc((size_t)count * sizeof *children) : NULL;
    struct now_line counts = {.tracker = WICK_NONE, .depth = depth, .elapsed_ns = -1};
    lines->failed |= count < 0 || (count && !children);
    for (int64_t i = 0; children && i < wick_board_children(view->board, parent, children, (uint32_t)count); i++) {
        struct wick_tracker_info info;
        wick_board_read(view->board, children[i], view->now_ns, &info);
        const bool runs = info.status == WICK_TRACKER_RUNNING || info.status == WICK_TRACKER_PAUSED || info.status == WICK_TRACKER_OTHER;
        const bool fails = info.status == WICK_TRACKER_FAILED || info.status == WICK_TRACKER_TIMED_OUT;
        counts.waiting += info.status == WICK_TRACKER_WAITING;
        counts.done += info.status == WICK_TRACKER_FINISHED || info.status == WICK_TRACKER_CANCELED;
        if (runs || fails || (info.status == WICK_TRACKER_WAITING && info.in_progress)) {
            add_now(lines, &(struct now_line){children[i], depth, 0, 0, runs && !info.children ? info.elapsed_ns : -1});
        }
        if (runs || info.in_progress) {
            list_now(view, children[i], depth + 1, lines);
        }
    }
    free(children);
    if (counts.done || counts.waiting) {
        add_now(lines, &counts);
    }
}

/* Leave out the youngest of those that run until there is room. Returns how many. */
static uint32_t leave_out_youngest(struct now_lines *lines, uint32_t rows)
{
    uint32_t left_out = 0;
    while (lines->count + (left_out > 0) > rows) {
        uint32_t youngest = WICK_NONE;
        for (uint32_t i = 0; i < lines->count; i++) {
            const struct now_line *line = &lines->items[i];
            if (line->elapsed_ns >= 0 && (youngest == WICK_NONE || line->elapsed_ns < lines->items[youngest].elapsed_ns)) {
                youngest = i;
            }
        }
        if (youngest == WICK_NONE) {
            break;
        }
        memmove(lines->items + youngest, lines->items + youngest + 1, (lines->count - youngest - 1) * sizeof *lines->items);
        lines->count--;
        left_out++;
    }
    return left_out;
}

void show_trackers_now(const struct board_view *view, uint32_t rows, FILE *to)
{
    struct now_lines lines = {.count = 0};
    if (view->top != WICK_NONE) {
        add_now(&lines, &(struct now_line){view->top, 0, 0, 0, -1});
    }
    list_now(view, view->top, view->top != WICK_NONE, &lines);
    const uint32_t left_out = leave_out_youngest(&lines, rows);
    for (uint32_t i = 0; i < lines.count && i < rows && !lines.failed; i++) {
        const struct now_line *line = &lines.items[i];
        if (line->tracker != WICK_NONE) {
            print_tracker(view, &(struct shown_tracker){line->tracker, line->depth}, 0, to);
        } else {
            fprintf(to, "%*s", (int)(2 * line->depth), "");
            fprintf(to, "%s%s", line->done ? tool_count(line->done, "done|done") : "", line->done && line->waiting ? ", " : "");
            fprintf(to, "%s\n", line->waiting ? tool_count(line->waiting, "waiting|waiting") : "");
        }
    }
    if (left_out) {
        fprintf(to, "%s\n", tool_count(left_out, "more running|more running"));
    }
    free(lines.items);
}

/* ---- for programs ----------------------------------------------------------------------------- */

static const struct column columns[] = {
    {"key", "key", COLUMN_TEXT},          {"name", "name", COLUMN_TEXT},        {"status", "status", COLUMN_TEXT},
    {"attempt", "attempt", COLUMN_COUNT}, {"all", "all", COLUMN_COUNT},         {"done", "done", COLUMN_COUNT},
    {"in_progress", "running", COLUMN_COUNT}, {"done_pct", "done", COLUMN_NUMBER}, {"progress", "weighted", COLUMN_NUMBER},
    {"weight", "weight", COLUMN_NUMBER},  {"start_ns", "start", COLUMN_EPOCH},   {"finish_ns", "finish", COLUMN_EPOCH},
    {"elapsed_ns", "elapsed", COLUMN_NS}, {"estimate_ns", "estimate", COLUMN_NS}, {"remaining_ns", "remaining", COLUMN_NS},
    {"left_ns", "left", COLUMN_NS},       {"message", "message", COLUMN_TEXT}};

static void add_row(const struct board_view *view, struct table *table, uint32_t tracker)
{
    struct wick_tracker_info info;
    char key[WICK_KEY_BYTES + 1], name[NAME_BYTES], status[STATUS_BYTES], message[MESSAGE_BYTES];
    wick_board_read(view->board, tracker, view->now_ns, &info);
    tasks_name(view->board, tracker, &info, name, sizeof name);
    status_of(view, tracker, &info, status);
    wick_board_text(view->board, tracker, "msg", message, sizeof message);
    snprintf(key, sizeof key, "%.*s", (int)info.key_bytes, info.key);
    table_text(table, key);
    table_text(table, name);
    table_text(table, status);
    table_count(table, info.attempt);
    table_count(table, info.all);
    table_count(table, info.done);
    table_count(table, info.in_progress);
    table_number(table, info.done_pct);
    table_number(table, info.progress);
    table_number(table, info.weight);
    table_ns(table, info.start_ns);
    table_ns(table, info.finish_ns);
    table_ns(table, info.elapsed_ns);
    table_ns(table, info.estimate_ns);
    table_ns(table, info.remaining_ns > 0 ? info.remaining_ns : 0);
    table_ns(table, info.left_ns);
    table_text(table, message);
}

static int print_rows(const struct board_view *view, const struct shown_trackers *list)
{
    struct table *table = table_create(view->settings, columns, sizeof columns / sizeof columns[0]);
    for (uint32_t i = 0; i < list->count; i++) {
        add_row(view, table, list->items[i].tracker);
    }
    return table_print(table, NULL, 0);
}

int show_trackers(const struct board_view *view, FILE *to)
{
    struct shown_trackers list = {0};
    int rc = list_shown(view, &list) ? EXIT_FINE : EXIT_USAGE;
    if (rc != EXIT_FINE) {
        tool_error(view->settings, "out of memory");
    } else if (!view->settings->format) {
        print_bars(view, &list, to);
    } else if (tool_format_is(view->settings, "text")) {
        print_indented(view, &list, to);
    } else {
        rc = print_rows(view, &list);
    }
    free(list.items);
    return rc;
}
