/*
 * SPDX-License-Identifier: MIT
 * Metadata of this execution of the process, as `key value` lines of the log.
 */
#ifndef WICK_LIB_RUNTIME_RUN_H
#define WICK_LIB_RUNTIME_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "sink.h"

enum { WK_HOST_BYTES = 256 };

void wk_run_host(char host[WK_HOST_BYTES]);

/* Collect the metadata. Reads a few files of /proc: for the drain thread. */
void wk_run_collect(struct wk_run *run, bool tsc, double ns_per_tick);
/* Add or replace a line; copied. */
void wk_run_set(const char *key, const char *format, ...) WICK_I_PRINTF(2, 3);
void wk_run_each(void (*row)(void *user, const char *key, const char *value), void *user);

/* Set the path of the log; "": none. Copied. */
void wk_run_set_log(const char *path);
const char *wk_run_log(void);

#endif
