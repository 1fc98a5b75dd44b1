/*
 * SPDX-License-Identifier: MIT
 * Reads JSON: values in memory piece by piece, without building a tree, and streams cut into values. wick/json.h writes
 * it.
 * Must not know what a document means. Invariants: nothing outside a value is read, whatever its bytes; numbers are
 * exact; no recursion.
 */
#ifndef WICK_LIB_MODEL_BASE_JSON_H
#define WICK_LIB_MODEL_BASE_JSON_H

#include "mem.h"

/* A value, or what is left of an object or array: bytes [at, end). A number keeps its digits. */
struct wk_json {
    const char *at, *end;
};

/* Step into an object or array, for wk_json_member or wk_json_element. */
struct wk_json wk_json_inside(struct wk_json value);
/* The next member; 0: none is left, < 0: what follows is not valid. `key` has its quotes. */
int wk_json_member(struct wk_json *inside, struct wk_json *key, struct wk_json *value);
int wk_json_element(struct wk_json *inside, struct wk_json *value);
/* The first member of this name; an empty value: none. */
struct wk_json wk_json_find(struct wk_json object, const char *name);
/* Is a key or a string this word, which has so many bytes? */
int wk_json_is_all(struct wk_json string, const char *word);
static inline int wk_json_is_word(struct wk_json string, const char *word, size_t bytes)
{
    const size_t given = (size_t)(string.end - string.at);
    if (given == bytes + 2 && *string.at == '"') {
        return memcmp(string.at + 1, word, bytes) == 0;
    }
    /* Spelled with escapes it is longer, and most words differ in their first letter. */
    return given && (*string.at != '"' || (given > bytes && (string.at[1] == *word || string.at[1] == '\\'))) && wk_json_is_all(string, word);
}
static inline int wk_json_is(struct wk_json string, const char *word)
{
    return wk_json_is_word(string, word, wk_mem_length(word));
}
/* Are two strings equal, however they are spelt? */
int wk_json_same(struct wk_json x, struct wk_json y);
/* Copy a string, unescaped (any other value as it stands), until fewer than four of `capacity` bytes are left; returns how many. Half a
 * surrogate pair is U+FFFD. */
uint32_t wk_json_text(struct wk_json value, char *to, uint32_t capacity);
/* Read a number, or a string that contains one; 0: it is none, or beyond the type. The last one multiplies by
 * 10^decimals, exactly, and cuts the rest. */
int wk_json_double(struct wk_json value, double *number);
int wk_json_unsigned(struct wk_json value, uint64_t *number);
int wk_json_signed(struct wk_json value, int64_t *number);
int wk_json_scaled(struct wk_json value, int decimals, int64_t *number);

/* ---- whole documents ---- */

#define WK_JSON_DEPTH 64u    /* levels of a document that is checked */
#define WK_JSON_MEMBERS 256u /* members of its objects that are open at one place, when they must be unique */

struct wk_json_error {
    const char *what; /* a literal */
    size_t at;        /* byte of the document */
};

/* Is this one JSON document: RFC 8259, valid UTF-8, no deeper than WK_JSON_DEPTH? `unique`: no object may have a name
 * twice, however it is spelt. 0, or WICK_E_PROTO. */
int wk_json_check(struct wk_json document, int unique, struct wk_json_error *error);

/* ---- streams ---- */

/* Cuts a stream into values: the elements of an array, the members of an object (no texts beyond 4 KiB). The array under
 * the key `each` is not passed as a whole: those of its elements that are arrays or objects are. Zeroed, but for the first members: at the start. */
struct wk_json_cutter {
    const struct wick_allocator *allocator;
    const char *each;
    /* A value; `cutter->key` names it, and `element` says that it is one of an array. */
    void (*take)(void *user, struct wk_json value);
    void *user;
    uint8_t lines; /* the stream is values one after the other: they are passed on as elements */
    char key[32];          /* with its quotes, and cut: of the value at depth 1 */
    uint8_t element;
    int error;             /* WICK_E_NOMEM */
    struct wk_array carry; /* char: of a value whose end has not come yet; the owner frees it */
    uint32_t key_bytes, depth, unit; /* unit: depth of the values that are passed on */
    uint8_t in_string, escaped, in_value, in_key, is_array, after_colon, long_scalar;
};

/* Bytes of the stream, cut anywhere. */
void wk_json_cut(struct wk_json_cutter *cutter, const char *bytes, size_t count);
/* Is the current value's key this word? */
int wk_json_cut_key(const struct wk_json_cutter *cutter, const char *word);
/* Keep the current value in an array of bytes. A long one moves instead of being copied. */
void wk_json_cut_keep(struct wk_json_cutter *cutter, struct wk_array *to, struct wk_json value);
/* Has the stream begun, and is it complete? The closing bracket of an array may be missing. */
int wk_json_cut_complete(const struct wk_json_cutter *cutter);

#endif
