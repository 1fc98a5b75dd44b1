/*
 * SPDX-License-Identifier: MIT
 * Reads from an existing log, in either form: its owner, where its last whole line or frame ends, and its last time.
 * Must not write.
 */
#ifndef WICK_LIB_SINK_LOG_LOG_TAIL_H
#define WICK_LIB_SINK_LOG_LOG_TAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `host pid start` of the run that began this log; false: its first line or frame is not written yet. */
bool wk_log_tail_owner(int fd, bool wire, char *owner, size_t owner_bytes);

/* Returns where the last whole line or frame of the first `bytes` bytes ends. *end_ns: its time (0: there is none;
 * INT64_MAX: out of range, or not a log of this form). */
uint64_t wk_log_tail_end(int fd, bool wire, uint64_t bytes, int64_t *end_ns);

/* How many bytes of `data`, which begins with a whole line or frame, are whole ones. */
size_t wk_log_tail_whole(const char *data, size_t bytes, bool wire);

#endif
