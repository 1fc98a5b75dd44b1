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

/* Decimal digits, and hexadecimal ones without leading zeros; at most 20 and 16 bytes. Give the end. */
char *wk_number_put_unsigned(char *to, uint64_t value);
char *wk_number_put_signed(char *to, int64_t value);
char *wk_number_put_hex(char *to, uint64_t value);

/* Read a number, or a time in seconds with any number of decimals; 0: the bytes are not one. */
int wk_number_unsigned(const char *bytes, size_t count, uint64_t max, uint64_t *number);
int wk_number_signed(const char *bytes, size_t count, int64_t *number);
int wk_number_hex(const char *bytes, size_t count, uint64_t *number); /* lower case, as wk_number_put_hex writes it */
int wk_number_time(const char *bytes, size_t count, int64_t *time_ns);
int wk_number_double(const char *bytes, size_t count, double *number);

#endif
