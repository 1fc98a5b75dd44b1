/*
 * SPDX-License-Identifier: MIT
 * A selection as a `.ctxt` log, piece by piece in memory. Read again, the log gives the selection's scopes.
 */
#ifndef WICK_LIB_MODEL_VIEW_EXPORT_H
#define WICK_LIB_MODEL_VIEW_EXPORT_H

#include "model/log/ctxt/ctxt_write.h"
#include "selection.h"

#define WK_EXPORT_BYTES (1u << 20)
#define WK_EXPORT_RECORDS 64u

struct wk_export {
    struct wk_selection walk;
    const struct wick_names *names;
    struct wk_ctxt_writer *writer; /* of the current process */
    char *out;                     /* WK_EXPORT_BYTES */
    struct wick_record records[WK_EXPORT_RECORDS]; /* of the walk, not yet written */
    uint32_t next, count;          /* of `records` */
    uint32_t track;                /* being written; WICK_NONE: none */
    uint32_t named;                /* the last one of the current process */
    uint32_t rest;                 /* next track to check for having no scopes */
    uint32_t instant[WK_INSTANT_KINDS];
    int64_t last_ns;
    uint8_t walked;                /* the walk has no more records */
    uint8_t state;                 /* enum in export.c */
};

/* Begin: copies the selection, borrows index and names; memory comes from the index's allocator. 0 or WICK_E_NOMEM. */
int wk_export_begin(struct wk_export *export, const struct wk_selection *selection, const struct wick_names *names);
/* Make the next piece of text in export->out; returns its size, 0 after the last, < 0: error. */
int wk_export_next(struct wk_export *export);
void wk_export_end(struct wk_export *export);

#endif
