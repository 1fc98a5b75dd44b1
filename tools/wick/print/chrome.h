/*
 * SPDX-License-Identifier: MIT
 * Records as Chrome trace events, while the log is read.
 * Must not choose what is exported. Invariant: see chrome.c.
 */
#ifndef WICK_TOOLS_WICK_PRINT_CHROME_H
#define WICK_TOOLS_WICK_PRINT_CHROME_H

#include "input/load.h"

/* A scope that has ended. */
struct ended {
    const struct wick_record *end;
    int64_t start_ns, took_ns;
    uint32_t node;
    const char *text;
    uint32_t bytes; /* of the text */
};

struct chrome;

/* NULL: no memory. `load` and `to` are borrowed until chrome_end. */
struct chrome *chrome_begin(const struct load *load, FILE *to);
/* A record that ends no scope; before it is fed to the tree. */
void chrome_record(struct chrome *c, const struct wick_record *r);
/* A scope ends. `shown`: it is part of what is exported. */
void chrome_scope(struct chrome *c, const struct ended *ended, bool shown);
/* False: there was no memory for all of it. */
bool chrome_end(struct chrome *c);

#endif
