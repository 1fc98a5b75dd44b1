/*
 * SPDX-License-Identifier: MIT
 * The facts of a tracker: one block of memory, fact after fact. See board_state.h.
 * Invariant: of each field the fact that counts is there; of `status` also those that would count if older ones were removed.
 */
#include "board_state.h"
#include "model/base/json.h"

static const char *const status_words[WICK_TRACKER_STATUSES] = {"waiting", "running", "paused", "finished", "failed", "canceled",
                                                               "timed-out", ""};

const char *wick_tracker_status_word(enum wick_tracker_status status)
{
    return (uint32_t)status < WICK_TRACKER_STATUSES ? status_words[status] : "";
}

static int is_terminal(uint8_t status)
{
    return status >= WICK_TRACKER_FINISHED && status <= WICK_TRACKER_TIMED_OUT;
}

/* ---- the block -------------------------------------------------------------------------------- */

int wk_fact_next(const struct wk_tracker *tracker, uint32_t *at, struct wk_fact_head *head, const char **value)
{
    if (*at >= tracker->facts_bytes) {
        return 0;
    }
    memcpy(head, tracker->facts + *at, sizeof *head);
    *value = tracker->facts + *at + sizeof *head;
    *at += (uint32_t)sizeof *head + head->bytes;
    return 1;
}

/* Make a hole of `bytes` in the place of `old` bytes at `at`. */
static int make_hole(const struct wick_board *board, struct wk_tracker *tracker, uint32_t at, uint32_t old, uint32_t bytes)
{
    uint32_t all = tracker->facts_bytes - old + bytes;
    if (all > tracker->facts_room) {
        uint32_t room = all + all / 2 + 64;
        char *facts = wk_mem_resize(board->allocator, tracker->facts, tracker->facts_room, room);
        if (!facts) {
            return WICK_E_NOMEM;
        }
        tracker->facts = facts;
        tracker->facts_room = room;
    }
    memmove(tracker->facts + at + bytes, tracker->facts + at + old, tracker->facts_bytes - at - old);
    tracker->facts_bytes = all;
    return 0;
}

/* ---- statuses --------------------------------------------------------------------------------- */

struct status {
    struct wk_stamp stamp;
    uint32_t attempt;
    uint8_t status;
    uint8_t none; /* null: takes back all older ones */
};

static struct status status_of(const struct wk_fact_head *head, const char *value)
{
    struct status s = {head->stamp, 0, WICK_TRACKER_WAITING, wk_value_is_null(value, head->bytes)};
    struct wk_json word, attempt, inside = wk_json_inside((struct wk_json){value, value + head->bytes});
    uint64_t number;
    if (wk_json_element(&inside, &attempt) <= 0 || !wk_json_unsigned(attempt, &number) || number > UINT32_MAX ||
        wk_json_element(&inside, &word) <= 0) {
        return s;
    }
    s.attempt = (uint32_t)number;
    for (s.status = 0; s.status < WICK_TRACKER_OTHER && !wk_json_is(word, status_words[s.status]); s.status++) {
    }
    return s;
}

/* Does this status count beside that one? */
static int beats(const struct status *x, const struct status *y)
{
    if (x->attempt != y->attempt) {
        return x->attempt > y->attempt;
    }
    if (is_terminal(x->status) != is_terminal(y->status)) {
        return is_terminal(x->status);
    }
    return is_terminal(x->status) ? wk_stamp_later(y->stamp, x->stamp) : wk_stamp_later(x->stamp, y->stamp);
}

/* A status beside those that are there: drop what it beats and what is older than it, for a removal takes the older first.
 * Gives the place for it; -1: one that is newer beats it. */
static int64_t place_status(struct wk_tracker *tracker, const struct wk_fact_head *head, const char *value, uint32_t from)
{
    const struct status added = status_of(head, value);
    struct wk_fact_head other;
    const char *text;
    for (uint32_t at = from; wk_fact_next(tracker, &at, &other, &text) && other.field == head->field;) {
        const struct status s = status_of(&other, text);
        if (!wk_stamp_later(s.stamp, added.stamp) ? !wk_stamp_later(added.stamp, s.stamp)
                                                  : s.none || (!added.none && beats(&s, &added))) {
            return -1; /* the same, or outdone by a newer one */
        }
    }
    uint32_t place = from;
    for (uint32_t at = from, next = from; wk_fact_next(tracker, &next, &other, &text) && other.field == head->field; at = next) {
        const struct status s = status_of(&other, text);
        if (wk_stamp_later(s.stamp, added.stamp)) {
            break;
        }
        if (added.none || (!s.none && beats(&added, &s))) {
            memmove(tracker->facts + at, tracker->facts + next, tracker->facts_bytes - next);
            tracker->facts_bytes -= next - at;
            next = at;
        }
        place = next;
    }
    return place;
}

int wk_fact_put(const struct wick_board *board, struct wk_tracker *tracker, const struct wk_fact_head *head, const char *value)
{
    struct wk_fact_head other = {.field = WICK_NONE};
    const char *text;
    uint32_t place = 0, old = 0;
    for (uint32_t at = 0; wk_fact_next(tracker, &at, &other, &text) && other.field < head->field;) {
        place = at;
    }
    const uint32_t bytes = (uint32_t)sizeof *head + head->bytes;
    if (head->field == WK_FIELD_status) {
        /* The room first: what is dropped then cannot be missed for want of memory. */
        int rc = make_hole(board, tracker, tracker->facts_bytes, 0, bytes);
        if (rc < 0) {
            return rc;
        }
        tracker->facts_bytes -= bytes;
        int64_t found = place_status(tracker, head, value, place);
        if (found < 0) {
            return 0;
        }
        place = (uint32_t)found;
    } else if (place < tracker->facts_bytes && other.field == head->field) {
        if (!wk_stamp_later(head->stamp, other.stamp)) {
            return 0;
        }
        old = (uint32_t)sizeof other + other.bytes;
    }
    int rc = make_hole(board, tracker, place, old, bytes);
    if (rc < 0) {
        return rc;
    }
    memcpy(tracker->facts + place, head, sizeof *head);
    memcpy(tracker->facts + place + sizeof *head, value, head->bytes);
    tracker->others += head->field >= WK_FIELD_OTHER && !old;
    return 1;
}

void wk_facts_drop(struct wk_tracker *tracker)
{
    struct wk_fact_head head;
    const char *value;
    uint32_t to = 0;
    for (uint32_t at = 0, from = 0; wk_fact_next(tracker, &at, &head, &value); from = at) {
        if (wk_stamp_later(head.stamp, tracker->gone)) {
            memmove(tracker->facts + to, tracker->facts + from, at - from);
            to += at - from;
        } else {
            tracker->others -= head.field >= WK_FIELD_OTHER;
        }
    }
    tracker->facts_bytes = to;
}

/* ---- decoding --------------------------------------------------------------------------------- */

/* Seconds as ns; 0 for what is no number, and for what is negative or longer than 292 years. */
static int64_t seconds_of(struct wk_json value)
{
    int64_t ns;
    return wk_json_scaled(value, 9, &ns) && ns > 0 ? ns : 0;
}

/* A time since the epoch: decimal digits of ns. */
static int64_t time_of(struct wk_json value)
{
    int64_t ns;
    return wk_json_signed(value, &ns) ? ns : 0;
}

static void decode_number(struct wk_tracker *t, const struct wk_fact_head *head, struct wk_json value)
{
    double number;
    int good = wk_json_double(value, &number) && number >= 0;
    if (head->field == WK_FIELD_progress && good && number <= 1) {
        t->own_progress = number;
        t->progress_stamp = head->stamp;
    } else if (head->field == WK_FIELD_weight && good) {
        t->weight = number;
    }
}

static void decode(struct wk_tracker *t, const struct wk_fact_head *head, struct wk_json value)
{
    switch (head->field) {
    case WK_FIELD_progress:
    case WK_FIELD_weight:
        decode_number(t, head, value);
        break;
    case WK_FIELD_estimate:
        t->own_estimate_ns = seconds_of(value);
        break;
    case WK_FIELD_parallel:
        t->parallel = value.at < value.end && (*value.at == 't' || *value.at == '1');
        break;
    case WK_FIELD_created:
        t->created_ns = time_of(value);
        break;
    case WK_FIELD_start:
        t->start_ns = time_of(value);
        break;
    case WK_FIELD_finish:
        t->finish_ns = time_of(value);
        break;
    case WK_FIELD_paused_s:
        t->paused_ns = seconds_of(value);
        break;
    default:
        break;
    }
}

void wk_facts_decode(struct wk_tracker *t)
{
    struct wk_fact_head head;
    const char *value;
    struct status best = {.status = WICK_TRACKER_WAITING};
    t->own_progress = (double)__builtin_nanf("");
    t->progress_stamp = (struct wk_stamp){0, 0};
    t->weight = 1;
    t->own_estimate_ns = t->created_ns = t->start_ns = t->finish_ns = t->paused_ns = 0;
    t->parallel = 0;
    for (uint32_t at = 0; wk_fact_next(t, &at, &head, &value) && head.field < WK_FIELD_OTHER;) {
        if (head.field == WK_FIELD_status) {
            const struct status s = status_of(&head, value);
            best = s.none ? (struct status){.status = WICK_TRACKER_WAITING} : beats(&s, &best) ? s : best;
        } else {
            decode(t, &head, (struct wk_json){value, value + head.bytes});
        }
    }
    t->attempt = best.attempt;
    t->status = best.status;
    t->status_stamp = best.stamp;
}
