/*
 * SPDX-License-Identifier: MIT
 * From records to `.ctxt` lines, such that the original Context compilers accept every file.
 * It writes into the caller's memory and opens nothing; names come from the caller's table.
 * Invariants: whole lines of at most 60,000 bytes; seven fields; a `site` line before a site's first use.
 */
#ifndef WICK_LIB_MODEL_LOG_CTXT_CTXT_WRITE_H
#define WICK_LIB_MODEL_LOG_CTXT_CTXT_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <wick/model.h>

#include "ctxt_clean.h"

enum {
    WK_CTXT_LINE_MAX = 60000,
    /* Room that wk_ctxt_write needs before each record: its own line, and those that go before it. */
    WK_CTXT_ROOM = 4 * WK_CTXT_LINE_MAX,
};

struct wk_ctxt_options {
    const struct wick_names *names; /* of the records' indices; borrowed until destroy */
    uint32_t first_site;            /* the number in records of the names' first site; site 0 is none where it is 1 */
    /* Keep a text that is too long for a line; gives the reference that stands for it in the line
     * (borrowed until the next call), or NULL: it is cut. */
    const char *(*jumbo)(void *jumbo_user, const char *text, uint32_t bytes);
    void *jumbo_user;
};

struct wk_ctxt_writer;

/* `host` and `pid`: fields 2 and 3 of each line. NULL: no memory. */
struct wk_ctxt_writer *wk_ctxt_writer_create(const struct wk_ctxt_options *options, const char *host, const char *pid,
                                             const struct wick_allocator *memory);
void wk_ctxt_writer_destroy(struct wk_ctxt_writer *writer);

/* A new file begins: site lines are written again before each site's first use there. */
void wk_ctxt_writer_restart(struct wk_ctxt_writer *writer);

/* Write records until one may not fit; gives the number written and how far `out` is filled. */
size_t wk_ctxt_write(struct wk_ctxt_writer *writer, const struct wick_record *records, size_t count,
                     char **out, char *end);

/* One line with location `-`, on a thread named `thread`. `kind`: enum wick_line, or any other that has a word. */
char *wk_ctxt_write_line(struct wk_ctxt_writer *writer, char *out, int64_t time_ns, const char *thread,
                         uint8_t kind, const char *text);

/* Texts that were cut because nothing kept them whole. */
uint64_t wk_ctxt_writer_cut(const struct wk_ctxt_writer *writer);

#endif
