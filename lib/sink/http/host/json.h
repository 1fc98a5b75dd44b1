/*
 * SPDX-License-Identifier: MIT
 * JSON as the server writes it, and the one flat object that it reads.
 * Must not know what is said. Invariants: whatever the texts are, the result is valid JSON in one line of
 * UTF-8, without `<`, so that it breaks out of nothing; nanoseconds are decimal strings.
 */
#ifndef WICK_LIB_SINK_HTTP_HOST_JSON_H
#define WICK_LIB_SINK_HTTP_HOST_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A text that grows. Zeroed: empty. */
struct wk_json {
    char *text;
    size_t used, capacity;
    bool failed;      /* no memory: what came after it is missing */
};

void wk_json_fini(struct wk_json *json);
void wk_json_raw(struct wk_json *json, const char *text);
void wk_json_bytes(struct wk_json *json, const void *bytes, size_t count);
/* A string, quoted. */
void wk_json_text(struct wk_json *json, const char *text, size_t bytes);
/* `"name":` and a value, with a comma before it unless it is the first of its object. */
void wk_json_member_text(struct wk_json *json, const char *name, const char *text);
void wk_json_member_count(struct wk_json *json, const char *name, uint64_t count);
void wk_json_member_ns(struct wk_json *json, const char *name, int64_t ns);
void wk_json_member_raw(struct wk_json *json, const char *name, const char *value);

/* The string `name` of an object of strings; false: there is none, it is too long, or this is no such object. */
bool wk_json_find(const char *object, const char *name, char *value, size_t value_bytes);

#endif
