/*
 * SPDX-License-Identifier: MIT
 * The thread-local cause behind an error code. Control calls only: the hot path never comes here.
 */
#ifndef WICK_LIB_BASE_ERROR_H
#define WICK_LIB_BASE_ERROR_H

#include <wick/error.h>

/* Remember the cause, printf style, cut to 255 bytes; gives `code` back. */
int wk_error_set(int code, const char *format, ...) WICK_I_PRINTF(2, 3);
void wk_error_clear(void);

#endif
