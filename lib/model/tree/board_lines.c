/*
 * SPDX-License-Identifier: MIT
 * Facts as `tracker` lines of a log, and back: `KEY {"@v":version,"@w":writer,"field":value,...}` or `KEY null`.
 * Invariant: a board that is fed all lines of another is equal to it.
 */
#include "board_lines.h"

#include "board_state.h"
#include "model/base/json.h"
#include "model/base/number.h"

enum { LINE_BYTES = 57000 }; /* of a text: below what writers cut, with a line's other fields */

/* ---- reading ---------------------------------------------------------------------------------- */

uint64_t wick_board_writer(const struct wick_process_info *process)
{
    uint64_t hash = wk_mem_hash(process->host, wk_mem_length(process->host), 0);
    hash = wk_mem_hash(process->pid, wk_mem_length(process->pid), hash);
    return wk_mem_mix(hash, (uint64_t)process->start_ns);
}

/* "@v" and "@w", wherever they stand in the object. */
static void read_stamp(struct wk_json object, struct wick_fact *fact)
{
    struct wk_json version = wk_json_find(object, "@v"), writer = wk_json_find(object, "@w");
    (void)wk_json_unsigned(version, &fact->version);
    (void)wk_json_unsigned(writer, &fact->writer);
}

static int put_fields(struct wick_board *board, struct wk_json object, struct wick_fact *fact)
{
    struct wk_json inside = wk_json_inside(object), name, value;
    char field[WICK_SEGMENT_BYTES + 1];
    int error = 0, counts = 0;
    read_stamp(object, fact);
    while (wk_json_member(&inside, &name, &value) > 0) {
        fact->field = field;
        fact->field_bytes = wk_json_text(name, field, sizeof field);
        fact->value = value.at;
        fact->value_bytes = (uint32_t)(value.end - value.at);
        int rc = fact->field_bytes && *field == '@' ? 0 : wick_board_put(board, fact);
        counts |= rc > 0;
        error = error < 0 ? error : rc < 0 ? rc : 0;
    }
    return error < 0 ? error : counts;
}

int wick_board_feed(struct wick_board *board, const struct wick_names *names, const struct wick_record *record)
{
    const char *end = record->text + record->text_bytes, *space = record->text;
    while (space < end && *space != ' ') {
        space++;
    }
    struct wk_json value = {space < end ? space + 1 : end, end};
    struct wk_json_error error;
    struct wick_fact fact = {.key = record->text, .key_bytes = (uint32_t)(space - record->text), .version = (uint64_t)record->time_ns,
                             .writer = wick_board_writer(wick_names_track_process(names, record->track))};
    if (wk_value_is_null(value.at, (uint32_t)(value.end - value.at))) {
        return wick_board_put(board, &fact);
    }
    if (value.at == end || *value.at != '{' || wk_json_check(value, 1, &error) < 0) {
        return WICK_E_INVAL;
    }
    return put_fields(board, value, &fact);
}

/* ---- writing ---------------------------------------------------------------------------------- */

/* The texts of one tracker. */
struct texts {
    const struct wick_board *board;
    const struct wk_board_line *line;
    const struct wick_text_out *out;
    struct wk_array text; /* char */
    uint64_t writer;      /* of the line that is being filled */
    int error;
};

static void put_bytes(struct texts *t, const char *bytes, size_t count)
{
    if (t->error >= 0 && wk_array_append(&t->text, t->board->allocator, bytes, count) < 0) {
        t->error = WICK_E_NOMEM;
    }
}

static void put_number(struct texts *t, const char *name, uint64_t number)
{
    char digits[24];
    put_bytes(t, name, wk_mem_length(name));
    put_bytes(t, digits, (size_t)(wk_number_put_unsigned(digits, number) - digits));
}

static void put_escape(struct texts *t, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    const char escape[] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
    put_bytes(t, escape, sizeof escape);
}

/* JSON, or with `name` what becomes a string of it; controls, which a line cannot have, as escapes: in JSON they stand in
 * strings alone. */
static void put_text(struct texts *t, const char *text, uint32_t bytes, int name)
{
    for (uint32_t i = 0; i < bytes; i++) {
        unsigned char c = (unsigned char)text[i], next = i + 1 < bytes ? (unsigned char)text[i + 1] : 0;
        if (c == 0xc2 && next >= 0x80 && next < 0xa0) {
            put_escape(t, next);
            i++;
        } else if (c < ' ' || c == 0x7f || (name && (c == '"' || c == '\\'))) {
            put_escape(t, c);
        } else {
            put_bytes(t, text + i, 1);
        }
    }
}

static void begin_line(struct texts *t, const struct wk_tracker *tracker, uint64_t writer)
{
    t->writer = writer;
    put_bytes(t, tracker->key, tracker->key_bytes);
    put_bytes(t, " {", 2);
    if (t->line->version != (uint64_t)t->line->time_ns) {
        put_number(t, "\"@v\":", t->line->version);
        put_bytes(t, ",", 1);
    }
    if (writer != t->line->writer) {
        put_number(t, "\"@w\":", writer);
        put_bytes(t, ",", 1);
    }
}

static void end_line(struct texts *t)
{
    if (t->text.count && t->error >= 0) {
        char *text = t->text.items;
        text[t->text.count - 1] = '}'; /* it was the last comma */
        put_bytes(t, "", 1);
        t->error = t->error < 0 ? t->error : t->out->write(t->out->user, t->text.items, t->text.count);
    }
    t->text.count = 0;
}

static void put_fact(struct texts *t, const struct wk_tracker *tracker, const struct wick_fact *fact)
{
    uint64_t bytes = (uint64_t)t->text.count + 6 * (uint64_t)fact->field_bytes + fact->value_bytes + 8;
    if (t->text.count && (bytes > LINE_BYTES || fact->writer != t->writer)) {
        end_line(t);
    }
    if (!t->text.count) {
        begin_line(t, tracker, fact->writer);
    }
    put_bytes(t, "\"", 1);
    put_text(t, fact->field, fact->field_bytes, 1);
    put_bytes(t, "\":", 2);
    put_text(t, fact->value, fact->value_bytes, 0);
    put_bytes(t, ",", 1);
}

static void put_removal(struct texts *t, const struct wk_tracker *tracker)
{
    put_bytes(t, tracker->key, tracker->key_bytes);
    put_bytes(t, " null", sizeof " null");
    t->error = t->error < 0 ? t->error : t->out->write(t->out->user, t->text.items, t->text.count);
    t->text.count = 0;
}

int wk_board_lines(const struct wick_board *board, const struct wk_board_line *line, const struct wick_text_out *out)
{
    struct texts t = {.board = board, .line = line, .out = out};
    const struct wk_tracker *tracker = wk_tracker_at(board, line->tracker);
    struct wick_fact fact;
    if (tracker->own_removal.version == line->version) {
        put_removal(&t, tracker);
    }
    for (uint32_t i = 0; wick_board_fact(board, line->tracker, i, &fact); i++) {
        if (fact.version == line->version) {
            put_fact(&t, tracker, &fact);
        }
    }
    end_line(&t);
    wk_array_free(&t.text, board->allocator, 1);
    return t.error;
}

uint64_t wk_board_next_version(const struct wick_board *board, uint32_t tracker, uint32_t *at)
{
    struct wick_fact fact, before;
    while (wick_board_fact(board, tracker, (*at)++, &fact)) {
        uint32_t k = 0;
        while (k + 1 < *at && wick_board_fact(board, tracker, k, &before) && before.version != fact.version) {
            k++;
        }
        if (k + 1 == *at) {
            return fact.version;
        }
    }
    return 0;
}
