/*
 * SPDX-License-Identifier: MIT
 * One call about one tracker: its handle becomes an entry of the board, its changes become facts of one version.
 * Invariant: what a call refuses has changed nothing.
 */
#ifndef WICK_LIB_BOARD_TRACKER_CALLS_H
#define WICK_LIB_BOARD_TRACKER_CALLS_H

#include "model/base/json.h"
#include "program_board.h"

struct wk_call {
    struct wk_visit visit;
    uint32_t entry;
    struct wick_tracker_info info; /* before the call */
    uint64_t version;              /* of its changes; 0: there was none yet */
    int rc;                        /* the first error of a change */
};

/* Take the lock and look at the tracker; < 0: an error, and the lock is not held. */
int wk_call_begin(struct wk_call *call, const struct wick_tracker *tracker);
/* Let go; gives `rc`, or the first error of a change. */
int wk_call_end(struct wk_call *call, int rc);

/* The handle of an entry, and back; WICK_NONE: it is stale. */
struct wick_tracker *wk_handle_of(uint32_t entry);
uint32_t wk_handle_entry(const struct wick_tracker *tracker);

/* Change a field of a tracker (key, in `info`): a value as it stands, a text, a time or a duration, the status with its attempt. */
void wk_change_json(struct wk_call *call, const char *field, const char *json, uint32_t bytes);
void wk_change_text(struct wk_call *call, const char *field, const char *text); /* NULL: it stays */
void wk_change_time(struct wk_call *call, const char *field, int64_t time_ns);
void wk_change_seconds(struct wk_call *call, const char *field, int64_t ns);
void wk_change_number(struct wk_call *call, const char *field, double number);
void wk_change_status(struct wk_call *call, uint32_t attempt, const char *word);
void wk_change_unset(struct wk_call *call, const char *field);
/* Remove the tracker. */
void wk_change_remove(struct wk_call *call);

/* Is a text short enough for a value? NULL is. The error is set. */
int wk_text_check(const char *name, const char *text);
/* A copy without the white space outside strings, which the caller frees; NULL: no memory. */
char *wk_value_compact(struct wk_json json, uint32_t *bytes);
/* Is this a value for this field? 0, or INVAL, and the error is set. */
int wk_field_check(const char *field, struct wk_json json);
/* The time of a status that begins, pauses or ends a tracker: now, or when its options said that it started. */
void wk_change_begun(struct wk_call *call);
void wk_change_ended(struct wk_call *call);
/* Unset what belongs to the attempt that is over. */
void wk_change_anew(struct wk_call *call);

/* A flag of wk_tracker_begin beside those of wick_tracker_start: a tracker that is done begins its next attempt. */
enum { WK_TRACKER_AGAIN = 1 << 16 };

/* Start or end the tracker of a call, under ProgressInsight's rules (tracker.c): 0, a warning, or an error. */
int wk_tracker_begin(struct wk_call *call, uint32_t flags, const char *message);
int wk_tracker_finish(struct wk_call *call, enum wick_tracker_status status, const char *message);

static inline int wk_status_done(uint8_t status)
{
    return status >= WICK_TRACKER_FINISHED && status <= WICK_TRACKER_TIMED_OUT;
}

#endif
