/*
 * SPDX-License-Identifier: MIT
 * JSON that lies in memory, looked at piece by piece: no tree is built.
 * Must not copy but to unescape. Invariant: nothing outside a slice is read, whatever its bytes.
 */
#ifndef WICK_LIB_MODEL_BASE_SLICE_H
#define WICK_LIB_MODEL_BASE_SLICE_H

#include <stddef.h>
#include <stdint.h>

/* A value, or what is left of an object or array: bytes [at, end). */
struct wk_slice {
    const char *at, *end;
};

/* Step into an object or array: what wk_slice_member or wk_slice_element then take from. */
struct wk_slice wk_slice_inside(struct wk_slice value);
/* The next member; 0: none, or nonsense. `key` has no quotes and is not unescaped. */
int wk_slice_member(struct wk_slice *inside, struct wk_slice *key, struct wk_slice *value);
int wk_slice_element(struct wk_slice *inside, struct wk_slice *value);
/* Whether a key or a string value is a word without escapes. */
int wk_slice_is(struct wk_slice key, const char *word);
/* A string (or any value, as it stands) into at most `capacity` bytes of UTF-8; gives how many. */
uint32_t wk_slice_text(struct wk_slice value, char *to, uint32_t capacity);
/* A number, also one that is written as a string; 0: it is none. */
int wk_slice_number(struct wk_slice value, double *number);
/* A number in thousandths, exactly, for up to three decimals (more are cut). 0: it is none, or too large. */
int wk_slice_thousandths(struct wk_slice value, int64_t *number);

#endif
