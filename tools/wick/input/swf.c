/*
 * SPDX-License-Identifier: MIT
 * Histories of Amazon's Simple Workflow Service as lines of trackers. See swf.h.
 * A task is an activity, a Lambda function, a child workflow or a timer. It is scheduled by one event, to whose number those of its start and
 * its end refer; the same activityId again is its next attempt. Source: the Amazon SWF API reference, data type HistoryEvent.
 */
#include "input/swf.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/heap.h"
#include "base/host.h"
#include "base/json_stream.h"
#include "base/messages.h"
#include "base/words.h"
#include "input/input.h"
#include "model/base/json.h"
#include "model/tree/board_key.h"

enum { LOOK_BYTES = 64 << 10, EVENTS_MAX = 100000000, NAME_BYTES = 1024 };

/* ---- what each type of event means ------------------------------------------------------------ */

enum meaning { NOTHING, SCHEDULED, STARTED, ENDED, FAILED_AT_ONCE, EXECUTION_STARTED, EXECUTION_ENDED, SAID };

struct event_type {
    const char *name;
    enum meaning meaning;
    const char *id;     /* SCHEDULED: what identifies the task; others: the number of the event that scheduled it; SAID: its name */
    const char *type;   /* SCHEDULED: the member whose `name` names the task; NULL: the id does */
    const char *status; /* ENDED, EXECUTION_ENDED */
    const char *text;   /* what it says: a reason, a cause, details */
};

static const struct event_type types[] = {
    {"ActivityTaskScheduled", SCHEDULED, "activityId", "activityType", NULL, NULL},
    {"ActivityTaskStarted", STARTED, "scheduledEventId", NULL, NULL, NULL},
    {"ActivityTaskCompleted", ENDED, "scheduledEventId", NULL, "finished", "result"},
    {"ActivityTaskFailed", ENDED, "scheduledEventId", NULL, "failed", "reason"},
    {"ActivityTaskTimedOut", ENDED, "scheduledEventId", NULL, "timed-out", "timeoutType"},
    {"ActivityTaskCanceled", ENDED, "scheduledEventId", NULL, "canceled", "details"},
    {"ScheduleActivityTaskFailed", FAILED_AT_ONCE, "activityId", "activityType", "failed", "cause"},
    {"LambdaFunctionScheduled", SCHEDULED, "id", "name", NULL, NULL},
    {"LambdaFunctionStarted", STARTED, "scheduledEventId", NULL, NULL, NULL},
    {"LambdaFunctionCompleted", ENDED, "scheduledEventId", NULL, "finished", "result"},
    {"LambdaFunctionFailed", ENDED, "scheduledEventId", NULL, "failed", "reason"},
    {"LambdaFunctionTimedOut", ENDED, "scheduledEventId", NULL, "timed-out", "timeoutType"},
    {"ScheduleLambdaFunctionFailed", FAILED_AT_ONCE, "id", "name", "failed", "cause"},
    {"StartLambdaFunctionFailed", ENDED, "scheduledEventId", NULL, "failed", "cause"},
    {"StartChildWorkflowExecutionInitiated", SCHEDULED, "workflowId", "workflowType", NULL, NULL},
    {"ChildWorkflowExecutionStarted", STARTED, "initiatedEventId", NULL, NULL, NULL},
    {"ChildWorkflowExecutionCompleted", ENDED, "initiatedEventId", NULL, "finished", "result"},
    {"ChildWorkflowExecutionFailed", ENDED, "initiatedEventId", NULL, "failed", "reason"},
    {"ChildWorkflowExecutionTimedOut", ENDED, "initiatedEventId", NULL, "timed-out", "timeoutType"},
    {"ChildWorkflowExecutionCanceled", ENDED, "initiatedEventId", NULL, "canceled", "details"},
    {"ChildWorkflowExecutionTerminated", ENDED, "initiatedEventId", NULL, "canceled", NULL},
    {"StartChildWorkflowExecutionFailed", ENDED, "initiatedEventId", NULL, "failed", "cause"},
    {"TimerStarted", SCHEDULED, "timerId", NULL, NULL, NULL},
    {"TimerFired", ENDED, "startedEventId", NULL, "finished", NULL},
    {"TimerCanceled", ENDED, "startedEventId", NULL, "canceled", NULL},
    {"WorkflowExecutionStarted", EXECUTION_STARTED, NULL, "workflowType", NULL, NULL},
    {"WorkflowExecutionCompleted", EXECUTION_ENDED, NULL, NULL, "finished", "result"},
    {"WorkflowExecutionFailed", EXECUTION_ENDED, NULL, NULL, "failed", "reason"},
    {"WorkflowExecutionTimedOut", EXECUTION_ENDED, NULL, NULL, "timed-out", "timeoutType"},
    {"WorkflowExecutionCanceled", EXECUTION_ENDED, NULL, NULL, "canceled", "details"},
    {"WorkflowExecutionTerminated", EXECUTION_ENDED, NULL, NULL, "canceled", "reason"},
    {"WorkflowExecutionContinuedAsNew", EXECUTION_ENDED, NULL, NULL, "finished", NULL},
    {"WorkflowExecutionSignaled", SAID, "signalName", NULL, "signal", "input"},
    {"MarkerRecorded", SAID, "markerName", NULL, "marker", "details"},
    /* These say nothing of a task that others do not say. */
    {"ActivityTaskCancelRequested", NOTHING, NULL, NULL, NULL, NULL},
    {"RequestCancelActivityTaskFailed", NOTHING, NULL, NULL, NULL, NULL},
    {"DecisionTaskScheduled", NOTHING, NULL, NULL, NULL, NULL},
    {"DecisionTaskStarted", NOTHING, NULL, NULL, NULL, NULL},
    {"DecisionTaskCompleted", NOTHING, NULL, NULL, NULL, NULL},
    {"DecisionTaskTimedOut", NOTHING, NULL, NULL, NULL, NULL},
    {"WorkflowExecutionCancelRequested", NOTHING, NULL, NULL, NULL, NULL},
    {"CompleteWorkflowExecutionFailed", NOTHING, NULL, NULL, NULL, NULL},
    {"FailWorkflowExecutionFailed", NOTHING, NULL, NULL, NULL, NULL},
    {"CancelWorkflowExecutionFailed", NOTHING, NULL, NULL, NULL, NULL},
    {"ContinueAsNewWorkflowExecutionFailed", NOTHING, NULL, NULL, NULL, NULL},
    {"StartTimerFailed", NOTHING, NULL, NULL, NULL, NULL},
    {"CancelTimerFailed", NOTHING, NULL, NULL, NULL, NULL},
    {"RecordMarkerFailed", NOTHING, NULL, NULL, NULL, NULL},
    {"SignalExternalWorkflowExecutionInitiated", NOTHING, NULL, NULL, NULL, NULL},
    {"SignalExternalWorkflowExecutionFailed", NOTHING, NULL, NULL, NULL, NULL},
    {"ExternalWorkflowExecutionSignaled", NOTHING, NULL, NULL, NULL, NULL},
    {"RequestCancelExternalWorkflowExecutionInitiated", NOTHING, NULL, NULL, NULL, NULL},
    {"RequestCancelExternalWorkflowExecutionFailed", NOTHING, NULL, NULL, NULL, NULL},
    {"ExternalWorkflowExecutionCancelRequested", NOTHING, NULL, NULL, NULL, NULL},
};
enum { TYPES = sizeof types / sizeof types[0] };

/* ---- events ----------------------------------------------------------------------------------- */

struct swf_event {
    uint64_t id;
    int64_t time_ns;
    uint32_t history, order; /* which it is of, and its place among all */
    struct wk_json type, attributes;
};

/* Where the task of an event that scheduled one is. */
struct swf_task {
    uint64_t event;
    uint32_t attempt;
    char *key;
};

struct swf {
    const struct settings *settings;
    const struct swf_out *out;
    struct swf_event *events;
    struct swf_task *tasks; /* of the history that is being told, in order of their events */
    uint32_t event_count, event_capacity, task_count, task_capacity, history;
    bool first; /* the file has a first event */
    uint64_t unknown, unlinked, broken;
    char unknown_type[64];
    char root[WICK_KEY_BYTES + 1];
    uint32_t root_bytes;
    int error; /* a negative enum wick_error */
};

/* 2015-08-04T23:04:01.345Z, or with an offset such as +02:00; without one it is UTC. 0: it is none. */
static bool parse_iso(const char *text, int64_t *time_ns)
{
    struct tm tm = {.tm_isdst = 0};
    const char *at = strptime(text, "%Y-%m-%d", &tm);
    at = at && (*at == 'T' || *at == ' ') ? strptime(at + 1, "%H:%M:%S", &tm) : NULL;
    if (!at) {
        return false;
    }
    int64_t ns = 0, unit = 100000000;
    if (*at == '.') {
        for (at++; *at >= '0' && *at <= '9'; at++, unit /= 10) {
            ns += (*at - '0') * unit;
        }
    }
    int hours = 0, minutes = 0;
    if (*at == '+' || *at == '-') {
        if (sscanf(at + 1, "%2d:%2d", &hours, &minutes) < 2 && sscanf(at + 1, "%2d%2d", &hours, &minutes) < 1) {
            return false;
        }
        minutes = (*at == '-' ? -1 : 1) * (60 * hours + minutes);
    } else if (*at && *at != 'Z') {
        return false;
    }
    *time_ns = ((int64_t)timegm(&tm) - 60 * (int64_t)minutes) * 1000000000 + ns;
    return true;
}

static bool parse_time(struct wk_json value, int64_t *time_ns)
{
    char text[64];
    if (wk_json_scaled(value, 9, time_ns)) {
        return true;
    }
    text[wk_json_text(value, text, sizeof text - 1)] = 0;
    return parse_iso(text, time_ns);
}

/* Its attributes are in a member that is named after its type. */
static struct wk_json attributes_of(struct wk_json event)
{
    struct wk_json inside = wk_json_inside(event), key, value;
    while (wk_json_member(&inside, &key, &value) > 0) {
        const size_t bytes = (size_t)(key.end - key.at);
        if (bytes > 17 && memcmp(key.end - 16, "EventAttributes\"", 16) == 0) {
            return value;
        }
    }
    return (struct wk_json){0};
}

static void add_event(struct swf *s, struct wk_json value)
{
    struct swf_event event = {.history = s->history, .order = s->event_count, .type = wk_json_find(value, "eventType"), .attributes = attributes_of(value)};
    if (!wk_json_unsigned(wk_json_find(value, "eventId"), &event.id) || !parse_time(wk_json_find(value, "eventTimestamp"), &event.time_ns) ||
        event.type.at == event.type.end || event.id > EVENTS_MAX) {
        s->broken++;
    } else if (tool_grow(&s->events, &s->event_capacity, s->event_count, sizeof *s->events)) {
        s->first |= event.id == 1;
        s->events[s->event_count++] = event;
    } else {
        s->error = WICK_E_NOMEM;
    }
}

/* A page. */
static void take_page(void *user, struct wk_json page)
{
    struct swf *s = user;
    struct wk_json events = wk_json_inside(wk_json_find(page, "events")), event;
    while (!s->error && wk_json_element(&events, &event) > 0) {
        add_event(s, event);
    }
}

static char *read_all(const struct settings *settings, const char *path, size_t most, size_t *bytes)
{
    struct input *input = input_open(settings, path);
    size_t capacity = 0;
    char *text = NULL;
    long got = input ? 1 : -1;
    for (*bytes = 0; got > 0 && *bytes < most; *bytes += got > 0 ? (size_t)got : 0) {
        if (*bytes + LOOK_BYTES > capacity) {
            capacity = 2 * capacity + LOOK_BYTES;
            char *grown = realloc(text, capacity);
            if (!grown) {
                tool_error(settings, "out of memory");
                got = -1;
                break;
            }
            text = grown;
        }
        got = input_read(input, text + *bytes, LOOK_BYTES);
    }
    input_close(input);
    if (got < 0) {
        free(text);
        text = NULL;
    }
    return text;
}

bool swf_is(const struct settings *settings, const char *path)
{
    struct settings quiet = *settings;
    size_t bytes;
    quiet.program_name = NULL; /* whoever reads it says what is wrong */
    char *text = read_all(&quiet, path, LOOK_BYTES, &bytes);
    const size_t white = text ? strspn(text, " \t\r\n") : 0;
    const bool is = text && bytes > white && text[white] == '{' && memmem(text, bytes, "\"events\"", 8) && memmem(text, bytes, "\"eventType\"", 11);
    free(text);
    return is;
}

/* ---- lines ------------------------------------------------------------------------------------ */

/* A line that is being written: `KEY {`, members, `}`. */
struct swf_line {
    struct swf *swf;
    FILE *to;
    char *text;
    size_t bytes;
    struct wick_json json;
};

static bool line_begin(struct swf_line *line, struct swf *s, const char *key)
{
    *line = (struct swf_line){.swf = s};
    line->to = open_memstream(&line->text, &line->bytes);
    if (!line->to) {
        s->error = WICK_E_NOMEM;
        return false;
    }
    fprintf(line->to, "%s ", key);
    line->json = json_to(line->to);
    wick_json_begin(&line->json, NULL, '{');
    return true;
}

static void line_status(struct swf_line *line, uint32_t attempt, const char *status)
{
    wick_json_begin(&line->json, "status", '[');
    wick_json_unsigned(&line->json, NULL, attempt);
    wick_json_string(&line->json, NULL, status);
    wick_json_end(&line->json, ']');
}

/* A member that is a text in the history; one that is not there is left out. */
static void line_text(struct swf_line *line, const char *name, struct wk_json value)
{
    char text[NAME_BYTES];
    const uint32_t bytes = wk_json_text(value, text, sizeof text);
    if (bytes) {
        wick_json_text(&line->json, name, text, bytes);
    }
}

static void line_end(struct swf_line *line, int64_t time_ns)
{
    struct swf *s = line->swf;
    wick_json_end(&line->json, '}');
    if (fclose(line->to) != 0) {
        s->error = WICK_E_NOMEM;
    } else if (!s->error) {
        s->error = s->out->line(s->out->user, time_ns, line->text, (uint32_t)line->bytes);
    }
    free(line->text);
}

/* ---- tasks ------------------------------------------------------------------------------------ */

static uint32_t attempt_of(const struct swf *s, const char *key, uint32_t bytes)
{
    return s->out->attempt(s->out->user, key, bytes);
}

static int is_taken(void *user, const char *key, uint32_t bytes)
{
    return attempt_of(user, key, bytes) != 0;
}

/* Its id is its key, below that of the execution; one that cannot stand in a key is told from others by its hash. false: the key is too long. */
static bool key_of(const struct swf *s, const char *id, uint32_t bytes, char key[WICK_KEY_BYTES + 1])
{
    enum { MARK = 9 };
    uint32_t at = s->root_bytes + 1;
    memcpy(key, s->root, s->root_bytes);
    key[s->root_bytes] = '.';
    if (at + WICK_SEGMENT_BYTES > WICK_KEY_BYTES) {
        return false;
    }
    uint32_t segment = wk_board_segment(key + at, id, bytes, WICK_SEGMENT_BYTES);
    if (segment != bytes || memcmp(key + at, id, bytes) != 0) {
        segment = wk_board_segment(key + at, id, bytes, WICK_SEGMENT_BYTES - MARK);
        segment += (uint32_t)snprintf(key + at + segment, MARK + 1, "~%08x", (unsigned)wk_mem_hash(id, bytes, 0));
    }
    key[at + segment] = 0;
    return true;
}

/* The number under which it is found by the events that refer to it. */
static struct swf_task *find_task(const struct swf *s, uint64_t event)
{
    uint32_t low = 0, high = s->task_count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (s->tasks[middle].event < event) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < s->task_count && s->tasks[low].event == event ? &s->tasks[low] : NULL;
}

static void name_it(struct swf_line *line, const struct swf_event *event, const struct event_type *type, const char *id)
{
    char text[NAME_BYTES];
    const struct wk_json named = type->type ? wk_json_find(event->attributes, type->type) : (struct wk_json){0};
    const bool object = named.at < named.end && *named.at == '{';
    const uint32_t bytes = wk_json_text(object ? wk_json_find(named, "name") : named, text, sizeof text);
    wick_json_text(&line->json, "name", bytes ? text : id, bytes ? bytes : strlen(id));
}

/* Events come in the order of their numbers. */
static void schedule(struct swf *s, const struct swf_event *event, const struct event_type *type)
{
    char id[NAME_BYTES + 1], key[WICK_KEY_BYTES + 1];
    struct swf_line line;
    const uint32_t bytes = wk_json_text(wk_json_find(event->attributes, type->id), id, NAME_BYTES);
    id[bytes] = 0;
    if (!bytes || !key_of(s, id, bytes, key)) {
        s->broken++;
        return;
    }
    const uint32_t attempt = attempt_of(s, key, (uint32_t)strlen(key)) + 1;
    if (!tool_grow(&s->tasks, &s->task_capacity, s->task_count, sizeof *s->tasks) || !(s->tasks[s->task_count].key = strdup(key))) {
        s->error = WICK_E_NOMEM;
        return;
    }
    s->tasks[s->task_count].event = event->id;
    s->tasks[s->task_count++].attempt = attempt;
    if (!line_begin(&line, s, key)) {
        return;
    }
    name_it(&line, event, type, id);
    wick_json_signed(&line.json, "created", event->time_ns);
    if (attempt > 1) {
        wick_json_word(&line.json, "start", "null");
        wick_json_word(&line.json, "finish", "null");
        wick_json_word(&line.json, "msg", "null");
    }
    if (type->meaning == FAILED_AT_ONCE) {
        wick_json_signed(&line.json, "finish", event->time_ns);
        line_text(&line, "msg", wk_json_find(event->attributes, type->text));
    } else if (!type->type) { /* a timer runs at once */
        wick_json_signed(&line.json, "start", event->time_ns);
    }
    line_status(&line, attempt, type->meaning == FAILED_AT_ONCE ? type->status : type->type ? "waiting" : "running");
    line_end(&line, event->time_ns);
}

static void go_on(struct swf *s, const struct swf_event *event, const struct event_type *type)
{
    uint64_t number = 0;
    struct swf_line line;
    (void)wk_json_unsigned(wk_json_find(event->attributes, type->id), &number);
    const struct swf_task *task = find_task(s, number);
    if (!task) {
        s->unlinked++;
        return;
    }
    if (line_begin(&line, s, task->key)) {
        wick_json_signed(&line.json, type->meaning == STARTED ? "start" : "finish", event->time_ns);
        line_status(&line, task->attempt, type->meaning == STARTED ? "running" : type->status);
        if (type->text) {
            line_text(&line, "msg", wk_json_find(event->attributes, type->text));
        }
        line_end(&line, event->time_ns);
    }
}

/* The execution itself. */
static void execution(struct swf *s, const struct swf_event *event, const struct event_type *type)
{
    struct swf_line line;
    if (!line_begin(&line, s, s->root)) {
        return;
    }
    if (type->meaning == EXECUTION_STARTED) {
        name_it(&line, event, type, s->root);
        wick_json_signed(&line.json, "created", event->time_ns);
        wick_json_signed(&line.json, "start", event->time_ns);
        line_status(&line, 1, "running");
    } else if (type->meaning == EXECUTION_ENDED) {
        wick_json_signed(&line.json, "finish", event->time_ns);
        line_status(&line, 1, type->status);
        if (type->text) {
            line_text(&line, "msg", wk_json_find(event->attributes, type->text));
        }
    } else { /* a signal or a marker: its last details, by its name */
        char name[128], member[192];
        name[wk_json_text(wk_json_find(event->attributes, type->id), name, 100)] = 0;
        for (char *at = name; *at; at++) {
            *at = *at < ' ' || *at == '"' || *at == '\\' ? '-' : *at;
        }
        snprintf(member, sizeof member, "%s %s", type->status, name);
        const struct wk_json said = wk_json_find(event->attributes, type->text);
        if (said.at < said.end) {
            line_text(&line, member, said);
        } else {
            wick_json_string(&line.json, member, "");
        }
    }
    line_end(&line, event->time_ns);
}

/* The key of the execution, which is named after its type. */
static bool begin_history(struct swf *s, const struct swf_event *first)
{
    char name[NAME_BYTES];
    const struct wk_json type = wk_json_find(first->attributes, "workflowType");
    uint32_t bytes = wk_json_text(wk_json_find(type, "name"), name, sizeof name);
    s->root_bytes = wk_board_new_key(s->root, 0, bytes ? name : "workflow", bytes ? bytes : 8, is_taken, s);
    s->root[s->root_bytes] = 0;
    for (uint32_t i = 0; i < s->task_count; i++) {
        free(s->tasks[i].key);
    }
    s->task_count = 0;
    return s->root_bytes;
}

static void tell(struct swf *s, const struct swf_event *event)
{
    const struct event_type *type = types;
    while (type < types + TYPES && !wk_json_is(event->type, type->name)) {
        type++;
    }
    if (type == types + TYPES) {
        s->unknown_type[wk_json_text(event->type, s->unknown_type, sizeof s->unknown_type - 1)] = 0;
        s->unknown++;
    } else if (type->meaning == SCHEDULED || type->meaning == FAILED_AT_ONCE) {
        schedule(s, event, type);
    } else if (type->meaning == STARTED || type->meaning == ENDED) {
        go_on(s, event, type);
    } else if (type->meaning != NOTHING) {
        execution(s, event, type);
    }
}

/* ---- files ------------------------------------------------------------------------------------ */

static int in_order(const void *left, const void *right)
{
    const struct swf_event *x = left, *y = right;
    if (x->history != y->history) {
        return x->history < y->history ? -1 : 1;
    }
    if (x->id != y->id) {
        return x->id < y->id ? -1 : 1;
    }
    return x->order < y->order ? -1 : 1;
}

static void tell_all(struct swf *s)
{
    uint32_t history = UINT32_MAX;
    if (s->event_count) {
        qsort(s->events, s->event_count, sizeof *s->events, in_order);
    }
    for (uint32_t i = 0; i < s->event_count && !s->error; i++) {
        const struct swf_event *event = &s->events[i], *before = i ? event - 1 : NULL;
        if (before && before->history == event->history && before->id == event->id) {
            continue; /* a page that was given twice */
        }
        if (event->history != history && !begin_history(s, event)) {
            s->error = WICK_E_LIMIT;
        }
        history = event->history;
        if (!s->error) {
            tell(s, event);
        }
    }
}

static void note(const struct swf *s)
{
    if (s->unknown) {
        tool_note("%s not known, and not used: %s%s", tool_count(s->unknown, "event has a type that is|events have types that are"), s->unknown > 1 ? "the last is " : "",
                  s->unknown_type);
    }
    if (s->unlinked) {
        tool_note("%s to an event that scheduled nothing, or that is in a page that was not given", tool_count(s->unlinked, "event refers|events refer"));
    }
    if (s->broken) {
        tool_note("%s not used: without a number, a time, a type or an id", tool_count(s->broken, "event is|events are"));
    }
}

/* A file has its pages one after the other. NULL after a message; else what the events point into. */
static char *read_pages(struct swf *s, const char *path)
{
    struct wk_json_cutter cutter = {.allocator = &wk_heap_allocator, .each = "events", .take = take_page, .user = s, .lines = 1};
    size_t bytes;
    const uint32_t before = s->event_count;
    char *text = read_all(s->settings, path, SIZE_MAX / 2, &bytes);
    if (!text) {
        return NULL;
    }
    s->history += !s->event_count ? 0 : 1; /* until it is known that it goes on with another one */
    s->first = false;
    wk_json_cut(&cutter, text, bytes);
    const bool whole = wk_json_cut_complete(&cutter);
    wk_array_free(&cutter.carry, &wk_heap_allocator, 1);
    if (!whole || s->error || cutter.error) {
        tool_error(s->settings, whole ? "%s: out of memory" : "%s: the JSON ends in the middle: get the history again", path);
        free(text);
        return NULL;
    }
    if (!s->first && before) {
        s->history--;
        for (uint32_t i = before; i < s->event_count; i++) {
            s->events[i].history = s->history;
        }
    }
    return text;
}

int swf_read(const struct settings *settings, char **paths, int count, const struct swf_out *out)
{
    struct swf s = {.settings = settings, .out = out};
    char **texts = calloc((size_t)count + 1, sizeof *texts);
    int rc = texts ? EXIT_FINE : EXIT_USAGE;
    if (!texts) {
        tool_error(settings, "out of memory");
    }
    for (int i = 0; i < count && rc == EXIT_FINE; i++) {
        texts[i] = read_pages(&s, paths[i]);
        rc = texts[i] ? rc : EXIT_USAGE;
    }
    if (rc == EXIT_FINE) {
        tell_all(&s);
        note(&s);
    }
    if (s.error && rc == EXIT_FINE) {
        tool_error(settings, s.error == WICK_E_NOMEM ? "out of memory" : "the type of a workflow is too long a name");
        rc = EXIT_USAGE;
    }
    for (int i = 0; texts && i < count; i++) {
        free(texts[i]);
    }
    for (uint32_t i = 0; i < s.task_count; i++) {
        free(s.tasks[i].key);
    }
    free(texts);
    free(s.tasks);
    free(s.events);
    return rc;
}
