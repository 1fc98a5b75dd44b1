/*
 * SPDX-License-Identifier: MIT
 * Writes the server's JSON, and reads one flat object of strings.
 * Invariants: any text gives valid JSON without `<`, line breaks and invalid UTF-8, so that it cannot end a tag, a
 * script or an SSE message; nanoseconds are decimal strings.
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
    bool failed;      /* no memory: the rest is missing */
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

/* Find the string `name` in an object of strings; false: it is missing or too long, or the object is not valid. */
bool wk_json_find(const char *object, const char *name, char *value, size_t value_bytes);

#endif
