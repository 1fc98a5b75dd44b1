/*
 * SPDX-License-Identifier: MIT
 * Progress by key, in any order: the rules of SCA's progress service. See wick/tracker.h.
 */
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include <wick/tracker.h>

#include "base/error.h"
#include "model/tree/board_state.h"
#include "record/recorder.h"
#include "tracker_calls.h"

struct post {
    double value, weight;
    const char *message, *status;
};

static int check(const char *key, const struct post *post)
{
    const char *wrong = key ? wick_board_key_error(key, (uint32_t)strnlen(key, WICK_KEY_BYTES + 1)) : "the key is NULL";
    if (wrong) {
        return wk_error_set(WICK_E_INVAL, "%s", wrong);
    }
    if (!isnan(post->value) && !(post->value >= 0 && post->value <= 1)) {
        return wk_error_set(WICK_E_INVAL, "progress is a number from 0 to 1");
    }
    if (!isnan(post->weight) && !(post->weight >= 0 && isfinite(post->weight))) {
        return wk_error_set(WICK_E_INVAL, "weight is a number, at least 0");
    }
    int rc = wk_text_check("the message", post->message);
    return rc < 0 ? rc : wk_text_check("the status", post->status);
}

static enum wick_tracker_status status_of(const char *word)
{
    enum wick_tracker_status status = WICK_TRACKER_WAITING;
    while (status < WICK_TRACKER_OTHER && strcmp(wick_tracker_status_word(status), word) != 0) {
        status++;
    }
    return status;
}

/* A status that is not terminal, of a tracker that is done, begins its next attempt. */
static void put_status(struct wk_call *call, const char *word)
{
    enum wick_tracker_status status = status_of(word);
    uint32_t attempt = call->info.attempt ? call->info.attempt : 1;
    bool ends = wk_status_done((uint8_t)status);
    if (wk_status_done(call->info.status)) {
        if (ends) {
            wk_change_status(call, attempt, word); /* the first end stays */
            return;
        }
        wk_change_anew(call);
        attempt++;
    }
    if (ends) {
        wk_change_ended(call);
        wk_change_time(call, "finish", (int64_t)call->version);
    } else if (status != WICK_TRACKER_WAITING && status != WICK_TRACKER_PAUSED) {
        wk_change_ended(call);
        wk_change_begun(call);
    }
    wk_change_status(call, attempt, word);
}

static void put(struct wk_call *call, const struct post *post)
{
    struct wick_fact fact;
    if (call->entry == WICK_NONE || !wick_board_field(wk_program_board.board, call->entry, "created", &fact)) {
        call->version = wk_board_tick();
        wk_change_time(call, "created", (int64_t)call->version);
        call->entry = wk_board_entry(wk_program_board.board, call->info.key, call->info.key_bytes);
    }
    if (call->rc < 0) {
        return; /* the board is full */
    }
    if (post->status) {
        put_status(call, post->status);
    }
    if (!isnan(post->value)) {
        wk_change_number(call, "progress", post->value);
    }
    if (!isnan(post->weight)) {
        wk_change_number(call, "weight", post->weight);
    }
    wk_change_text(call, "msg", post->message);
}

int wick_progress(const char *key, double value, double weight, const char *message, const char *status)
{
    const struct post post = {value, weight, message, status};
    struct wk_call call = {.rc = 0};
    int rc = wk_board_enter(&call.visit);
    if (rc < 0) {
        return rc;
    }
    rc = check(key, &post);
    if (rc == 0 && __atomic_load_n(&wick_i_on_v1, __ATOMIC_RELAXED) == WK_ON_RECORDING /* as the macros read it */) {
        call.info.key = key;
        call.info.key_bytes = (uint32_t)strlen(key);
        call.entry = wick_board_find(wk_program_board.board, key, call.info.key_bytes);
        if (call.entry != WICK_NONE) {
            wick_board_read(wk_program_board.board, call.entry, 0, &call.info);
        }
        put(&call, &post);
    }
    return wk_call_end(&call, rc);
}
