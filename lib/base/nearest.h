/*
 * SPDX-License-Identifier: MIT
 * How much two words differ: for what is said of a misspelt setting, option or command. Also compiled into the tool.
 */
#ifndef WICK_LIB_BASE_NEAREST_H
#define WICK_LIB_BASE_NEAREST_H

#include <stddef.h>

/* Letters that differ, were added, left out or swapped (restricted edit distance); 99 for words of more than 60 bytes. */
unsigned wk_nearest_distance(const char *a, size_t a_bytes, const char *b);

#endif
