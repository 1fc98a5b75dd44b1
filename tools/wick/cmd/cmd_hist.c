/*
 * SPDX-License-Identifier: MIT
 * wick hist: how long the calls of scopes took, as bars.
 * Must not compute durations: wick_rows_* does. Invariant: the shape of the bars is the same at any scale of time.
 */
#include <string.h>

#include "base/host.h"
#include "base/messages.h"
#include "base/safe_text.h"
#include "base/words.h"
#include "print/show_left_out.h"
#include "cmd/cmd.h"
#include "print/table.h"
#include "select/selected_rows.h"

static const struct column hist_columns[] = {
    {"low_ns", "from", COLUMN_NS}, {"high_ns", "to", COLUMN_NS}, {"count", "calls", COLUMN_COUNT},
    {"share", "share", COLUMN_SHARE}, {"bar", "", COLUMN_TEXT}};

enum { BARS = 24, BAR_WIDTH = 50 };

/* By how much each bar ends later than the one before, so that there are at most about BARS: a fourth of an octave or
 * more. */
static double factor_of(double low, double high)
{
    double factor = 1.1892071150027210667, reach = 1;
    for (int i = 0; i < BARS; i++) {
        reach *= factor;
    }
    while (low * reach < high) {
        factor *= factor;
        reach *= reach;
    }
    return factor;
}

static void put_bar(char bar[BAR_WIDTH + 1], uint64_t calls, uint64_t most)
{
    uint32_t length = most ? (uint32_t)((double)calls / (double)most * BAR_WIDTH + 0.5) : 0;
    memset(bar, '#', length);
    if (calls && !length) {
        bar[length++] = '.';
    }
    bar[length] = 0;
}

/* The durations of the selected scopes: their row, and its bars. */
struct durations {
    const struct wick_rows *rows;
    struct wick_row_info all;
    double low, factor; /* of the first bar of the output */
};

static bool read_durations(struct durations *d)
{
    if (wick_rows_count(d->rows)) {
        wick_rows_read(d->rows, 0, &d->all);
    }
    struct wick_bucket_info bucket;
    double high = 0;
    for (uint32_t cursor = 0; d->all.calls && wick_rows_bucket(d->rows, 0, &cursor, &bucket);) {
        high = (double)bucket.high_ns;
    }
    d->low = d->all.min_ns < 1 ? 1 : (double)d->all.min_ns;
    d->factor = factor_of(d->low, high);
    return d->all.calls > 0;
}

/* One row per bar; without a table, only find out how many calls the longest bar has. */
static uint64_t add_bars(struct table *table, const struct durations *d, uint64_t most)
{
    struct wick_bucket_info bucket;
    uint32_t cursor = 0;
    double from = (double)d->all.min_ns, edge = d->low * d->factor;
    uint64_t longest = 0;
    for (int more = wick_rows_bucket(d->rows, 0, &cursor, &bucket); more; edge *= d->factor) {
        uint64_t calls = 0;
        for (; more && (double)bucket.low_ns < edge; more = wick_rows_bucket(d->rows, 0, &cursor, &bucket)) {
            calls += bucket.count;
        }
        if (table) {
            char bar[BAR_WIDTH + 1];
            put_bar(bar, calls, most);
            table_ns(table, (int64_t)from);
            table_ns(table, (int64_t)edge);
            table_count(table, calls);
            table_number(table, (double)calls / (double)d->all.calls);
            table_text(table, bar);
        }
        longest = calls > longest ? calls : longest;
        from = edge;
    }
    return longest;
}

static int print_durations(const struct load *load, const struct durations *d)
{
    const struct settings *settings = load->settings;
    const struct wick_row_info *all = &d->all;
    if (tool_format_is(settings, "text")) {
        safe_print(stdout, "%s of %s%s   p50 %s   p90 %s   p99 %s   max %s\n", tool_count(all->calls, "call|calls"),
               tool_count(all->nodes, "scope |scopes"), all->nodes == 1 ? rows_key(load, WICK_ROWS_ALL, all->node) : "",
               tool_ns_text(all->p50_ns), tool_ns_text(all->p90_ns), tool_ns_text(all->p99_ns), tool_ns_text(all->max_ns));
    }
    struct table *table = table_create(settings, hist_columns, sizeof hist_columns / sizeof hist_columns[0]);
    add_bars(table, d, add_bars(NULL, d, 0));
    return table_print(table, NULL, 0);
}

int cmd_hist(struct settings *settings)
{
    struct load load;
    int rc = load_all(&load, settings);
    if (rc == EXIT_FINE) {
        struct wick_rows *rows = rows_select(&load, WICK_ROWS_ALL);
        struct durations durations = {.rows = rows};
        if (!rows) {
            rc = table_print(NULL, NULL, 0); /* reports that there is no memory */
        } else if (read_durations(&durations)) {
            rc = show_left_out_below(&load, settings, print_durations(&load, &durations));
        } else {
            tool_error(settings, settings->path ? "no ended scope matches --path '%s'; `wick report` lists them"
                                                : "no scope has ended%s", settings->path ? settings->path : "");
            rc = EXIT_FOUND;
        }
        wick_rows_destroy(rows);
    }
    load_end(&load);
    return rc;
}
