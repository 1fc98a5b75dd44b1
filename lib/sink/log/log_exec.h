/*
 * SPDX-License-Identifier: MIT
 * A program that replaces itself (exec) is the same process, and finds the log of what it was before.
 */
#ifndef WICK_LIB_SINK_LOG_LOG_EXEC_H
#define WICK_LIB_SINK_LOG_LOG_EXEC_H

#include <stdbool.h>
#include <stdint.h>

/* Was the run `owner` (`host pid start`) one of this process, before it replaced itself? An earlier run of the same
 * program is none. The caller has opened a log for the first time. */
bool wk_log_before_exec(const char *owner, uint32_t pid);

#endif
