/*
 * SPDX-License-Identifier: MIT
 * Numbers and times as decimal digits and back, without a C library and without a locale.
 * Invariant: a written double is rounded once, so that a correctly rounding reader (strtod) reads the same double.
 */
#ifndef WICK_LIB_MODEL_BASE_NUMBER_H
#define WICK_LIB_MODEL_BASE_NUMBER_H

#include <stddef.h>
#include <stdint.h>

/* Write a double: up to 17 significant digits, whole numbers as `%.17g` does, others as `d.ddde+xx`; at most 31
 * bytes, no NUL. Returns how many. */
uint32_t wk_number_put(char *to, double value);

/* Numbers as lines write them, seconds with up to any number of decimals; 0: the bytes are not one. */
int wk_number_unsigned(const char *bytes, size_t count, uint64_t max, uint64_t *number);
int wk_number_time(const char *bytes, size_t count, int64_t *time_ns);
int wk_number_double(const char *bytes, size_t count, double *number);

#endif
