/*
 * SPDX-License-Identifier: MIT
 * Rows: the numbers of scopes in groups. The only place where means, quantiles and shares are computed. Part of
 * wick/model.h.
 */
#ifndef WICK_ROWS_H
#define WICK_ROWS_H

#include "tree.h"

WICK_I_EXTERN_BEGIN

enum wick_rows_by {
    WICK_ROWS_PATH = 0, /* names from the outermost scope on, whatever the thread */
    WICK_ROWS_NAME,     /* wick_names_site_name */
    WICK_ROWS_THREAD,   /* wick_names_track_name, of one process */
    WICK_ROWS_LOCATION, /* of the site, with its file and line */
    WICK_ROWS_ALL       /* all scopes in one row */
};

/*
 * One row. Times in ns; -1: unknown. `calls`, `mean_ns`, `min_ns` and the quantiles are of ended scopes, and unknown
 * when none has ended. An open scope counts in `open` alone and adds its time so far to `total_ns`, `self_ns` and
 * `max_ns`.
 */
struct wick_row_info {
    uint32_t node;       /* the first of its nodes, which names the row */
    uint32_t nodes;      /* how many */
    uint64_t calls;      /* ended scopes: good, failed and unfinished; of a mark: how many */
    uint64_t failed;
    uint64_t unfinished; /* not counted as failed */
    uint64_t open;       /* as of wick_tree_settle */
    int64_t total_ns;    /* calls inside another call of the row are not added; of a thread: of its outermost scopes */
    int64_t self_ns;
    int64_t open_ns;     /* of the open scopes so far */
    int64_t mean_ns;     /* of all calls, those inside another call of the row included; rounded to the nearest */
    int64_t min_ns;
    int64_t p50_ns;      /* quantiles: exact up to 16 calls, else within 1 %, and never beyond the least and the greatest */
    int64_t p90_ns;
    int64_t p99_ns;
    int64_t max_ns;      /* unknown without any scope */
    int64_t cpu_ns;      /* of the ended scopes that recorded it; unknown when none did */
    uint64_t values;     /* number of recorded values, and the sum of the finite ones */
    struct wick_number value_sum;
    uint64_t values_not_finite; /* NaN or infinite: not in the sum */
    double share;        /* of total_ns in the time of all threads, 0 .. 1; 0 in wick_rows_node */
    uint64_t inner;      /* ended scopes right below those of the row */
};

struct wick_rows_options {
    uint32_t by;             /* enum wick_rows_by */
    const uint8_t *left_out; /* one per node; not 0: the node is in no row; NULL: all scopes are */
};

struct wick_rows;

/*
 * Group the scopes of a tree. Rows come in the order in which the tree shows their first nodes.
 *
 * tree       settled by the caller; borrows until wick_rows_destroy, and must not be fed until then
 * names      borrows
 * rows       to be freed with wick_rows_destroy
 * Cost       linear in nodes; copies the histograms of rows with several nodes
 * Errors     WICK_E_NOMEM
 * Since      0.1
 */
WICK_API int wick_rows_create(const struct wick_tree *tree, const struct wick_names *names,
                              const struct wick_rows_options *options, struct wick_rows **rows);

/* Free rows. NULL is allowed. Since 0.1 */
WICK_API void wick_rows_destroy(struct wick_rows *rows);

/* Return the number of rows. Since 0.1 */
WICK_API uint32_t wick_rows_count(const struct wick_rows *rows);

/* Read a row (0 .. count - 1). Since 0.1 */
WICK_API void wick_rows_read(const struct wick_rows *rows, uint32_t row, struct wick_row_info *info);

/* A named sum of a row's scopes (WICK_SUM). */
struct wick_sum_info {
    uint32_t site;       /* its name and, as category, its unit */
    uint64_t values;     /* that were added */
    uint64_t not_finite; /* of these: NaN or infinite, not in the sum */
    struct wick_number sum;
};

/*
 * Read the next named sum of a row, in order of appearance; *cursor starts at 0.
 *
 * Returns    1, or 0 after the last sum
 * Since      0.1
 */
WICK_API int wick_rows_sum(const struct wick_rows *rows, uint32_t row, uint32_t *cursor, struct wick_sum_info *info);

/* One bar of a histogram: the number of durations in [low_ns, high_ns]. */
struct wick_bucket_info {
    int64_t low_ns, high_ns;
    uint64_t count;
};

/*
 * Read the next bar of a row's histogram, shortest first; *cursor starts at 0. No bar ends beyond the least or the
 * greatest duration.
 *
 * Returns    1, or 0 after the last bar
 * Since      0.1
 */
WICK_API int wick_rows_bucket(const struct wick_rows *rows, uint32_t row, uint32_t *cursor,
                              struct wick_bucket_info *info);

/*
 * Read the row of one node of any kind (0 .. stats.nodes - 1). Needs no memory.
 *
 * Since      0.1
 */
WICK_API void wick_rows_node(const struct wick_tree *tree, uint32_t node, struct wick_row_info *info);

WICK_I_EXTERN_END

#endif
