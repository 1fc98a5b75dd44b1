/*
 * SPDX-License-Identifier: MIT
 * Is the calling thread inside a signal handler? Asked once per thread, before its first event:
 * attaching takes locks, which a handler may have interrupted.
 */
#ifndef WICK_LIB_RECORD_HANDLER_H
#define WICK_LIB_RECORD_HANDLER_H

#include <stdbool.h>

/* Best effort: a handler that blocks no signal (SA_NODEFER, empty mask) is not seen. */
bool wk_handler_running(void);

#endif
