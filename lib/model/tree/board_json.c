/*
 * SPDX-License-Identifier: MIT
 * Trackers as JSON. See board_json.h.
 */
#include "board_json.h"

#include "board_state.h"
#include "model/base/json.h"

enum { NAME_BYTES = 6 * WICK_SEGMENT_BYTES + 8 }; /* of a field, escaped and with quotes */

/* Members that are written for every tracker, and are not facts as they stand. */
static const char *const derived[] = {"key",        "attempt",     "start_time", "update_time", "created",  "start",       "finish",
                                      "paused_s",   "scope",       "elapsed_s",  "estimate_s",  "remaining_s", "left_s",   "done_pct",
                                      "in_progress_pct", "all",    "not_started", "in_progress", "paused",  "succeeded",   "failed",
                                      "canceled",   "timed_out",   "done",       "_children",   "tasks",    "missing"};
/* Facts that are written for every tracker, in a form of their own. */
static const char *const shaped[] = {"name", "status", "progress", "weight", "msg", "parallel"};

static int is_one_of(const char *const *words, size_t count, const char *name, size_t bytes)
{
    for (size_t i = 0; i < count; i++) {
        if (wk_mem_length(words[i]) == bytes && memcmp(words[i], name, bytes) == 0) {
            return 1;
        }
    }
    return 0;
}

int wk_board_is_derived(const char *name)
{
    return is_one_of(derived, sizeof derived / sizeof *derived, name, wk_mem_length(name));
}

int wk_board_is_known(const char *name)
{
    static const char *const known[] = {
#define KNOWN_NAME(name) #name,
        WK_FIELDS(KNOWN_NAME)
#undef KNOWN_NAME
    };
    return is_one_of(known, sizeof known / sizeof *known, name, wk_mem_length(name));
}

/* ---- values ----------------------------------------------------------------------------------- */

/* A value as it stands. */
static void put_value(struct wick_json *json, const char *name, const struct wick_fact *fact)
{
    static const char none[] = "null";
    wick_json_value(json, name, fact->value ? fact->value : none, fact->value ? fact->value_bytes : sizeof none - 1);
}

static void put_fact(struct wick_json *json, const struct wick_board *board, uint32_t tracker, const char *name)
{
    struct wick_fact fact = {.value = NULL};
    if (tracker == WICK_NONE || !wick_board_field(board, tracker, name, &fact)) {
        fact.value = NULL;
    }
    put_value(json, name, &fact);
}

static void put_name(struct wick_json *json, const struct wick_board *board, uint32_t tracker, const struct wick_tracker_info *info)
{
    struct wick_fact fact;
    if (wick_board_field(board, tracker, "name", &fact)) {
        put_value(json, "name", &fact);
        return;
    }
    uint32_t at = info->key_bytes;
    while (at && info->key[at - 1] != '.') {
        at--;
    }
    wick_json_text(json, "name", info->key + at, info->key_bytes - at);
}

static void put_status(struct wick_json *json, const struct wick_board *board, uint32_t tracker, const struct wick_tracker_info *info)
{
    char word[1024];
    if (info->status == WICK_TRACKER_OTHER) {
        uint32_t bytes = wick_board_text(board, tracker, "status", word, sizeof word);
        wick_json_text(json, "status", word, bytes);
    } else {
        wick_json_string(json, "status", wick_tracker_status_word((enum wick_tracker_status)info->status));
    }
}

/* ---- times ------------------------------------------------------------------------------------ */

static void put_time(struct wick_json *json, const char *name, int64_t time_ns)
{
    if (time_ns) {
        wick_json_time(json, name, time_ns);
    } else {
        wick_json_word(json, name, "null");
    }
}

static void put_ms(struct wick_json *json, const char *name, int64_t time_ns)
{
    if (time_ns) {
        wick_json_signed(json, name, time_ns / 1000000);
    } else {
        wick_json_word(json, name, "null");
    }
}

static void put_seconds(struct wick_json *json, const char *name, int64_t ns)
{
    wick_json_double(json, name, (double)ns / 1e9);
}

/* The newest change of a tracker, or of the numbers and messages below it. What was below it when it was removed is no change of what
 * it is since: it may have been told before the removal or after it. */
static int64_t updated_ns(const struct wk_tracker *t)
{
    struct wk_fact_head head;
    const char *value;
    uint64_t below = wk_stamp_later(t->below, t->gone) ? t->below.version : 0, newest = below > t->newest.version ? below : t->newest.version;
    for (uint32_t at = 0; wk_fact_next(t, &at, &head, &value);) {
        newest = head.stamp.version > newest ? head.stamp.version : newest;
    }
    return (int64_t)newest;
}

static void put_times(struct wick_json *json, const struct wk_tracker *t, const struct wick_tracker_info *info)
{
    put_ms(json, "start_time", info->start_ns);
    put_ms(json, "update_time", updated_ns(t));
    put_time(json, "created", info->created_ns);
    put_time(json, "start", info->start_ns);
    put_time(json, "finish", info->finish_ns);
    put_seconds(json, "elapsed_s", info->elapsed_ns);
    put_seconds(json, "estimate_s", info->estimate_ns);
    put_seconds(json, "remaining_s", info->remaining_ns);
    put_seconds(json, "left_s", info->left_ns);
}

/* ---- numbers ---------------------------------------------------------------------------------- */

static void put_counts(struct wick_json *json, const struct wick_tracker_info *info)
{
    wick_json_unsigned(json, "all", info->all);
    wick_json_unsigned(json, "not_started", info->by_status[WICK_TRACKER_WAITING]);
    wick_json_unsigned(json, "in_progress", info->in_progress);
    wick_json_unsigned(json, "paused", info->by_status[WICK_TRACKER_PAUSED]);
    wick_json_unsigned(json, "succeeded", info->by_status[WICK_TRACKER_FINISHED]);
    wick_json_unsigned(json, "failed", info->by_status[WICK_TRACKER_FAILED]);
    wick_json_unsigned(json, "canceled", info->by_status[WICK_TRACKER_CANCELED]);
    wick_json_unsigned(json, "timed_out", info->by_status[WICK_TRACKER_TIMED_OUT]);
    wick_json_unsigned(json, "done", info->done);
    wick_json_double(json, "done_pct", info->done_pct);
    wick_json_double(json, "in_progress_pct", info->in_progress_pct);
}

/* The name of a field, which may need escapes, as a member's. */
static int append(void *user, const char *bytes, size_t count)
{
    char **to = user;
    memcpy(*to, bytes, count);
    *to += count;
    return 0;
}

static void put_others(struct wick_json *json, const struct wick_board *board, uint32_t tracker)
{
    struct wick_fact fact;
    for (uint32_t i = 0; wick_board_fact(board, tracker, i, &fact); i++) {
        char name[NAME_BYTES], *end = name;
        struct wick_json escaped = {.out = {append, &end}};
        if (wk_value_is_null(fact.value, fact.value_bytes) || is_one_of(derived, sizeof derived / sizeof *derived, fact.field, fact.field_bytes) ||
            is_one_of(shaped, sizeof shaped / sizeof *shaped, fact.field, fact.field_bytes)) {
            continue;
        }
        wick_json_text(&escaped, NULL, fact.field, fact.field_bytes);
        end[-1] = 0; /* the closing quote, which wick_json_value writes as the opening one */
        wick_json_value(json, name + 1, fact.value, fact.value_bytes);
    }
}

int wk_board_json(struct wick_json *json, struct wick_board *board, uint32_t tracker, int64_t now_ns)
{
    struct wick_tracker_info info;
    if (!wick_board_read(board, tracker, now_ns, &info)) {
        return 0;
    }
    wick_json_text(json, "key", info.key, info.key_bytes);
    put_name(json, board, tracker, &info);
    put_status(json, board, tracker, &info);
    wick_json_unsigned(json, "attempt", info.attempt);
    wick_json_double(json, "progress", info.progress);
    wick_json_double(json, "weight", info.weight);
    put_fact(json, board, info.message, "msg");
    put_times(json, wk_tracker_at(board, tracker), &info);
    put_counts(json, &info);
    wick_json_word(json, "parallel", info.parallel ? "true" : "false");
    put_others(json, board, tracker);
    return 1;
}
