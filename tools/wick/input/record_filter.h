/*
 * SPDX-License-Identifier: MIT
 * Leaves out records while a log is read: --thread, --from, --until.
 * Must not know --path, which selects nodes of the finished tree. Invariant: see record_filter.c.
 */
#ifndef WICK_TOOLS_WICK_INPUT_RECORD_FILTER_H
#define WICK_TOOLS_WICK_INPUT_RECORD_FILTER_H

#include "tool.h"

struct record_filter;

/* *filter is NULL when the settings leave nothing out. `names` is borrowed until destroy. false after a message. */
bool record_filter_create(struct record_filter **filter, const struct settings *settings,
                          const struct wick_names *names, const struct wick_record_out *out);
void record_filter_destroy(struct record_filter *filter); /* NULL is allowed */
/* A function of struct wick_record_out; its user is the filter. */
/* The log's start, that --from and --until count from; without it, the first record. */
void record_filter_start(struct record_filter *filter, int64_t start_ns);
int record_filter_records(void *filter, const struct wick_record *records, size_t count);

#endif
