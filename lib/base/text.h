/*
 * SPDX-License-Identifier: MIT
 * Text that came from anywhere: cut at character boundaries. Bytes in, bytes out, no locale.
 */
#ifndef WICK_LIB_BASE_TEXT_H
#define WICK_LIB_BASE_TEXT_H

#include <stddef.h>

/* The largest prefix of at most `most` bytes that does not end inside a UTF-8 character. */
size_t wk_text_cut(const char *text, size_t bytes, size_t most);

#endif
