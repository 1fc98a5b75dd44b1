/*
 * SPDX-License-Identifier: MIT
 * Posts. See tracker_post.h.
 */
#include "tracker_post.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/tree/board_json.h"
#include "model/tree/board_state.h"

/* ---- the parts -------------------------------------------------------------------------------- */

static enum wick_tracker_status status_of(const char *word)
{
    enum wick_tracker_status status = WICK_TRACKER_WAITING;
    while (status < WICK_TRACKER_OTHER && strcmp(wick_tracker_status_word(status), word) != 0) {
        status++;
    }
    return status;
}

/* A status that is not terminal, of a tracker that is done, begins its next attempt. */
void wk_posting_status(struct wk_call *call, const char *word)
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

void wk_posting_find(struct wk_call *call, const char *key, uint32_t key_bytes)
{
    call->info.key = key;
    call->info.key_bytes = key_bytes;
    call->entry = wick_board_find(wk_program_board.board, key, key_bytes);
    if (call->entry != WICK_NONE) {
        wick_board_read(wk_program_board.board, call->entry, 0, &call->info);
    }
}

void wk_posting_begin(struct wk_call *call)
{
    struct wick_fact fact;
    if (call->entry == WICK_NONE || !wick_board_field(wk_program_board.board, call->entry, "created", &fact)) {
        call->version = wk_board_tick();
        wk_change_time(call, "created", (int64_t)call->version);
        call->entry = wk_board_entry(wk_program_board.board, call->info.key, call->info.key_bytes);
    }
}

/* ---- a body ----------------------------------------------------------------------------------- */

/* A member of a body: the next that is not ignored. */
struct posted_field {
    char name[WICK_SEGMENT_BYTES + 5]; /* ends with NUL */
    struct wk_json value;
    bool unset;
};

static bool next_field(struct wk_json *inside, struct posted_field *field)
{
    struct wk_json name;
    while (wk_json_member(inside, &name, &field->value) > 0) {
        uint32_t bytes = wk_json_text(name, field->name, sizeof field->name - 1);
        field->name[bytes] = 0;
        field->unset = wk_value_is_null(field->value.at, (uint32_t)(field->value.end - field->value.at));
        if (!wk_board_is_derived(field->name)) {
            return true;
        }
    }
    return false;
}

/* Has the tracker a fact of this field, a removed one included? */
static bool has_fact(uint32_t entry, const char *name)
{
    struct wick_fact fact;
    for (uint32_t i = 0; wick_board_fact(wk_program_board.board, entry, i, &fact); i++) {
        if (fact.field_bytes == strlen(name) && memcmp(fact.field, name, fact.field_bytes) == 0) {
            return true;
        }
    }
    return false;
}

static int check_fields(const struct wk_call *call, struct wk_json object)
{
    struct posted_field field;
    uint32_t own = call->entry == WICK_NONE ? 0 : wk_tracker_at(wk_program_board.board, call->entry)->others;
    for (struct wk_json inside = wk_json_inside(object); next_field(&inside, &field);) {
        bool status = strcmp(field.name, "status") == 0;
        int rc = status ? 0 : wk_field_check(field.name, field.value);
        if (rc < 0) {
            return rc;
        }
        if (status && !field.unset && (*field.value.at != '"' || field.value.end - field.value.at > WK_POSTED_STATUS_BYTES)) {
            return wk_error_set(WICK_E_INVAL, "status is a string of at most %d bytes", WK_POSTED_STATUS_BYTES - 2);
        }
        own += !wk_board_is_known(field.name) && !field.unset && (call->entry == WICK_NONE || !has_fact(call->entry, field.name));
    }
    return own <= WICK_FACT_FIELDS ? 0 : wk_error_set(WICK_E_INVAL, "a tracker has at most 64 fields of its own");
}

static void put_status(struct wk_call *call, const struct posted_field *field)
{
    char word[WK_POSTED_STATUS_BYTES + 5];
    if (field->unset) {
        wk_change_unset(call, "status");
        return;
    }
    word[wk_json_text(field->value, word, sizeof word - 1)] = 0;
    wk_posting_status(call, word);
}

static void put_field(struct wk_call *call, const struct posted_field *field)
{
    uint32_t bytes;
    if (field->unset) {
        wk_change_unset(call, field->name);
        return;
    }
    char *value = wk_value_compact(field->value, &bytes);
    wk_change_json(call, field->name, value, bytes);
    free(value);
}

/* The status first: a next attempt begins without what the body sets beside it. */
static void put_fields(struct wk_call *call, struct wk_json object)
{
    struct posted_field field;
    wk_posting_begin(call);
    for (struct wk_json inside = wk_json_inside(object); call->rc >= 0 && next_field(&inside, &field);) {
        if (strcmp(field.name, "status") == 0) {
            put_status(call, &field);
        }
    }
    for (struct wk_json inside = wk_json_inside(object); call->rc >= 0 && next_field(&inside, &field);) {
        if (strcmp(field.name, "status") != 0) {
            put_field(call, &field);
        }
    }
}

static int check_body(const char *key, uint32_t key_bytes, struct wk_json object)
{
    struct wk_json_error error;
    const char *wrong = wick_board_key_error(key, key_bytes);
    if (wrong) {
        return wk_error_set(WICK_E_INVAL, "%s", wrong);
    }
    if (wk_json_check(object, 1, &error) < 0) {
        return wk_error_set(WICK_E_INVAL, "the body is not JSON: %s, at byte %zu", error.what, error.at);
    }
    return *object.at == '{' ? 0 : wk_error_set(WICK_E_INVAL, "the body is not an object of fields, such as {\"progress\":0.5}");
}

static struct wk_json trimmed(struct wk_json json)
{
    while (json.at < json.end && (*json.at == ' ' || *json.at == '\t' || *json.at == '\n' || *json.at == '\r')) {
        json.at++;
    }
    return json;
}

int wk_board_post(const char *key, uint32_t key_bytes, struct wk_json object)
{
    struct wk_call call = {.rc = 0};
    object = trimmed(object);
    int rc = check_body(key, key_bytes, object);
    rc = rc < 0 ? rc : wk_board_enter_quietly(&call.visit);
    if (rc < 0) {
        return rc;
    }
    wk_posting_find(&call, key, key_bytes);
    rc = check_fields(&call, object);
    if (rc == 0) {
        put_fields(&call, object);
    }
    return wk_call_end(&call, rc);
}

int wk_board_remove(const char *key, uint32_t key_bytes)
{
    struct wk_call call = {.rc = 0};
    const char *wrong = wick_board_key_error(key, key_bytes);
    int rc = wrong ? wk_error_set(WICK_E_INVAL, "%s", wrong) : wk_board_enter_quietly(&call.visit);
    if (rc < 0) {
        return rc;
    }
    wk_posting_find(&call, key, key_bytes);
    if (call.entry != WICK_NONE) {
        wk_change_remove(&call);
    }
    return wk_call_end(&call, call.entry != WICK_NONE);
}
