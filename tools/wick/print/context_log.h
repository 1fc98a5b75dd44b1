/*
 * SPDX-License-Identifier: MIT
 * Records as lines that Context's viewers draw right, while the log is read.
 * Must not choose what is exported. Invariant: see context_log.c.
 */
#ifndef WICK_TOOLS_WICK_PRINT_CONTEXT_LOG_H
#define WICK_TOOLS_WICK_PRINT_CONTEXT_LOG_H

#include "input/load.h"

struct context_log;

/* What the export could not keep as it was. */
struct context_log_stats {
    int64_t drift_ns;   /* by how much times were moved, at most */
    uint64_t cut;       /* texts */
    uint64_t releases;  /* of locks that the thread did not hold: left out */
};

/* NULL: no memory. `load` and `to` are borrowed until context_log_end. */
struct context_log *context_log_begin(const struct load *load, FILE *to);
/* 0, or WICK_E_NOMEM. */
int context_log_record(struct context_log *c, const struct wick_record *r);
/* End what is open, and the log. */
void context_log_end(struct context_log *c, struct context_log_stats *stats);

#endif
