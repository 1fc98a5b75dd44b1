/*
 * SPDX-License-Identifier: MIT
 * Creating trackers, their keys, and their fields. See wick/tracker.h.
 */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <wick/tracker.h>

#include "base/error.h"
#include "base/heap.h"
#include "model/base/number.h"
#include "model/tree/board_key.h"
#include "model/tree/board_state.h"
#include "tracker_calls.h"

/* ---- keys ------------------------------------------------------------------------------------- */

static int is_taken(void *user, const char *key, uint32_t bytes)
{
    (void)user;
    return wick_board_find(wk_program_board.board, key, bytes) != WICK_NONE;
}

/* PARENT.segment; the size of the key, 0: it is too long or too deep. */
static uint32_t make_key(char key[WICK_KEY_BYTES], const struct wk_call *parent, const char *name)
{
    uint32_t at = parent ? parent->info.key_bytes + 1 : 0;
    if (at >= WICK_KEY_BYTES) {
        return 0;
    }
    if (parent) {
        memcpy(key, parent->info.key, at - 1);
        key[at - 1] = '.';
    }
    name = name ? name : "";
    return wk_board_new_key(key, at, name, strlen(name), is_taken, NULL);
}

/* The key that options give: directly below its parent, or a root's. */
static const char *given_key_error(const struct wk_call *parent, const char *key)
{
    uint32_t bytes = (uint32_t)strnlen(key, WICK_KEY_BYTES + 1), above = parent ? parent->info.key_bytes : 0;
    const char *wrong = wick_board_key_error(key, bytes);
    if (!wrong && parent && (bytes < above + 2 || memcmp(key, parent->info.key, above) != 0 || key[above] != '.')) {
        wrong = "the key of a tracker is below that of its parent";
    }
    return wrong;
}

/* ---- create ----------------------------------------------------------------------------------- */

static int check_options(const struct wick_tracker_options *o)
{
    if (o->size < 16 || o->size > 4096) {
        return wk_error_set(WICK_E_INVAL, "wick_tracker_options.size is %u: set it to sizeof(struct wick_tracker_options)", o->size);
    }
    if (!(o->weight >= 0) || !(o->estimate_s >= 0) || isinf(o->weight) || isinf(o->estimate_s)) {
        return wk_error_set(WICK_E_INVAL, "weight and estimate_s of a tracker are at least 0");
    }
    int rc = wk_text_check("friendly", o->friendly);
    return rc < 0 ? rc : wk_text_check("source", o->source);
}

static void put_options(struct wk_call *call, const char *name, const struct wick_tracker_options *o)
{
    call->version = wk_board_tick();
    wk_change_time(call, "created", (int64_t)call->version);
    wk_change_text(call, "name", name);
    wk_change_text(call, "friendly", o->friendly);
    wk_change_text(call, "source", o->source);
    if (o->weight > 0) {
        wk_change_number(call, "weight", o->weight);
    }
    if (o->estimate_s > 0) {
        wk_change_number(call, "estimate", o->estimate_s);
    }
    if (o->parallel) {
        wk_change_json(call, "parallel", "true", 4);
    }
    if (o->start_ns) {
        wk_change_time(call, "start", o->start_ns);
    }
}

static struct wick_tracker *create(struct wk_call *call, const struct wk_call *parent, const char *name,
                                   const struct wick_tracker_options *o)
{
    char key[WICK_KEY_BYTES + 16];
    const char *wrong = o->key ? given_key_error(parent, o->key) : NULL;
    if (wrong) {
        call->rc = WICK_E_INVAL;
        (void)wk_error_set(WICK_E_INVAL, "%s", wrong);
        return NULL;
    }
    uint32_t bytes = o->key ? (uint32_t)strlen(o->key) : make_key(key, parent, name);
    if (!bytes) {
        (void)wk_error_set(WICK_E_INVAL, "the tracker would be deeper than 64 levels, or its key longer than 1,024 bytes");
        return NULL;
    }
    call->info.key = o->key ? o->key : key;
    call->info.key_bytes = bytes;
    put_options(call, name, o);
    if (call->rc < 0) {
        (void)wk_error_set(call->rc, call->rc == WICK_E_LIMIT ? "the board is full: it has 1,000,000 trackers" : "no memory for a tracker");
        return NULL;
    }
    return wk_handle_of(wk_board_entry(wk_program_board.board, call->info.key, bytes));
}

struct wick_tracker *wick_tracker_create(struct wick_tracker *parent, const char *name, const struct wick_tracker_options *options)
{
    struct wick_tracker_options own = {.size = sizeof own};
    struct wk_call above, call = {.rc = 0};
    int rc = parent ? wk_call_begin(&above, parent) : wk_board_enter(&above.visit);
    if (rc < 0) {
        return NULL;
    }
    if (options) {
        memcpy(&own, options, options->size < sizeof own ? options->size : sizeof own);
    }
    rc = check_options(&own);
    rc = rc < 0 ? rc : wk_text_check("the name", name);
    struct wick_tracker *handle = rc < 0 ? NULL : create(&call, parent ? &above : NULL, name, &own);
    wk_board_leave(&above.visit);
    return handle;
}

/* ---- fields ----------------------------------------------------------------------------------- */

/* What a call that sets a field may not do. */
static int refuse(const struct wk_call *call, const char *field)
{
    return wk_status_done(call->info.status) && strcmp(field, "msg") == 0
               ? wk_error_set(WICK_W_DONE, "the tracker is done already: its message stays") : 0;
}

int wick_tracker_set(struct wick_tracker *tracker, const char *field, const char *json)
{
    struct wk_call call;
    uint32_t bytes = 0;
    int rc = wk_call_begin(&call, tracker);
    if (rc < 0) {
        return rc;
    }
    const struct wk_json given = {json, json ? json + strlen(json) : json};
    char *value = wk_value_compact(given, &bytes);
    rc = value ? wk_field_check(field, given) : WICK_E_NOMEM;
    rc = rc == 0 ? refuse(&call, field) : rc;
    if (rc == 0) {
        wk_change_json(&call, field, value, bytes);
    }
    free(value);
    return wk_call_end(&call, rc);
}

static int add(struct wk_call *call, const char *field, double delta)
{
    struct wick_fact fact;
    char json[32];
    double number = 0;
    if (field && wick_board_field(wk_program_board.board, call->entry, field, &fact) &&
        (*fact.value == '"' || !wk_json_double((struct wk_json){fact.value, fact.value + fact.value_bytes}, &number))) {
        return wk_error_set(WICK_E_INVAL, "%s is not a number", field);
    }
    number += delta;
    if (!isfinite(number)) {
        return wk_error_set(WICK_E_INVAL, "the sum is not a number");
    }
    uint32_t bytes = wk_number_put(json, number);
    int rc = wk_field_check(field, (struct wk_json){json, json + bytes});
    if (rc == 0) {
        wk_change_json(call, field, json, bytes);
    }
    return rc;
}

int wick_tracker_add(struct wick_tracker *tracker, const char *field, double delta)
{
    struct wk_call call;
    int rc = wk_call_begin(&call, tracker);
    return rc < 0 ? rc : wk_call_end(&call, add(&call, field, delta));
}
