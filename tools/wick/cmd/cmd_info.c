/*
 * SPDX-License-Identifier: MIT
 * wick info: what is known of a run, or of one of its trackers with its attempts, as rows of key and value. Earlier attempts are in logs
 * alone: a server and Redis know what stands.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/host.h"
#include "base/messages.h"
#include "cmd/cmd.h"
#include "input/trackers.h"
#include "print/plain_rows.h"
#include "select/tasks.h"

/* ---- rows ------------------------------------------------------------------------------------- */

struct pair {
    char *key, *value;
};

struct pairs {
    struct pair *items;
    uint32_t count, capacity;
    bool failed; /* no memory */
};

static void add(struct pairs *pairs, const char *key, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void add(struct pairs *pairs, const char *key, const char *format, ...)
{
    char *value = NULL, *copy = strdup(key);
    va_list arguments;
    va_start(arguments, format);
    int bytes = vasprintf(&value, format, arguments);
    va_end(arguments);
    value = bytes < 0 ? NULL : value;
    if (!copy || !value || !tool_grow(&pairs->items, &pairs->capacity, pairs->count, sizeof *pairs->items)) {
        pairs->failed = true;
        free(copy);
        free(value);
        return;
    }
    pairs->items[pairs->count++] = (struct pair){copy, value};
}

static void add_time(struct pairs *pairs, const char *key, int64_t time_ns)
{
    char text[PLAIN_BYTES];
    plain_time(time_ns, true, text);
    add(pairs, key, "%s", text);
}

static void cell(void *user, uint32_t row, uint32_t column, char text[PLAIN_BYTES])
{
    const struct pairs *pairs = user;
    snprintf(text, PLAIN_BYTES, "%s", column ? pairs->items[row].value : pairs->items[row].key);
}

static int print(const struct settings *settings, struct pairs *pairs)
{
    static const struct plain_column columns[] = {{"KEY", false}, {"VALUE", false}};
    int rc = EXIT_USAGE;
    if (pairs->failed) {
        tool_error(settings, "out of memory");
    } else {
        rc = plain_print(settings, &(struct plain_rows){columns, 2, pairs->count, cell, pairs});
    }
    for (uint32_t i = 0; i < pairs->count; i++) {
        free(pairs->items[i].key);
        free(pairs->items[i].value);
    }
    free(pairs->items);
    return rc;
}

/* ---- attempts --------------------------------------------------------------------------------- */

/* What is known of one attempt of a tracker: from its facts, as they stood last, or from the scope that ran it. */
struct attempt {
    uint32_t tracker; /* WICK_NONE: the key says it */
    char *key;
    uint32_t number, depth, around; /* of a scope: its depth, and the open attempt around it on its track, counted from 1 */
    uint8_t status;
    int64_t start_ns, finish_ns;
    char *message;
};

struct attempts {
    struct attempt *items;
    uint32_t count, capacity;
};

/* A track of a log. */
struct lane {
    int64_t start_ns; /* of the last scope that began */
    uint32_t depth, open; /* its depth; the innermost open attempt, counted from 1 */
};

struct info {
    const char *asked; /* for; NULL: the run */
    struct attempts now; /* by tracker: the one that stands */
    struct attempts told; /* those before it */
    struct attempts run; /* of scopes */
    struct lane *lanes;
    uint32_t lane_capacity;
    bool failed; /* no memory */
};

static bool keep(struct info *i, struct attempts *attempts, const struct attempt *attempt)
{
    if (!tool_grow(&attempts->items, &attempts->capacity, attempts->count, sizeof *attempts->items)) {
        i->failed = true;
        return false;
    }
    attempts->items[attempts->count++] = *attempt;
    return true;
}

static char *message_of(const struct wick_board *board, uint32_t tracker)
{
    char text[1024];
    return wick_board_text(board, tracker, "msg", text, sizeof text) ? strdup(text) : NULL;
}

/* The attempt that stood before this line is kept when the line begins another one. */
static void on_line(struct info *i, struct wick_board *board, const struct wick_record *line)
{
    struct wick_tracker_info now;
    const char *blank = memchr(line->text, ' ', line->text_bytes);
    const uint32_t tracker = blank ? wick_board_find(board, line->text, (uint32_t)(blank - line->text)) : WICK_NONE;
    if (tracker == WICK_NONE || !wick_board_read(board, tracker, 0, &now)) {
        return;
    }
    while (i->now.count <= tracker && keep(i, &i->now, &(struct attempt){.tracker = i->now.count})) {
    }
    if (i->now.count <= tracker) {
        return;
    }
    struct attempt *last = &i->now.items[tracker];
    if (last->number && now.attempt > last->number && keep(i, &i->told, last)) {
        last->message = NULL;
    }
    free(last->message);
    *last = (struct attempt){.tracker = tracker, .number = now.attempt, .status = now.status, .start_ns = now.start_ns, .finish_ns = now.finish_ns,
        .message = message_of(board, tracker)};
}

static void on_bind(struct info *i, struct lane *lane, const struct wick_record *record)
{
    const struct attempt attempt = {.tracker = WICK_NONE, .key = strndup(record->text, record->text_bytes), .number = (uint32_t)record->u.count,
        .depth = lane->depth, .around = lane->open, .status = WICK_TRACKER_RUNNING, .start_ns = lane->start_ns};
    if (attempt.key && keep(i, &i->run, &attempt)) {
        lane->open = i->run.count;
    } else {
        i->failed = true;
        free(attempt.key);
    }
}

static void on_end(struct info *i, struct lane *lane, const struct wick_record *record)
{
    struct attempt *attempt = lane->open ? &i->run.items[lane->open - 1] : NULL;
    if (attempt && attempt->depth == record->depth) {
        attempt->finish_ns = record->time_ns;
        attempt->status = record->kind == WICK_RECORD_ENDOK ? WICK_TRACKER_FINISHED : record->unfinished ? WICK_TRACKER_CANCELED : WICK_TRACKER_FAILED;
        attempt->message = record->text_bytes ? strndup(record->text, record->text_bytes) : NULL;
        lane->open = attempt->around;
    }
}

static void on_record(void *user, const struct trackers *t, const struct wick_record *record)
{
    struct info *i = user;
    if (record->kind == WICK_RECORD_TRACKER) {
        on_line(i, t->board, record);
    } else if (record->kind <= WICK_RECORD_ENDER || record->kind == WICK_RECORD_BIND) {
        if (!tool_grow(&i->lanes, &i->lane_capacity, record->track, sizeof *i->lanes)) {
            i->failed = true;
            return;
        }
        struct lane *lane = &i->lanes[record->track];
        if (record->kind == WICK_RECORD_START) {
            lane->start_ns = record->time_ns;
            lane->depth = record->depth;
        } else if (record->kind == WICK_RECORD_BIND) {
            on_bind(i, lane, record);
        } else {
            on_end(i, lane, record);
        }
    }
}

static const struct attempt *attempt_among(const struct attempts *attempts, uint32_t tracker, const char *key, uint32_t number)
{
    for (uint32_t k = 0; k < attempts->count; k++) {
        const struct attempt *attempt = &attempts->items[k];
        if (attempt->number == number && (attempt->key ? strcmp(attempt->key, key) == 0 : attempt->tracker == tracker)) {
            return attempt;
        }
    }
    return NULL;
}

static bool is_done(const struct attempt *attempt)
{
    return attempt && attempt->status >= WICK_TRACKER_FINISHED && attempt->status <= WICK_TRACKER_TIMED_OUT;
}

/* An attempt that is over in between is not in the lines of a log, but its scope is. */
static void add_attempt(struct pairs *pairs, const struct wick_board *board, const struct attempt *told, const struct attempt *run)
{
    char key[32], state[128], start[PLAIN_BYTES], seconds[PLAIN_BYTES] = "";
    const struct attempt *how = is_done(told) || !is_done(run) ? told : run, *when = run ? run : told;
    how = how ? how : run;
    if (!how) {
        return;
    }
    const char *message = run && run->message ? run->message : how->message;
    const struct task task = {.tracker = told ? told->tracker : WICK_NONE, .status = how->status};
    snprintf(key, sizeof key, "attempt %u", how->number);
    tasks_state(board, &task, state, sizeof state);
    plain_time(when->start_ns, true, start);
    if (when->start_ns && when->finish_ns) {
        plain_seconds(when->finish_ns - when->start_ns, seconds);
    }
    add(pairs, key, "%s%s%s%s%s%s%s%s", state, *start ? ", began " : "", start, *seconds ? ", ran " : "", seconds, *seconds ? " s" : "",
        message ? ": " : "", message ? message : "");
}

static void add_attempts(struct pairs *pairs, const struct wick_board *board, const struct info *i, uint32_t tracker, const struct wick_tracker_info *info)
{
    char key[WICK_KEY_BYTES + 1];
    snprintf(key, sizeof key, "%.*s", (int)info->key_bytes, info->key);
    add(pairs, "attempts", "%u", info->attempt ? info->attempt : 1);
    for (uint32_t number = 1; info->attempt > 1 && number <= info->attempt; number++) {
        const struct attempt *told = attempt_among(number == info->attempt ? &i->now : &i->told, tracker, key, number);
        add_attempt(pairs, board, told, attempt_among(&i->run, tracker, key, number));
    }
}

static void attempts_free(struct attempts *attempts)
{
    for (uint32_t k = 0; k < attempts->count; k++) {
        free(attempts->items[k].key);
        free(attempts->items[k].message);
    }
    free(attempts->items);
}

/* ---- what is shown ---------------------------------------------------------------------------- */

static void add_text(struct pairs *pairs, const struct wick_board *board, uint32_t tracker, const char *field)
{
    char text[PLAIN_BYTES];
    if (wick_board_text(board, tracker, field, text, sizeof text)) {
        add(pairs, field, "%s", text);
    }
}

/* Its task, or one made of it: a tracker with others below is none. */
static struct task task_of(const struct tasks *tasks, uint32_t tracker, const struct wick_tracker_info *info)
{
    for (uint32_t i = 0; i < tasks->count; i++) {
        if (tasks->items[i].tracker == tracker) {
            return tasks->items[i];
        }
    }
    return (struct task){.tracker = tracker, .attempt = info->attempt, .status = info->status, .created_ns = info->created_ns,
        .start_ns = info->start_ns, .finish_ns = info->finish_ns};
}

static int show_tracker(const struct trackers *t, const struct info *i, const struct tasks *tasks, uint32_t tracker)
{
    struct pairs pairs = {.count = 0};
    struct wick_tracker_info info;
    char text[PLAIN_BYTES];
    wick_board_read(t->board, tracker, t->last_ns, &info);
    const struct task task = task_of(tasks, tracker, &info);
    if (task.name) {
        tasks_label(&task, text, sizeof text);
        add(&pairs, "task", "%s", text);
    }
    add(&pairs, "key", "%.*s", (int)info.key_bytes, info.key);
    tasks_name(t->board, tracker, &info, text, sizeof text);
    add(&pairs, "name", "%s", text);
    tasks_state(t->board, &task, text, sizeof text);
    add(&pairs, "state", "%s", text);
    if (info.all) {
        add(&pairs, "done", "%u of %u", info.done, info.all);
    }
    if (info.progress == info.progress) { /* a number */
        add(&pairs, "weighted", "%.4f", info.progress);
    }
    add_time(&pairs, "scheduled", info.created_ns);
    add_time(&pairs, "start", info.start_ns);
    add_time(&pairs, "end", info.finish_ns);
    if (info.created_ns && info.start_ns) {
        plain_seconds(info.start_ns - info.created_ns, text);
        add(&pairs, "time scheduled", "%s", text);
    }
    if (info.start_ns && info.finish_ns) {
        plain_seconds(info.finish_ns - info.start_ns, text);
        add(&pairs, "time running", "%s", text);
    }
    add_text(&pairs, t->board, tracker, "msg");
    add_text(&pairs, t->board, tracker, "friendly");
    add_text(&pairs, t->board, tracker, "source");
    add_text(&pairs, t->board, tracker, "after");
    add_attempts(&pairs, t->board, i, tracker, &info);
    return print(&t->settings, &pairs);
}

/* What the log says of the program. */
static void add_properties(struct pairs *pairs, const struct load *load)
{
    static const char *const wanted[] = {"program", "arguments", "host", "pid", "identity", "commit", "build_type"};
    struct wick_property property;
    for (size_t w = 0; w < sizeof wanted / sizeof wanted[0]; w++) {
        for (uint32_t i = 0; wick_reader_property(load->reader, i, &property); i++) {
            if (!property.stat && strcmp(property.key, wanted[w]) == 0) {
                add(pairs, property.key, "%s", property.value);
            }
        }
    }
}

static int show_run(const struct trackers *t, const struct tasks *tasks)
{
    struct pairs pairs = {.count = 0};
    uint32_t counts[WICK_TRACKER_STATUSES] = {0};
    char text[PLAIN_BYTES];
    if (t->load) {
        add_properties(&pairs, t->load);
    }
    for (uint32_t i = 0; i < tasks->count; i++) {
        counts[tasks->items[i].status]++;
    }
    add(&pairs, "tasks", "%u", tasks->count);
    for (uint8_t status = 0; status < WICK_TRACKER_STATUSES; status++) {
        const struct task example = {.tracker = WICK_NONE, .status = status};
        tasks_state(t->board, &example, text, sizeof text);
        if (counts[status]) {
            add(&pairs, *text ? text : "of other states", "%u", counts[status]);
        }
    }
    if (tasks->last_ns) {
        add_time(&pairs, "first event", tasks->first_ns);
        add_time(&pairs, "last event", tasks->last_ns);
        plain_seconds(tasks->last_ns - tasks->first_ns, text);
        add(&pairs, "seconds", "%s", text);
    }
    return print(&t->settings, &pairs);
}

/* By its key, or by its name and number. */
static uint32_t find(const struct trackers *t, const struct tasks *tasks, const char *asked)
{
    const size_t bytes = strlen(asked);
    uint32_t found = bytes <= WICK_KEY_BYTES ? wick_board_find(t->board, asked, (uint32_t)bytes) : WICK_NONE;
    for (uint32_t i = 0; i < tasks->count && found == WICK_NONE; i++) {
        char label[PLAIN_BYTES];
        tasks_label(&tasks->items[i], label, sizeof label);
        found = strcmp(label, asked) == 0 ? tasks->items[i].tracker : WICK_NONE;
    }
    return found;
}

static int show(struct trackers *t)
{
    const struct info *i = t->user;
    struct tasks tasks;
    int rc = EXIT_FOUND;
    uint32_t top = t->redis ? t->loaded : WICK_NONE;
    if (i->failed || !tasks_list(&tasks, t->board, WICK_NONE)) {
        tool_error(&t->settings, "out of memory");
        return EXIT_USAGE;
    }
    top = i->asked && top == WICK_NONE ? find(t, &tasks, i->asked) : top;
    if (i->asked && top == WICK_NONE) {
        tool_error(&t->settings, "no task '%s' in it; `wick tasks` lists them", i->asked);
    } else {
        rc = top == WICK_NONE ? show_run(t, &tasks) : show_tracker(t, i, &tasks, top);
    }
    tasks_free(&tasks);
    return rc;
}

int cmd_info(struct settings *settings)
{
    struct trackers t;
    struct info i = {.asked = NULL};
    int rc = trackers_begin(&t, settings, true);
    if (!t.redis) { /* everything is needed: a task's number counts all of its name */
        i.asked = t.key;
        t.key = NULL;
    }
    t.seen = i.asked ? on_record : NULL;
    t.user = &i;
    rc = rc == EXIT_FINE ? trackers_read(&t, show) : rc;
    attempts_free(&i.now);
    attempts_free(&i.told);
    attempts_free(&i.run);
    free(i.lanes);
    trackers_end(&t);
    return rc;
}
