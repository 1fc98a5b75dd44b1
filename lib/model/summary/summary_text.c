/*
 * SPDX-License-Identifier: MIT
 * Summaries as JSON lines, and back: a line for the run, then one for each key and each node, in the order of their indices.
 * A number of a node that is 0 is left out.
 * Invariant: what is written is read as it was; what does not hold together is refused with its line.
 */
#include "model/base/json.h"
#include "summary_state.h"

#define SCHEMA "wick-summary/1"

/* The whole numbers of a node, in the order in which they are written: first the counts, then the times. */
struct node_number {
    const char *name;
    size_t bytes, offset;
};
#define NUMBER(name) {#name, sizeof #name - 1, offsetof(struct wick_summary_node, name)}
static const struct node_number numbers[] = {
    NUMBER(calls), NUMBER(nested), NUMBER(failed), NUMBER(unfinished), NUMBER(open), NUMBER(slow), NUMBER(locks), NUMBER(values),
    NUMBER(self_ns), NUMBER(total_ns), NUMBER(min_ns), NUMBER(p10_ns), NUMBER(p50_ns), NUMBER(p90_ns), NUMBER(p99_ns), NUMBER(max_ns), NUMBER(wait_ns)};
#undef NUMBER
enum { COUNTS = 8, NUMBERS = sizeof numbers / sizeof numbers[0] };

/* ---- writing ---- */

static void write_run(const struct wick_summary *summary, struct wick_json *json)
{
    const struct wick_summary_info *info = &summary->info;
    const struct wk_property *properties = summary->properties.items;
    wick_json_begin(json, NULL, '{');
    wick_json_string(json, "schema", SCHEMA);
    wick_json_string(json, "log", info->log);
    wick_json_time(json, "first_ns", info->first_ns);
    wick_json_time(json, "last_ns", info->last_ns);
    wick_json_unsigned(json, "lost", info->lost);
    wick_json_unsigned(json, "pauses", info->pauses);
    wick_json_unsigned(json, "not_finite", info->not_finite);
    wick_json_unsigned(json, "problems", info->problems);
    wick_json_word(json, "ended", info->ended ? "true" : "false");
    wick_json_word(json, "foreign", info->foreign ? "true" : "false");
    wick_json_unsigned(json, "keys", info->keys);
    wick_json_unsigned(json, "nodes", info->nodes);
    wick_json_begin(json, "run", '[');
    for (uint32_t i = 0; i < summary->properties.count; i++) {
        wick_json_begin(json, NULL, '[');
        wick_json_string(json, NULL, properties[i].key);
        wick_json_string(json, NULL, properties[i].value);
        wick_json_end(json, ']');
    }
    wick_json_end(json, ']');
    wick_json_end(json, '}');
}

static const char *const kinds[] = {
    [WICK_SITE_SCOPE] = "scope", [WICK_SITE_FORMAT] = "format", [WICK_SITE_DYNAMIC] = "dynamic", [WICK_SITE_MARK] = "mark",
    [WICK_SITE_COUNTER] = "counter", [WICK_SITE_LOCK] = "lock", [WICK_SITE_FOREIGN] = "foreign", [WICK_SITE_KINDS] = "thread"};

static void write_key(const struct wick_summary_key *key, struct wick_json *json)
{
    wick_json_begin(json, NULL, '{');
    wick_json_string(json, "kind", kinds[key->kind]);
    wick_json_string(json, "name", key->name);
    wick_json_string(json, "function", key->function);
    wick_json_unsigned(json, "ordinal", key->ordinal);
    wick_json_string(json, "file", key->file);
    wick_json_unsigned(json, "line", key->line);
    wick_json_end(json, '}');
}

static void write_node(const struct wick_summary_node *node, struct wick_json *json)
{
    wick_json_begin(json, NULL, '{');
    if (node->parent == WICK_NONE) {
        wick_json_word(json, "parent", "null");
    } else {
        wick_json_unsigned(json, "parent", node->parent);
    }
    wick_json_unsigned(json, "key", node->key);
    for (uint32_t i = 0; i < NUMBERS; i++) {
        const void *number = (const char *)node + numbers[i].offset;
        if (i < COUNTS && *(const uint64_t *)number) {
            wick_json_unsigned(json, numbers[i].name, *(const uint64_t *)number);
        } else if (i >= COUNTS && *(const int64_t *)number) {
            wick_json_signed(json, numbers[i].name, *(const int64_t *)number);
        }
    }
    if (node->calls && node->parent != WICK_NONE) {
        wick_json_double(json, "lomean_ns", node->lomean_ns);
    }
    if (node->values) {
        wick_json_number(json, "value_sum", &node->value_sum);
    }
    wick_json_end(json, '}');
}

static void end_line(struct wick_json *json)
{
    json->separate = 0; /* a line is a document */
    json->error = json->error < 0 ? json->error : json->out.write(json->out.user, "\n", 1);
}

void wick_summary_write(const struct wick_summary *summary, struct wick_json *json)
{
    write_run(summary, json);
    end_line(json);
    for (uint32_t i = 0; i < summary->keys.count; i++) {
        write_key(wick_summary_key_at(summary, i), json);
        end_line(json);
    }
    for (uint32_t i = 0; i < summary->nodes.count; i++) {
        write_node(wick_summary_node_at(summary, i), json);
        end_line(json);
    }
}

/* ---- reading ---- */

static bool truth(struct wk_json value)
{
    return value.at < value.end && *value.at == 't';
}

static char *text_of(struct wick_summary *summary, struct wk_json value)
{
    const size_t bytes = (size_t)(value.end - value.at) + 4; /* as many as wk_json_text wants to have left */
    char *text = wk_arena_take(&summary->texts, bytes, 1);
    if (text) {
        text[wk_json_text(value, text, (uint32_t)bytes)] = 0;
    }
    return text;
}

static const char *read_run(struct wick_summary *summary, struct wk_json line)
{
    struct wick_summary_info *info = &summary->info;
    uint64_t keys = 0, nodes = 0;
    if (!wk_json_is(wk_json_find(line, "schema"), SCHEMA)) {
        return "not a summary of this version (\"schema\":\"" SCHEMA "\" is missing)";
    }
    info->ended = truth(wk_json_find(line, "ended"));
    info->foreign = truth(wk_json_find(line, "foreign"));
    (void)wk_json_unsigned(wk_json_find(line, "not_finite"), &info->not_finite); /* older ones do not say */
    if (!wk_json_signed(wk_json_find(line, "first_ns"), &info->first_ns) || !wk_json_signed(wk_json_find(line, "last_ns"), &info->last_ns) ||
        !wk_json_unsigned(wk_json_find(line, "lost"), &info->lost) || !wk_json_unsigned(wk_json_find(line, "pauses"), &info->pauses) ||
        !wk_json_unsigned(wk_json_find(line, "problems"), &info->problems) || !wk_json_unsigned(wk_json_find(line, "keys"), &keys) ||
        !wk_json_unsigned(wk_json_find(line, "nodes"), &nodes) || keys >= WICK_NONE || nodes >= WICK_NONE) {
        return "a number of the run is missing, or none";
    }
    info->keys = (uint32_t)keys;
    info->nodes = (uint32_t)nodes;
    info->log = text_of(summary, wk_json_find(line, "log"));
    struct wk_json pairs = wk_json_inside(wk_json_find(line, "run")), pair, key, value;
    while (wk_json_element(&pairs, &pair) > 0) {
        struct wk_json inside = wk_json_inside(pair);
        if (wk_json_element(&inside, &key) <= 0 || wk_json_element(&inside, &value) <= 0) {
            return "a property of the run is not a pair";
        }
        const char *name = text_of(summary, key), *text = text_of(summary, value);
        if (!name || !text || wick_summary_property(summary, name, text) < 0) {
            summary->error = WICK_E_NOMEM;
            return NULL;
        }
    }
    return NULL;
}

static const char *read_key(struct wick_summary *summary, struct wk_json line)
{
    struct wick_summary_key key = {.kind = UINT8_MAX};
    struct wk_json inside = wk_json_inside(line), name, value;
    uint64_t number = 0;
    while (wk_json_member(&inside, &name, &value) > 0) {
        if (wk_json_is(name, "kind")) {
            for (uint8_t i = 0; i <= WICK_SITE_KINDS; i++) {
                key.kind = wk_json_is(value, kinds[i]) ? i : key.kind;
            }
        } else if (wk_json_is(name, "name")) {
            key.name = text_of(summary, value);
        } else if (wk_json_is(name, "function")) {
            key.function = text_of(summary, value);
        } else if (wk_json_is(name, "file")) {
            key.file = text_of(summary, value);
        } else if (wk_json_is(name, "line") && wk_json_unsigned(value, &number)) {
            key.line = (uint32_t)number;
        } else if (wk_json_is(name, "ordinal") && wk_json_unsigned(value, &number)) {
            key.ordinal = (uint32_t)number;
        }
    }
    if (key.kind == UINT8_MAX || !key.name || !key.function || !key.file) {
        return "a key without kind, name, function or file";
    }
    const uint32_t count = summary->keys.count;
    if (wk_array_reserve(&summary->keys, summary->allocator, count + 1, sizeof key) < 0) {
        summary->error = WICK_E_NOMEM;
        return NULL;
    }
    struct wick_summary_key *keys = summary->keys.items;
    if (count && wk_summary_compare_keys(&keys[count - 1], &key) >= 0) {
        return "a key that is not behind the one before it";
    }
    keys[summary->keys.count++] = key;
    return NULL;
}

/* Read one member of a node; 0: its value is none. `next` is the number that is expected: they come in their order. */
static int read_number(struct wick_summary_node *node, struct wk_json name, struct wk_json value, uint32_t *next)
{
    uint32_t *index = wk_json_is(name, "parent") ? &node->parent : wk_json_is(name, "key") ? &node->key : NULL;
    uint64_t whole = WICK_NONE;
    if (index == &node->parent && value.at < value.end && *value.at == 'n') {
        return 1;
    }
    if (index) {
        const int good = wk_json_unsigned(value, &whole) && whole < WICK_NONE;
        *index = (uint32_t)whole;
        return good;
    }
    for (uint32_t i = 0; i < NUMBERS; i++, *next = *next + 1 < NUMBERS ? *next + 1 : 0) {
        const struct node_number *number = &numbers[*next];
        void *to = (char *)node + number->offset;
        if (wk_json_is_word(name, number->name, number->bytes)) {
            return number < numbers + COUNTS ? wk_json_unsigned(value, to) : wk_json_signed(value, to) && *(int64_t *)to >= 0;
        }
    }
    if (wk_json_is(name, "lomean_ns")) {
        return wk_json_double(value, &node->lomean_ns) && node->lomean_ns >= 0;
    }
    if (wk_json_is(name, "value_sum")) {
        uint64_t bits = 0;
        node->value_sum.is_whole = wk_json_signed(value, &node->value_sum.whole) ? WICK_WHOLE
                                   : wk_json_unsigned(value, &bits) ? WICK_WHOLE_UNSIGNED : WICK_NOT_WHOLE;
        node->value_sum.whole |= (int64_t)bits;
        return wk_json_double(value, &node->value_sum.value);
    }
    return wk_json_unsigned(value, &whole); /* one that we do not know */
}

static const char *read_node(struct wick_summary *summary, struct wk_json line)
{
    struct wick_summary_node node = {.parent = WICK_NONE, .key = WICK_NONE};
    struct wk_json inside = wk_json_inside(line), name, value;
    uint32_t next = 0;
    while (wk_json_member(&inside, &name, &value) > 0) {
        if (!read_number(&node, name, value, &next)) {
            return "a number of a node is none";
        }
    }
    if (node.key >= summary->keys.count || (node.parent != WICK_NONE && node.parent >= summary->nodes.count)) {
        return "a node whose key or parent does not come before it";
    }
    if (wk_array_reserve(&summary->nodes, summary->allocator, summary->nodes.count + 1, sizeof node) < 0) {
        summary->error = WICK_E_NOMEM;
        return NULL;
    }
    ((struct wick_summary_node *)summary->nodes.items)[summary->nodes.count++] = node;
    return NULL;
}

int wick_summary_read(struct wick_summary *summary, const char **at, const char *end, struct wick_summary_error *error)
{
    uint64_t lines = 0, wanted = 1;
    for (; *at < end && lines < wanted; error->line++) {
        const char *newline = memchr(*at, '\n', (size_t)(end - *at));
        newline = newline ? newline : end;
        const struct wk_json line = {*at, newline};
        *at = newline < end ? newline + 1 : end;
        if (line.at == line.end && !lines) {
            continue; /* between summaries */
        }
        struct wk_json_error wrong;
        error->what = wk_json_check(line, 1, &wrong) < 0 ? "not valid JSON"
                      : !lines                           ? read_run(summary, line)
                      : lines <= summary->info.keys      ? read_key(summary, line)
                                                         : read_node(summary, line);
        if (error->what || summary->error) {
            return summary->error ? summary->error : WICK_E_PROTO;
        }
        wanted = 1 + (uint64_t)summary->info.keys + summary->info.nodes;
        lines++;
    }
    if (lines && lines < wanted) {
        error->what = "the file ends in the middle of a summary";
        error->line = error->line ? error->line - 1 : 0;
        return WICK_E_PROTO;
    }
    return lines != 0;
}
