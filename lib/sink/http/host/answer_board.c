/*
 * SPDX-License-Identifier: MIT
 * Trackers as an answer. See answer_board.h. Read step, then the states of a level in their order.
 */
#include "answer_board.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wick/json.h>

#include "base/clock.h"
#include "board/program_board.h"
#include "model/tree/board_json.h"
#include "model/tree/board_lines.h"
#include "model/tree/board_state.h"
#include "sink/fleet/fleet.h"

enum {
    PIECE_BYTES = 8192,  /* written while the lock is held */
    COLLECT_MOST = 1024, /* siblings that are looked at meanwhile */
    LEVELS = WICK_KEY_LEVELS + 1
};

struct listed_child {
    int64_t start_ns; /* of its creation where it was not started */
    uint32_t tracker;
};

/* A tracker whose children are being written; the first level has all roots below it, or the one that was asked for. */
struct board_level {
    uint32_t tracker;       /* WICK_NONE: above the roots */
    uint32_t next;          /* the sibling that is collected next */
    enum { BEGIN, COLLECT, SORT, KEYS, TASKS, END } state;
    struct listed_child *children;
    uint32_t count, capacity, at;
};

struct wk_board_answer {
    struct board_level levels[LEVELS];
    uint32_t used;          /* levels that are open */
    uint32_t depth;         /* so many levels of trackers are written */
    bool lines;             /* facts, as in a log; else JSON */
    bool failed;
    int64_t now_ns;
    struct wk_board_owner owner;
    struct wick_board *board; /* while it is entered */
    uint64_t number;        /* of the run of a fleet; 0: not known yet */
    struct wk_visit visit;
    struct wick_json json;
    struct wk_growing *text; /* of the piece */
};

/* Lock the board. False: there is no memory for it, or the run is not there any more, or was read anew: its indices are others. */
static bool enter(struct wk_board_answer *a)
{
    struct wk_fleet *fleet = a->owner.fleet;
    if (!fleet) {
        if (wk_board_enter_quietly(&a->visit) < 0) {
            return false;
        }
        a->board = wk_program_board.board;
        return true;
    }
    pthread_mutex_lock(&fleet->lock);
    const struct wk_fleet_run *run = wk_fleet_find_locked(fleet, a->owner.run, strlen(a->owner.run));
    if (!run || !run->board || (a->number && a->number != run->number)) {
        pthread_mutex_unlock(&fleet->lock);
        return false;
    }
    a->number = run->number;
    a->board = run->board;
    return true;
}

static void leave(struct wk_board_answer *a)
{
    if (a->owner.fleet) {
        pthread_mutex_unlock(&a->owner.fleet->lock);
    } else {
        wk_board_leave(&a->visit);
    }
}

/* ---- the children of a level ------------------------------------------------------------------ */

static bool add_child(const struct wk_board_answer *a, struct board_level *level, uint32_t tracker)
{
    const struct wk_tracker *t = wk_tracker_at(a->board, tracker);
    if (!t->alive) {
        return true;
    }
    if (level->count == level->capacity) {
        uint32_t capacity = level->capacity ? 2 * level->capacity : 64;
        struct listed_child *grown = realloc(level->children, capacity * sizeof *grown);
        if (!grown) {
            return false;
        }
        level->children = grown;
        level->capacity = capacity;
    }
    level->children[level->count++] = (struct listed_child){t->start_ns ? t->start_ns : t->created_ns, tracker};
    return true;
}

/* Entries are never freed, so that a sibling stays one while the lock is not held. */
static void collect(struct wk_board_answer *a, struct board_level *level)
{
    for (uint32_t i = 0; i < COLLECT_MOST && level->next != WICK_NONE; i++) {
        if (!add_child(a, level, level->next)) {
            a->failed = true;
            return;
        }
        level->next = wk_tracker_at(a->board, level->next)->next;
    }
    if (level->next == WICK_NONE) {
        level->state = SORT;
    }
}

static int by_start(const void *x, const void *y)
{
    const struct listed_child *a = x, *b = y;
    return a->start_ns != b->start_ns ? (a->start_ns < b->start_ns ? -1 : 1) : (a->tracker > b->tracker) - (a->tracker < b->tracker);
}

/* ---- facts ------------------------------------------------------------------------------------ */

static int put_line(void *user, const char *text, size_t bytes)
{
    return wk_growing_put(user, text, bytes - 1) < 0 || wk_growing_put(user, "\n", 1) < 0 ? WICK_E_NOMEM : 0;
}

/* All facts of a tracker, each version of them in lines of its own. */
static void put_lines(struct wk_board_answer *a, uint32_t tracker)
{
    const struct wick_text_out out = {put_line, a->text};
    uint64_t version;
    for (uint32_t at = 0; (version = wk_board_next_version(a->board, tracker, &at)) != 0;) {
        const struct wk_board_line line = {.tracker = tracker, .version = version};
        a->failed = a->failed || wk_board_lines(a->board, &line, &out) < 0;
    }
}

/* ---- states ----------------------------------------------------------------------------------- */

static void pop(struct wk_board_answer *a)
{
    free(a->levels[--a->used].children);
}

static void push(struct wk_board_answer *a, uint32_t tracker)
{
    const uint32_t first = tracker == WICK_NONE ? a->board->first_root : wk_tracker_at(a->board, tracker)->first_child;
    a->levels[a->used++] = (struct board_level){.tracker = tracker, .next = first};
}

/* The tracker itself. Its children are listed if they are wanted, in JSON their keys at least. */
static void begin_level(struct wk_board_answer *a, struct board_level *level)
{
    struct wick_tracker_info info;
    bool there = level->tracker == WICK_NONE || wick_board_read(a->board, level->tracker, a->now_ns, &info);
    level->state = COLLECT;
    if (!there) { /* it was removed meanwhile */
        pop(a);
    } else if (a->lines) {
        if (level->tracker != WICK_NONE) {
            put_lines(a, level->tracker);
        }
        level->state = a->used < a->depth ? COLLECT : END;
    } else {
        wick_json_line(&a->json);
        wick_json_begin(&a->json, NULL, '{');
        if (level->tracker == WICK_NONE) {
            wick_json_string(&a->json, "run", a->owner.run);
            wick_json_time(&a->json, "now_ns", a->now_ns);
        } else {
            wk_board_json(&a->json, a->board, level->tracker, a->now_ns);
        }
    }
}

static bool is_full(const struct wk_board_answer *a)
{
    return a->text->used >= PIECE_BYTES || a->text->failed || a->failed;
}

static void write_keys(struct wk_board_answer *a, struct board_level *level)
{
    if (level->at == 0) {
        wick_json_begin(&a->json, "_children", '[');
    }
    for (; level->at < level->count && !is_full(a); level->at++) {
        const struct wk_tracker *t = wk_tracker_at(a->board, level->children[level->at].tracker);
        if (t->alive) {
            wick_json_text(&a->json, NULL, t->key, t->key_bytes);
        }
    }
    if (level->at < level->count) {
        return;
    }
    wick_json_end(&a->json, ']');
    level->at = 0;
    level->state = END;
    if (a->used < a->depth) {
        level->state = TASKS;
        wick_json_begin(&a->json, "tasks", '[');
    }
}

/* The next child begins a level of its own. */
static void write_task(struct wk_board_answer *a, struct board_level *level)
{
    if (level->at < level->count) {
        push(a, level->children[level->at++].tracker);
        return;
    }
    if (!a->lines) {
        wick_json_end(&a->json, ']');
    }
    level->state = END;
}

static void end_level(struct wk_board_answer *a)
{
    if (!a->lines) {
        wick_json_end(&a->json, '}');
    }
    pop(a);
}

/* While the lock is held. */
static void advance(struct wk_board_answer *a, struct board_level *level)
{
    switch (level->state) {
    case BEGIN:
        begin_level(a, level);
        break;
    case COLLECT:
        collect(a, level);
        break;
    case KEYS:
        write_keys(a, level);
        break;
    case TASKS:
        write_task(a, level);
        break;
    default:
        end_level(a);
        break;
    }
}

static void sort(struct wk_board_answer *a, struct board_level *level)
{
    if (level->count) {
        qsort(level->children, level->count, sizeof *level->children, by_start);
    }
    level->state = a->lines ? TASKS : KEYS;
}

bool wk_board_answer_step(struct wk_board_answer *a, struct wk_growing *text)
{
    a->text = text;
    a->json.out = (struct wick_text_out){wk_growing_put, text};
    if (a->used && a->levels[a->used - 1].state == SORT) {
        sort(a, &a->levels[a->used - 1]);
    }
    if (!enter(a)) {
        text->failed = true;
        return false;
    }
    bool collects = false;
    while (!a->failed && a->used && !is_full(a) && !collects) {
        struct board_level *level = &a->levels[a->used - 1];
        collects = level->state == COLLECT;
        advance(a, level);
        if (a->used && a->levels[a->used - 1].state == SORT) { /* of a few, at once */
            collects = a->levels[a->used - 1].count > COLLECT_MOST / 4;
            if (!collects) {
                sort(a, &a->levels[a->used - 1]);
            }
        }
    }
    leave(a);
    if (!a->used && !a->lines) {
        (void)wk_growing_put(text, "\n", 1);
    }
    text->failed = text->failed || a->failed;
    return a->used && !text->failed;
}

/* ---- begin and end ---------------------------------------------------------------------------- */

static void refuse(struct wk_http_answer *answer, unsigned status, const char *text)
{
    answer->status = status;
    snprintf(answer->text, sizeof answer->text, "%s", text);
}

/* What was asked for is the first level; false: there is no such tracker. */
static bool begin(struct wk_board_answer *a, const struct wk_http_question *question)
{
    bool found = false;
    if (enter(a)) {
        uint32_t top = question->key ? wick_board_find(a->board, question->key, question->key_bytes) : WICK_NONE;
        found = !question->key || top != WICK_NONE;
        int64_t now_ns = wk_clock_wall_ns(), last_ns = a->owner.fleet ? 0 : (int64_t)wk_program_board.version;
        a->now_ns = now_ns > last_ns ? now_ns : last_ns; /* the clock may have been set back */
        a->depth += !question->key;
        if (found) {
            push(a, top);
        }
        leave(a);
    }
    return found;
}

struct wk_board_answer *wk_board_answer_create(const struct wk_http_question *question, const struct wk_board_owner *owner,
                                               struct wk_http_answer *answer)
{
    const char *wrong = question->key ? wick_board_key_error(question->key, question->key_bytes) : NULL;
    if (wrong) {
        refuse(answer, 400, wrong);
        return NULL;
    }
    struct wk_board_answer *a = calloc(1, sizeof *a);
    if (!a) {
        refuse(answer, 503, "no memory");
        return NULL;
    }
    a->depth = question->depth;
    a->lines = question->lines;
    a->owner = *owner;
    answer->status = 200;
    if (!begin(a, question)) {
        free(a);
        return NULL;
    }
    return a;
}

void wk_board_answer_destroy(struct wk_board_answer *a)
{
    while (a && a->used) {
        pop(a);
    }
    free(a);
}
