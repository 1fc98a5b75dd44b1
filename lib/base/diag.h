/*
 * SPDX-License-Identifier: MIT
 * Diagnostics for the person who runs the program: lines `wick: ...` on stderr.
 * Each line is one write(2) of less than PIPE_BUF, so that lines of several threads do not mix; the number of lines is
 * limited. A line that would block, or that would go into another file than the one that was standard error when the library
 * was loaded, is counted instead.
 */
#ifndef WICK_LIB_BASE_DIAG_H
#define WICK_LIB_BASE_DIAG_H

#include <stdint.h>

#include <wick/compiler.h>

/* printf style, no newline. At most 32 lines in a process; the last says so. Keeps errno. */
void wk_diag(const char *format, ...) WICK_I_PRINTF(1, 2);
/* Keep the calling thread's messages until as many releases: for the time that it holds a lock. Keeps errno. */
void wk_diag_hold(void);
void wk_diag_release(void);
/* Lines that found no place, so far. */
uint32_t wk_diag_unsaid(void);

#endif
