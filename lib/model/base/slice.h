/*
 * SPDX-License-Identifier: MIT
 * Reads JSON in memory piece by piece, without building a tree.
 * Invariant: nothing outside a slice is read, whatever its bytes.
 */
#ifndef WICK_LIB_MODEL_BASE_SLICE_H
#define WICK_LIB_MODEL_BASE_SLICE_H

#include <stddef.h>
#include <stdint.h>

/* A value, or what is left of an object or array: bytes [at, end). */
struct wk_slice {
    const char *at, *end;
};

/* Step into an object or array, for wk_slice_member or wk_slice_element. */
struct wk_slice wk_slice_inside(struct wk_slice value);
/* The next member; 0: none, or not valid. `key` has no quotes and is not unescaped. */
int wk_slice_member(struct wk_slice *inside, struct wk_slice *key, struct wk_slice *value);
int wk_slice_element(struct wk_slice *inside, struct wk_slice *value);
/* Is a key or a string value this word? Escapes are not decoded. */
int wk_slice_is(struct wk_slice key, const char *word);
/* Copy a string, unescaped (any other value as it stands), into at most `capacity` bytes; returns how many. */
uint32_t wk_slice_text(struct wk_slice value, char *to, uint32_t capacity);
/* Read a number, or a string that contains one; 0: it is none. */
int wk_slice_number(struct wk_slice value, double *number);
/* Read a number in thousandths: exact for up to three decimals, more are cut. 0: it is none, or too large. */
int wk_slice_thousandths(struct wk_slice value, int64_t *number);

#endif
