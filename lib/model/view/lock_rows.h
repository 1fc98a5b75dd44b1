/*
 * SPDX-License-Identifier: MIT
 * The locks of a selection as rows, and who kept whom waiting.
 * Must not draw. Invariant: of the selected threads and time alone; the holder of a block may be any thread.
 */
#ifndef WICK_LIB_MODEL_VIEW_LOCK_ROWS_H
#define WICK_LIB_MODEL_VIEW_LOCK_ROWS_H

#include "selection.h"
#include "strip_pixels.h"

struct wk_lock_row {
    double holds, hold_ns;   /* the sum over all threads */
    double held_ns;          /* time in which somebody holds it: several count once */
    double longest_hold_ns;
    double waits, wait_ns, longest_wait_ns;
    double p99_wait_ns;      /* -1: nobody waits */
    int64_t held_until_ns;   /* while the rows are made, as `hist` */
    struct wk_hist *hist;
};

/* A thread waits for a lock while another one holds it. */
struct wk_lock_block {
    uint32_t strip, holder, waiter; /* tracks */
    uint32_t times;                 /* pairs of a wait and a hold */
    double ns;
};

struct wk_lock_rows {
    struct wk_lock_row *rows; /* the caller's, one per strip */
    struct wk_array blocks;   /* struct wk_lock_block, freed by the caller */
};

/* 0 or WICK_E_NOMEM; `out->blocks` is to be freed in both cases. */
int wk_lock_rows(const struct wk_selection *selection, const struct wk_strips *strips, struct wk_lock_rows *out);

#endif
