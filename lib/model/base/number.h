/*
 * SPDX-License-Identifier: MIT
 * A double as decimal digits, without a C library.
 * Must not round twice. Invariant: what is written reads back as the same double.
 */
#ifndef WICK_LIB_MODEL_BASE_NUMBER_H
#define WICK_LIB_MODEL_BASE_NUMBER_H

#include <stdint.h>

/* 17 significant digits at most, as `%.17g` gives them for whole numbers and `d.ddde+xx` otherwise; at most
 * 31 bytes, no NUL. Gives how many. */
uint32_t wk_decimal_put(char *to, double value);

#endif
