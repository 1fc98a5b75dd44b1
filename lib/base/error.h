/*
 * SPDX-License-Identifier: MIT
 * The thread-local cause of an error code. For control calls only: it calls malloc.
 */
#ifndef WICK_LIB_BASE_ERROR_H
#define WICK_LIB_BASE_ERROR_H

#include <wick/error.h>

/* Store the cause, printf style, cut to 255 bytes; returns `code`. */
int wk_error_set(int code, const char *format, ...) WICK_I_PRINTF(2, 3);
void wk_error_clear(void);

#endif
