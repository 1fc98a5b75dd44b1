/*
 * SPDX-License-Identifier: MIT
 * Trackers that are started, paused and ended by hand: the rules of ProgressInsight. See wick/tracker.h.
 */
#include <stdbool.h>
#include <string.h>

#include <wick/tracker.h>

#include "base/clock.h"
#include "base/error.h"
#include "model/tree/board_state.h"
#include "tracker_calls.h"

static bool in_progress(uint8_t status)
{
    return status == WICK_TRACKER_RUNNING || status == WICK_TRACKER_OTHER;
}

static int warn(enum wick_tracker_warning warning)
{
    static const char *const sentences[] = {"", "the tracker is started already", "the tracker is done already",
                                            "the tracker is not in progress", "the tracker is not paused", "the tracker is not done"};
    return wk_error_set((int)warning, "%s", sentences[warning]);
}

static uint32_t attempt_of(const struct wk_call *call)
{
    return call->info.attempt ? call->info.attempt : 1;
}

/* ---- start ------------------------------------------------------------------------------------ */

/* The trackers above that have to be started first, from the lowest up: how many; < 0: it cannot be started. */
static int parents_to_start(const struct wk_call *call, uint32_t flags, uint32_t parents[WICK_KEY_LEVELS])
{
    int count = 0;
    uint32_t at = call->info.parent;
    for (; at != WICK_NONE && !in_progress(wk_tracker_at(wk_program_board.board, at)->status);
         at = wk_tracker_at(wk_program_board.board, at)->parent) {
        if (!(flags & WICK_TRACKER_PARENTS) || wk_tracker_at(wk_program_board.board, at)->status != WICK_TRACKER_WAITING) {
            return wk_error_set(WICK_E_STATE, "You can't start a tracker if the parent isn't started");
        }
        parents[count++] = at;
    }
    return count;
}

static void next_attempt(struct wk_call *call)
{
    wk_change_anew(call);
    wk_change_time(call, "created", (int64_t)wk_program_board.version);
    call->info.attempt = attempt_of(call) + 1;
    call->info.status = WICK_TRACKER_WAITING;
}

static void start_one(struct wk_call *call)
{
    wk_change_begun(call);
    wk_change_status(call, attempt_of(call), "running");
}

int wk_tracker_begin(struct wk_call *call, uint32_t flags, const char *message)
{
    uint32_t parents[WICK_KEY_LEVELS];
    bool again = flags & WK_TRACKER_AGAIN && wk_status_done(call->info.status);
    if (call->info.status != WICK_TRACKER_WAITING && !again) {
        return warn(wk_status_done(call->info.status) ? WICK_W_DONE : WICK_W_STARTED);
    }
    int rc = wk_text_check("the message", message);
    int count = rc < 0 ? rc : parents_to_start(call, flags, parents);
    for (int i = count; i-- > 0;) {
        struct wk_call above = {.entry = parents[i]};
        wick_board_read(wk_program_board.board, parents[i], 0, &above.info);
        start_one(&above);
        call->rc = call->rc < 0 ? call->rc : above.rc;
    }
    if (count >= 0) {
        if (again) {
            next_attempt(call);
        }
        start_one(call);
        wk_change_text(call, "msg", message);
    }
    return count < 0 ? count : 0;
}

int wick_tracker_start(struct wick_tracker *tracker, uint32_t flags, const char *message)
{
    struct wk_call call;
    int rc = wk_call_begin(&call, tracker);
    return rc < 0 ? rc : wk_call_end(&call, wk_tracker_begin(&call, flags & WICK_TRACKER_PARENTS, message));
}

/* ---- pause, resume, end ----------------------------------------------------------------------- */

int wick_tracker_pause(struct wick_tracker *tracker)
{
    struct wk_call call;
    int rc = wk_call_begin(&call, tracker);
    if (rc < 0) {
        return rc;
    }
    if (in_progress(call.info.status)) {
        wk_change_status(&call, attempt_of(&call), "paused");
    } else {
        rc = warn(wk_status_done(call.info.status) ? WICK_W_DONE : WICK_W_NOT_RUNNING);
    }
    return wk_call_end(&call, rc);
}

int wick_tracker_resume(struct wick_tracker *tracker)
{
    struct wk_call call;
    int rc = wk_call_begin(&call, tracker);
    if (rc < 0) {
        return rc;
    }
    if (call.info.status == WICK_TRACKER_PAUSED) {
        wk_change_ended(&call);
        wk_change_status(&call, attempt_of(&call), "running");
    } else {
        rc = warn(wk_status_done(call.info.status) ? WICK_W_DONE : WICK_W_NOT_PAUSED);
    }
    return wk_call_end(&call, rc);
}

int wk_tracker_finish(struct wk_call *call, enum wick_tracker_status status, const char *message)
{
    if (wk_status_done(call->info.status)) {
        return warn(WICK_W_DONE);
    }
    int rc = wk_text_check("the message", message);
    if (rc < 0) {
        return rc;
    }
    wk_change_ended(call);
    wk_change_time(call, "finish", (int64_t)call->version);
    wk_change_status(call, attempt_of(call), wick_tracker_status_word(status));
    if (status == WICK_TRACKER_FINISHED && call->info.progress != call->info.progress) { /* NAN: unset */
        wk_change_number(call, "progress", 1);
    }
    wk_change_text(call, "msg", message);
    return 0;
}

int wick_tracker_end(struct wick_tracker *tracker, enum wick_tracker_status status, const char *message)
{
    struct wk_call call;
    int rc = wk_call_begin(&call, tracker);
    if (rc < 0) {
        return rc;
    }
    rc = wk_status_done((uint8_t)status) ? wk_tracker_finish(&call, status, message)
                                         : wk_error_set(WICK_E_INVAL, "a tracker ends as finished, failed, canceled or timed out");
    return wk_call_end(&call, rc);
}

int wick_tracker_succeed(struct wick_tracker *tracker, const char *message)
{
    return wick_tracker_end(tracker, WICK_TRACKER_FINISHED, message);
}

int wick_tracker_fail(struct wick_tracker *tracker, const char *message)
{
    return wick_tracker_end(tracker, WICK_TRACKER_FAILED, message);
}

int wick_tracker_cancel(struct wick_tracker *tracker, const char *message)
{
    return wick_tracker_end(tracker, WICK_TRACKER_CANCELED, message);
}

int wick_tracker_retry(struct wick_tracker *tracker)
{
    struct wk_call call;
    int rc = wk_call_begin(&call, tracker);
    if (rc < 0) {
        return rc;
    }
    if (wk_status_done(call.info.status)) {
        next_attempt(&call);
        wk_change_status(&call, call.info.attempt, "waiting");
    } else {
        rc = warn(WICK_W_NOT_DONE);
    }
    return wk_call_end(&call, rc);
}

int wick_tracker_remove(struct wick_tracker *tracker)
{
    struct wk_call call;
    int rc = wk_call_begin(&call, tracker);
    if (rc < 0) {
        return rc;
    }
    wk_change_remove(&call);
    return wk_call_end(&call, 0);
}

/* ---- reading ---------------------------------------------------------------------------------- */

int wick_tracker_read(struct wick_tracker *tracker, struct wick_tracker_info *info)
{
    uint32_t size = info->size;
    struct wk_call call;
    if (size < 8 || size > 4096) {
        return wk_error_set(WICK_E_INVAL, "wick_tracker_info.size is %u: set it to sizeof(struct wick_tracker_info)", size);
    }
    int rc = wk_call_begin(&call, tracker);
    if (rc < 0) {
        return rc;
    }
    int64_t now_ns = wk_clock_wall_ns(); /* the last change may be younger than a clock that was set back */
    now_ns = now_ns > (int64_t)wk_program_board.version ? now_ns : (int64_t)wk_program_board.version;
    wick_board_read(wk_program_board.board, call.entry, now_ns, &call.info);
    memcpy(info, &call.info, size < sizeof *info ? size : sizeof *info);
    info->size = size;
    return wk_call_end(&call, 0);
}

static bool is_below(uint32_t entry, uint32_t top)
{
    while (entry != WICK_NONE && entry != top) {
        entry = wk_tracker_at(wk_program_board.board, entry)->parent;
    }
    return entry == top;
}

/* The tracker of a key or a friendly name, below `top` (WICK_NONE: anywhere). */
static uint32_t find(uint32_t top, const char *text)
{
    const char *slash = strchr(text, '/'); /* RUN/KEY: a key has none */
    const char *key = slash ? slash + 1 : text;
    const struct wick_board *board = wk_program_board.board;
    uint32_t bytes = 0, found = wick_board_find(board, key, (uint32_t)strlen(key));
    const char *json = wk_board_text(text, &bytes);
    struct wick_fact fact;
    for (uint32_t i = 0; json && (found == WICK_NONE || !is_below(found, top)) && i < wick_board_entries(board); i++) {
        bool same = wk_tracker_at(board, i)->alive && wick_board_field(board, i, "friendly", &fact) &&
                    wk_json_same((struct wk_json){fact.value, fact.value + fact.value_bytes}, (struct wk_json){json, json + bytes});
        found = same && is_below(i, top) ? i : found;
    }
    return found != WICK_NONE && is_below(found, top) ? found : WICK_NONE;
}

struct wick_tracker *wick_tracker_find(struct wick_tracker *below, const char *id_or_friendly)
{
    struct wk_visit visit;
    struct wick_tracker *handle = NULL;
    if (wk_board_enter(&visit) < 0) {
        return NULL;
    }
    uint32_t top = below ? wk_handle_entry(below) : WICK_NONE;
    if (below && top == WICK_NONE) {
        (void)wk_error_set(WICK_E_STATE, "this tracker has been removed");
    } else {
        uint32_t found = id_or_friendly ? find(top, id_or_friendly) : WICK_NONE;
        handle = found == WICK_NONE ? NULL : wk_handle_of(found);
        if (!handle) {
            (void)wk_error_set(WICK_E_STATE, "not found: no tracker has this id or friendly name");
        }
    }
    wk_board_leave(&visit);
    return handle;
}
