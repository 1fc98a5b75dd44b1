/*
 * SPDX-License-Identifier: MIT
 * Diagnostics for the person who runs the program: lines `wick: ...` on stderr.
 * Each line is one write(2), so that lines of several threads do not mix; the number of lines is limited.
 */
#ifndef WICK_LIB_BASE_DIAG_H
#define WICK_LIB_BASE_DIAG_H

#include <wick/compiler.h>

/* printf style, no newline. At most 32 lines in a process; the last says so. Keeps errno. */
void wk_diag(const char *format, ...) WICK_I_PRINTF(1, 2);

#endif
