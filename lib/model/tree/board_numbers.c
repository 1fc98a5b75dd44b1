/*
 * SPDX-License-Identifier: MIT
 * The numbers that a board derives: counts, weighted progress, newest message, estimates. See wick/board.h.
 * The sums are exact and incremental, so that a change costs O(depth) and the order of changes does not show.
 */
#include "board_state.h"

/* ---- upward ----------------------------------------------------------------------------------- */

static int is_alive(const struct wk_tracker *t)
{
    struct wk_fact_head head;
    const char *value;
    if (t->children) {
        return 1;
    }
    for (uint32_t at = 0; wk_fact_next(t, &at, &head, &value);) {
        if (!wk_value_is_null(value, head.bytes)) {
            return 1;
        }
    }
    return 0;
}

/* Progress posted on a tracker with children holds while it is newer than every change below it; weights of 0 count for nothing. */
static double progress_of(const struct wk_tracker *t)
{
    double weights = wk_exact_read(&t->weights);
    if (!t->children || !(weights > 0) ||
        (t->own_progress == t->own_progress && wk_stamp_later(t->progress_stamp, t->below))) {
        return t->own_progress;
    }
    return wk_exact_read(&t->weighted) / weights;
}

static struct wk_exact exact_product(const struct wk_share *share)
{
    return wk_exact_scale(share->weight * share->progress);
}

/* Put the share of a child into its parent's sums, in the place of the one before. */
static void share_out(struct wk_tracker *child, struct wk_tracker *parent)
{
    struct wk_share *old = &child->share;
    struct wk_share share = {child->weight, child->progress == child->progress ? child->progress : 0, child->alive};
    if (old->alive) {
        wk_exact_add(&parent->weights, wk_exact_negate(wk_exact_scale(old->weight)));
        wk_exact_add(&parent->weighted, wk_exact_negate(exact_product(old)));
    }
    if (share.alive) {
        wk_exact_add(&parent->weights, wk_exact_scale(share.weight));
        wk_exact_add(&parent->weighted, exact_product(&share));
    }
    parent->children += share.alive;
    parent->children -= old->alive;
    *old = share;
}

/* The stamp of its own message; zero: it has none. */
static struct wk_stamp own_message(const struct wk_tracker *t)
{
    struct wk_fact_head head;
    const char *value;
    for (uint32_t at = 0; wk_fact_next(t, &at, &head, &value) && head.field <= WK_FIELD_msg;) {
        if (head.field == WK_FIELD_msg && !wk_value_is_null(value, head.bytes)) {
            return head.stamp;
        }
    }
    return (struct wk_stamp){0, 0};
}

/* Find the newest message of a subtree anew after that of `from` (a child, or itself) has become `stamp`. */
static void note_message(const struct wick_board *board, uint32_t tracker, uint32_t from, struct wk_stamp stamp)
{
    struct wk_tracker *t = wk_tracker_at(board, tracker);
    if (wk_stamp_later(stamp, t->newest)) {
        t->newest = stamp;
        t->newest_in = from;
    } else if (t->newest_in == from && wk_stamp_later(t->newest, stamp)) { /* it was this one: look at all */
        t->newest = own_message(t);
        t->newest_in = tracker;
        for (uint32_t child = t->first_child; child != WICK_NONE; child = wk_tracker_at(board, child)->next) {
            if (wk_stamp_later(wk_tracker_at(board, child)->newest, t->newest)) {
                t->newest = wk_tracker_at(board, child)->newest;
                t->newest_in = child;
            }
        }
    }
}

void wk_board_climb(struct wick_board *board, uint32_t tracker, struct wk_stamp change)
{
    int32_t delta[WICK_TRACKER_STATUSES] = {0};
    note_message(board, tracker, tracker, own_message(wk_tracker_at(board, tracker)));
    for (uint32_t at = tracker; at != WICK_NONE;) {
        struct wk_tracker *t = wk_tracker_at(board, at);
        for (uint32_t i = 0; i < WICK_TRACKER_STATUSES; i++) {
            t->by_status[i] += (uint32_t)delta[i];
        }
        if (at != tracker && wk_stamp_later(change, t->below)) {
            t->below = change;
        }
        t->alive = (uint8_t)is_alive(t);
        t->progress = progress_of(t);
        t->estimated = t->settled = 0;
        uint8_t counted = t->alive ? (uint8_t)(t->status + 1) : 0;
        if (counted != t->counted) {
            delta[t->counted ? t->counted - 1 : 0] -= t->counted != 0;
            delta[counted ? counted - 1 : 0] += counted != 0;
            t->counted = counted;
        }
        if (t->parent != WICK_NONE) {
            share_out(t, wk_tracker_at(board, t->parent));
            note_message(board, t->parent, at, t->newest);
        }
        at = t->parent;
    }
}

/* ---- times, when they are read ----------------------------------------------------------------- */

static int is_done(const struct wk_tracker *t)
{
    return t->status >= WICK_TRACKER_FINISHED && t->status <= WICK_TRACKER_TIMED_OUT;
}

/* Times from far apart writers may differ by more than 63 bits hold. */
static int64_t less(int64_t x, int64_t y)
{
    int64_t result;
    return __builtin_sub_overflow(x, y, &result) ? x < y ? INT64_MIN : INT64_MAX : result;
}

static int64_t more(int64_t x, int64_t y)
{
    int64_t result;
    return __builtin_add_overflow(x, y, &result) ? INT64_MAX : result;
}

static int64_t elapsed_of(const struct wk_tracker *t, int64_t now_ns)
{
    int64_t end_ns = is_done(t) && t->finish_ns ? t->finish_ns : t->status == WICK_TRACKER_PAUSED ? (int64_t)t->status_stamp.version : now_ns;
    int64_t elapsed_ns = t->start_ns ? less(less(end_ns, t->start_ns), t->paused_ns) : 0;
    return elapsed_ns > 0 ? elapsed_ns : 0;
}

/* Combine the times of children: one after the other, or at the same time. */
static int64_t combine(const struct wk_tracker *parent, int64_t sum_ns, int64_t child_ns)
{
    return !parent->parallel ? more(sum_ns, child_ns) : child_ns > sum_ns ? child_ns : sum_ns;
}

/* Recursion ends at WICK_KEY_LEVELS. */
static int64_t estimate_of(const struct wick_board *board, struct wk_tracker *t)
{
    if (!t->estimated) {
        t->estimate_ns = t->children ? 0 : t->own_estimate_ns;
        for (uint32_t child = t->first_child; child != WICK_NONE; child = wk_tracker_at(board, child)->next) {
            if (wk_tracker_at(board, child)->alive) {
                t->estimate_ns = combine(t, t->estimate_ns, estimate_of(board, wk_tracker_at(board, child)));
            }
        }
        t->estimated = 1;
    }
    return t->estimate_ns;
}

/* What is left of the leaves: nothing of those done, else the estimate without what has passed. */
static int64_t left_of(const struct wick_board *board, struct wk_tracker *t, int64_t now_ns)
{
    if (t->settled) {
        return t->left_ns;
    }
    if (!t->children) {
        int64_t left_ns = is_done(t) ? 0 : less(t->own_estimate_ns, elapsed_of(t, now_ns));
        t->left_ns = left_ns > 0 ? left_ns : 0;
        t->settled = !t->start_ns || is_done(t);
        return t->left_ns;
    }
    t->left_ns = 0;
    t->settled = 1;
    for (uint32_t child = t->first_child; child != WICK_NONE; child = wk_tracker_at(board, child)->next) {
        struct wk_tracker *c = wk_tracker_at(board, child);
        if (c->alive) {
            t->left_ns = combine(t, t->left_ns, left_of(board, c, now_ns));
            t->settled &= c->settled;
        }
    }
    return t->left_ns;
}

/* ---- reading ---------------------------------------------------------------------------------- */

static uint32_t message_of(const struct wick_board *board, uint32_t tracker)
{
    const struct wk_tracker *t = wk_tracker_at(board, tracker);
    while (t->newest.version && t->newest_in != tracker) {
        tracker = t->newest_in;
        t = wk_tracker_at(board, tracker);
    }
    return t->newest.version ? tracker : WICK_NONE;
}

int wick_board_read(struct wick_board *board, uint32_t tracker, int64_t now_ns, struct wick_tracker_info *info)
{
    if (tracker >= board->trackers.count || !wk_tracker_at(board, tracker)->alive) {
        return 0;
    }
    struct wk_tracker *t = wk_tracker_at(board, tracker);
    *info = (struct wick_tracker_info){
        .size = sizeof *info, .parent = t->parent, .children = t->children, .key = t->key, .key_bytes = t->key_bytes, .attempt = t->attempt,
        .status = t->status, .parallel = t->parallel, .progress = t->progress, .weight = t->weight,
        .created_ns = t->created_ns, .start_ns = t->start_ns, .finish_ns = is_done(t) ? t->finish_ns : 0,
        .elapsed_ns = elapsed_of(t, now_ns), .estimate_ns = estimate_of(board, t), .left_ns = left_of(board, t, now_ns),
        .message = message_of(board, tracker)};
    for (uint32_t i = 0; i < WICK_TRACKER_STATUSES; i++) {
        info->by_status[i] = t->by_status[i];
        info->all += t->by_status[i];
    }
    info->in_progress = info->by_status[WICK_TRACKER_RUNNING] + info->by_status[WICK_TRACKER_OTHER];
    info->done = info->by_status[WICK_TRACKER_FINISHED] + info->by_status[WICK_TRACKER_FAILED] +
                 info->by_status[WICK_TRACKER_CANCELED] + info->by_status[WICK_TRACKER_TIMED_OUT];
    info->done_pct = wk_board_share(info->done, info->all);
    info->in_progress_pct = wk_board_share(info->in_progress, info->all);
    info->remaining_ns = less(info->estimate_ns, info->elapsed_ns);
    return 1;
}
