/*
 * SPDX-License-Identifier: MIT
 * Numbers and times as decimal digits and back, without a C library and without a locale.
 * Invariant: a double that is written is read back as itself, and read as every correctly rounding reader (strtod) does.
 */
#ifndef WICK_LIB_MODEL_BASE_NUMBER_H
#define WICK_LIB_MODEL_BASE_NUMBER_H

#include <stddef.h>
#include <stdint.h>

/* Write a double as `%.17g` does, but with the fewest digits that read back; at most 31 bytes, no NUL. Returns how
 * many. */
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
int wk_number_double(const char *bytes, size_t count, double *number); /* 0 also for what is beyond every double */
/* Read a number times 10^decimals, exactly; what is left of its digits is cut. 0 also for what is too large. */
int wk_number_scaled(const char *bytes, size_t count, int decimals, int64_t *number);

#endif
