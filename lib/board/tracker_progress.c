/*
 * SPDX-License-Identifier: MIT
 * Progress by key, in any order: the rules of SCA's progress service. See wick/tracker.h.
 */
#include <math.h>
#include <string.h>

#include <wick/tracker.h>

#include "base/error.h"
#include "record/recorder.h"
#include "tracker_post.h"

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

static void put(struct wk_call *call, const struct post *post)
{
    wk_posting_begin(call);
    if (call->rc < 0) {
        return; /* the board is full */
    }
    if (post->status) {
        wk_posting_status(call, post->status);
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
        wk_posting_find(&call, key, (uint32_t)strlen(key));
        put(&call, &post);
    }
    return wk_call_end(&call, rc);
}
