/*
 * SPDX-License-Identifier: MIT
 * JSON written piece by piece, and the one shape of a node and of its numbers in it. Part of wick/model.h.
 *
 *   struct wick_json json = {.out = {write, user}};
 *   wick_json_begin(&json, NULL, '{');
 *   wick_json_unsigned(&json, "count", 3);
 *   wick_json_end(&json, '}');                      {"count":3}
 *
 * Durations and counts are numbers, exact in all their digits; times since the epoch are strings of decimal ns; unknown
 * is null. Whatever bytes a text has, the result is valid JSON in UTF-8 without `<` and U+2028, so that it can stand in a
 * script, and has line breaks only where wick_json_line asked for one.
 */
#ifndef WICK_JSON_H
#define WICK_JSON_H

#include "rows.h"

WICK_I_EXTERN_BEGIN

/* A document that is being written. Zeroed but for `out`: empty. `name` is that of a member, which needs no escapes; NULL
 * in an array and for the document itself. */
struct wick_json {
    struct wick_text_out out;
    int error;         /* the first negative result of out.write; nothing is written after it */
    uint8_t separate;  /* the next value is not the first */
    uint8_t next_line; /* the next value begins a line */
};

/* Begin an object or array: `{` or `[`. Since 0.1 */
WICK_API void wick_json_begin(struct wick_json *json, const char *name, char bracket);

/* End it: `}` or `]`. Since 0.1 */
WICK_API void wick_json_end(struct wick_json *json, char bracket);

/* Begin a line with the next value. Since 0.1 */
WICK_API void wick_json_line(struct wick_json *json);

/* Write a string; bytes that are not UTF-8 become U+FFFD. Since 0.1 */
WICK_API void wick_json_text(struct wick_json *json, const char *name, const char *text, size_t bytes);

/* Write a string that ends with NUL. Since 0.1 */
WICK_API void wick_json_string(struct wick_json *json, const char *name, const char *text);

/* Write a whole number. Since 0.1 */
WICK_API void wick_json_unsigned(struct wick_json *json, const char *name, uint64_t number);

/* Write a whole number. Since 0.1 */
WICK_API void wick_json_signed(struct wick_json *json, const char *name, int64_t number);

/* Write a duration; < 0: null. Since 0.1 */
WICK_API void wick_json_duration(struct wick_json *json, const char *name, int64_t duration_ns);

/* Write a time since the epoch as a string of digits. Since 0.1 */
WICK_API void wick_json_time(struct wick_json *json, const char *name, int64_t time_ns);

/* Write all digits of a whole number, and what wick_json_double writes of another. Since 0.1 */
WICK_API void wick_json_number(struct wick_json *json, const char *name, const struct wick_number *number);

/* Write a number with the fewest digits that read back; null for what JSON has no number for. Since 0.1 */
WICK_API void wick_json_double(struct wick_json *json, const char *name, double number);

/* Write what stands for itself: `null`, `true`, `false`, or digits. Since 0.1 */
WICK_API void wick_json_word(struct wick_json *json, const char *name, const char *word);

/* Write a value that is JSON already, without white space outside strings. Since 0.1 */
WICK_API void wick_json_value(struct wick_json *json, const char *name, const char *text, size_t bytes);

/*
 * Write the numbers of a row as members: count, failed, unfinished, open, total_ns, self_ns, open_ns, mean_ns, min_ns, p50_ns,
 * p90_ns, p99_ns, max_ns, cpu_ns, values, value_sum.
 *
 * Since      0.1
 */
WICK_API void wick_json_row(struct wick_json *json, const struct wick_row_info *row);

/* The nodes of a tree that is written. */
struct wick_json_nodes {
    const struct wick_tree *tree;
    const struct wick_names *names;
    uint32_t *depths;             /* one per node, filled as they are written */
    int64_t now_ns;               /* until which open scopes count; INT64_MIN: wick_tree_settle's time */
};

/*
 * Write a node as an object: id, parent, depth, kind, name, thread, location, file, line, category, its row, text (of the
 * longest instance) and message (of the first failed one). share/wick/schema/tree.json describes it.
 *
 * node       those before it have been written, from 0 on: a parent comes before its children
 * Since      0.1
 */
WICK_API void wick_json_node(struct wick_json *json, const struct wick_json_nodes *nodes, uint32_t node);

WICK_I_EXTERN_END

#endif
