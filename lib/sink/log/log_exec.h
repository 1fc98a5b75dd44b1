/*
 * SPDX-License-Identifier: MIT
 * Recognises the log of the same process from before an exec, which must be kept.
 */
#ifndef WICK_LIB_SINK_LOG_LOG_EXEC_H
#define WICK_LIB_SINK_LOG_LOG_EXEC_H

#include <stdbool.h>
#include <stdint.h>

/* Was the run `owner` (`host pid start`) recorded by this process before an exec? To be asked for the first log that
 * this process opens: later ones may begin with an earlier run of the same program. */
bool wk_log_before_exec(const char *owner, uint32_t pid);

#endif
