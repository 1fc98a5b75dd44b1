/*
 * SPDX-License-Identifier: MIT
 * Cuts text of any origin at UTF-8 character boundaries, without a locale.
 */
#ifndef WICK_LIB_BASE_TEXT_H
#define WICK_LIB_BASE_TEXT_H

#include <stddef.h>

/* The largest prefix of at most `most` bytes that does not end inside a UTF-8 character. */
size_t wk_text_cut(const char *text, size_t bytes, size_t most);

/* Copy a name into `room` bytes (at least 8), with its NUL. Of a longer one the middle becomes `..`, since names of one kind
 * differ at their ends. Returns the bytes without the NUL. */
size_t wk_text_shorten(char *to, size_t room, const char *name);

#endif
