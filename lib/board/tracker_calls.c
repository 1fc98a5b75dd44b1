/*
 * SPDX-License-Identifier: MIT
 * Calls about trackers. See tracker_calls.h.
 */
#include "tracker_calls.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <wick/json.h>

#include "base/error.h"
#include "base/heap.h"
#include "model/base/number.h"
#include "model/tree/board_state.h"

/* ---- handles ---------------------------------------------------------------------------------- */

/* A handle is the entry + 1, and above it what changes when the tracker is removed and when the process forks. */
static uint32_t generation_of(uint32_t entry)
{
    uint64_t gone = wk_tracker_at(wk_program_board.board, entry)->gone.version;
    return (uint32_t)(gone ? wk_mem_mix(gone, wk_program_board.epoch) : 0) + wk_program_board.epoch;
}

struct wick_tracker *wk_handle_of(uint32_t entry)
{
    return (struct wick_tracker *)(uintptr_t)((uint64_t)generation_of(entry) << 32 | (entry + 1));
}

uint32_t wk_handle_entry(const struct wick_tracker *tracker)
{
    uint64_t handle = (uintptr_t)tracker;
    uint32_t entry = (uint32_t)handle - 1;
    return handle && entry < wick_board_entries(wk_program_board.board) && generation_of(entry) == handle >> 32 ? entry : WICK_NONE;
}

/* ---- a call ----------------------------------------------------------------------------------- */

int wk_call_begin(struct wk_call *call, const struct wick_tracker *tracker)
{
    *call = (struct wk_call){.rc = 0};
    int rc = wk_board_enter(&call->visit);
    if (rc < 0) {
        return rc;
    }
    call->entry = wk_handle_entry(tracker);
    if (call->entry == WICK_NONE || !wick_board_read(wk_program_board.board, call->entry, (int64_t)wk_program_board.version, &call->info)) {
        wk_board_leave(&call->visit);
        return wk_error_set(WICK_E_STATE, tracker ? "this tracker has been removed" : "there is no such tracker: its handle is NULL");
    }
    return 0;
}

int wk_call_end(struct wk_call *call, int rc)
{
    if (call->rc < 0) {
        rc = wk_error_set(call->rc, call->rc == WICK_E_LIMIT ? "the board is full: a tracker has 64 fields of its own, the board 1,000,000 trackers"
                                                             : "no memory for the change of a tracker");
    }
    wk_board_leave(&call->visit);
    return rc;
}

/* ---- changes ---------------------------------------------------------------------------------- */

void wk_change_json(struct wk_call *call, const char *field, const char *json, uint32_t bytes)
{
    call->version = call->version ? call->version : wk_board_tick();
    const struct wick_fact fact = {.key = call->info.key, .key_bytes = call->info.key_bytes, .field = field,
                                   .field_bytes = field ? (uint32_t)strlen(field) : 0, .value = json, .value_bytes = bytes,
                                   .version = call->version};
    int rc = json || !field ? wk_board_put(&fact) : WICK_E_NOMEM;
    call->rc = call->rc < 0 || rc >= 0 ? call->rc : rc;
}

void wk_change_text(struct wk_call *call, const char *field, const char *text)
{
    uint32_t bytes = 0;
    if (text) {
        const char *json = wk_board_text(text, &bytes);
        wk_change_json(call, field, json, bytes);
    }
}

void wk_change_time(struct wk_call *call, const char *field, int64_t time_ns)
{
    char json[24];
    wk_change_json(call, field, json, (uint32_t)(wk_number_put_signed(json, time_ns) - json));
}

void wk_change_seconds(struct wk_call *call, const char *field, int64_t ns)
{
    char json[32], *end = wk_number_put_unsigned(json, (uint64_t)ns / 1000000000);
    *end++ = '.';
    char *decimals = wk_number_put_unsigned(end, 1000000000 + (uint64_t)ns % 1000000000); /* a 1 that the nine digits follow */
    memmove(end, end + 1, 9);
    wk_change_json(call, field, json, (uint32_t)(decimals - 1 - json));
}

void wk_change_number(struct wk_call *call, const char *field, double number)
{
    char json[32];
    wk_change_json(call, field, json, wk_number_put(json, number));
}

static int append(void *user, const char *bytes, size_t count)
{
    return wk_array_append(user, &wk_heap_allocator, bytes, count);
}

void wk_change_status(struct wk_call *call, uint32_t attempt, const char *word)
{
    struct wk_array *to = &wk_program_board.json;
    struct wick_json json = {.out = {append, to}};
    to->count = 0;
    wick_json_begin(&json, NULL, '[');
    wick_json_unsigned(&json, NULL, attempt);
    wick_json_string(&json, NULL, word);
    wick_json_end(&json, ']');
    wk_change_json(call, "status", json.error < 0 ? NULL : to->items, to->count);
}

void wk_change_unset(struct wk_call *call, const char *field)
{
    struct wick_fact fact;
    if (wick_board_field(wk_program_board.board, wk_board_entry(wk_program_board.board, call->info.key, call->info.key_bytes), field, &fact)) {
        wk_change_json(call, field, "null", 4);
    }
}

void wk_change_remove(struct wk_call *call)
{
    wk_change_json(call, NULL, NULL, 0);
}

/* ---- times ------------------------------------------------------------------------------------ */

static const struct wk_tracker *tracker_of(const struct wk_call *call)
{
    return wk_tracker_at(wk_program_board.board, call->entry);
}

void wk_change_begun(struct wk_call *call)
{
    call->version = call->version ? call->version : wk_board_tick();
    if (!call->info.start_ns) {
        wk_change_time(call, "start", (int64_t)call->version);
    }
}

void wk_change_ended(struct wk_call *call)
{
    call->version = call->version ? call->version : wk_board_tick();
    if (call->info.status == WICK_TRACKER_PAUSED) {
        int64_t since_ns = (int64_t)(call->version - tracker_of(call)->status_stamp.version);
        wk_change_seconds(call, "paused_s", tracker_of(call)->paused_ns + since_ns);
    }
}

void wk_change_anew(struct wk_call *call)
{
    static const char *const fields[] = {"start", "finish", "paused_s", "progress", "msg"};
    call->version = wk_board_tick();
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        wk_change_unset(call, fields[i]);
    }
    call->version = wk_board_tick(); /* what the call sets beside it is newer */
    call->info.start_ns = call->info.finish_ns = 0;
}

/* ---- checks ----------------------------------------------------------------------------------- */

int wk_text_check(const char *name, const char *text)
{
    uint32_t bytes = 0;
    if (text && !wk_board_text(text, &bytes)) {
        return wk_error_set(WICK_E_NOMEM, "no memory for the change of a tracker");
    }
    return bytes <= WICK_FACT_BYTES ? 0 : wk_error_set(WICK_E_INVAL, "%s is longer than 32 KiB", name);
}

/* What a field of the board's own has to be. */
enum kind { ANY, SHARE, POSITIVE, SWITCH, TEXT, DERIVED };

static enum kind kind_of(const char *field)
{
    static const struct {
        const char *name;
        enum kind kind;
    } fields[] = {{"progress", SHARE},  {"weight", POSITIVE},  {"estimate", POSITIVE}, {"parallel", SWITCH}, {"msg", TEXT},
                  {"name", TEXT},       {"friendly", TEXT},    {"source", TEXT},       {"status", DERIVED},  {"created", DERIVED},
                  {"start", DERIVED},   {"finish", DERIVED},   {"paused_s", DERIVED},  {"scope", DERIVED}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (strcmp(fields[i].name, field) == 0) {
            return fields[i].kind;
        }
    }
    return ANY;
}

static const char *complaint(enum kind kind, struct wk_json json)
{
    double number = -1;
    switch (kind) {
    case SHARE:
        return wk_json_double(json, &number) && *json.at != '"' && number >= 0 && number <= 1 ? NULL : "is a number from 0 to 1";
    case POSITIVE:
        return wk_json_double(json, &number) && *json.at != '"' && number >= 0 ? NULL : "is a number, at least 0";
    case SWITCH:
        return *json.at == 't' || *json.at == 'f' ? NULL : "is true or false";
    case TEXT:
        return *json.at == '"' ? NULL : "is a string";
    case DERIVED:
        return "is set by the functions that start, pause and end a tracker";
    default:
        return NULL;
    }
}

char *wk_value_compact(struct wk_json json, uint32_t *bytes)
{
    char *to = malloc((size_t)(json.end - json.at) + 1);
    bool in_string = false;
    *bytes = 0;
    for (const char *at = json.at; to && at < json.end; at++) {
        if (!in_string && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')) {
            continue;
        }
        to[(*bytes)++] = *at;
        if (in_string && *at == '\\' && at + 1 < json.end) {
            to[(*bytes)++] = *++at;
        } else if (*at == '"') {
            in_string = !in_string;
        }
    }
    return to;
}

int wk_field_check(const char *field, struct wk_json json)
{
    size_t bytes = field ? strlen(field) : 0;
    struct wk_json_error error = {"it is longer than 32 KiB", 0};
    if (!bytes || bytes > WICK_SEGMENT_BYTES || *field == '@') {
        return wk_error_set(WICK_E_INVAL, "a field's name has 1 to 127 bytes and does not begin with @");
    }
    if (json.end - json.at > (ptrdiff_t)WICK_FACT_BYTES || wk_json_check(json, 1, &error) < 0) {
        return wk_error_set(WICK_E_INVAL, "%s: not a JSON value: %s", field, error.what);
    }
    bool unset = wk_value_is_null(json.at, (uint32_t)(json.end - json.at));
    enum kind kind = kind_of(field);
    const char *wrong = unset && kind != DERIVED ? NULL : complaint(kind, json);
    return wrong ? wk_error_set(WICK_E_INVAL, "%s %s", field, wrong) : 0;
}
