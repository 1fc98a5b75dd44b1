/*
 * SPDX-License-Identifier: MIT
 * What an existing log says of itself, in either form: whose it is, where its last whole piece ends, and when.
 * Must not write. Invariant: what cannot be understood is said to be so, never guessed.
 */
#ifndef WICK_LIB_SINK_LOG_LOG_TAIL_H
#define WICK_LIB_SINK_LOG_LOG_TAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `host pid start` of the run that has begun this log; false: its first line or frame is not there yet. */
bool wk_log_tail_owner(int fd, bool wire, char *owner, size_t owner_bytes);

/* Where the last whole line or frame of the first `bytes` ends, and when (0: there is none; INT64_MAX: not a
 * time of this age). */
uint64_t wk_log_tail_end(int fd, bool wire, uint64_t bytes, int64_t *end_ns);

/* How much of `data`, which begins with a whole line or frame, is whole ones. */
size_t wk_log_tail_whole(const char *data, size_t bytes, bool wire);

#endif
