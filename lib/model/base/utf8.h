/*
 * SPDX-License-Identifier: MIT
 * Characters as UTF-8. Invariant: overlong forms, surrogates and what lies beyond U+10FFFF are invalid (Unicode 15,
 * table 3-7).
 */
#ifndef WICK_LIB_MODEL_BASE_UTF8_H
#define WICK_LIB_MODEL_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of the character at `at`, and its code; 0: not a valid one, and the code is the byte. `left` is not 0. */
uint32_t wk_utf8_read(const char *at, size_t left, uint32_t *code);
/* Write a character of any code below 2^21; returns its bytes, at most 4. */
uint32_t wk_utf8_put(char *to, uint32_t code);

#endif
