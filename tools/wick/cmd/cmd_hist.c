/*
 * SPDX-License-Identifier: MIT
 * wick hist: how long the calls of scopes took, as bars.
 * Must not measure: the tree has. Invariant: the shape of the bars is the same at any scale of time.
 */
#include <stdlib.h>
#include <string.h>

#include "base/host.h"
#include "base/messages.h"
#include "base/safe_text.h"
#include "base/words.h"
#include "cmd/cmd.h"
#include "print/table.h"
#include "select/scope_groups.h"

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

/* One row per bar; without a table, only find out how many calls the longest bar has. */
static uint64_t add_bars(struct table *table, const struct durations *durations, uint64_t most)
{
    double from = (double)durations->items[0].low_ns, low = from < 1 ? 1 : from;
    double factor = factor_of(low, (double)durations->items[durations->count - 1].high_ns), edge = low * factor;
    uint64_t longest = 0;
    for (uint32_t i = 0; i < durations->count; edge *= factor) {
        uint64_t calls = 0;
        for (; i < durations->count && (double)durations->items[i].low_ns < edge; i++) {
            calls += durations->items[i].count;
        }
        if (table) {
            char bar[BAR_WIDTH + 1];
            put_bar(bar, calls, most);
            table_ns(table, (int64_t)from);
            table_ns(table, (int64_t)edge);
            table_count(table, calls);
            table_number(table, (double)calls / (double)durations->calls);
            table_text(table, bar);
        }
        longest = calls > longest ? calls : longest;
        from = edge;
    }
    return longest;
}

static int print_durations(const struct durations *durations, const struct scope_rows *rows,
                           const struct settings *settings)
{
    if (tool_format_is(settings, "text")) {
        safe_print(stdout, "%s calls of %zu scope%s%s   p50 %s   p90 %s   p99 %s   max %s\n", tool_number_text(durations->calls),
               rows->count, rows->count == 1 ? " " : "s", rows->count == 1 ? rows->items[0].key : "",
               tool_ns_text(durations_quantile(durations, 500)), tool_ns_text(durations_quantile(durations, 900)),
               tool_ns_text(durations_quantile(durations, 990)),
               tool_ns_text(durations->items[durations->count - 1].high_ns));
    }
    struct table *table = table_create(settings, hist_columns, sizeof hist_columns / sizeof hist_columns[0]);
    add_bars(table, durations, add_bars(NULL, durations, 0));
    return table_print(table, NULL, 0);
}

int cmd_hist(struct settings *settings)
{
    struct load load;
    int rc = load_all(&load, settings);
    if (rc == EXIT_FINE) {
        struct durations durations = {0};
        struct scope_rows rows = scope_rows_collect(&load, "path");
        for (size_t i = 0; i < rows.count; i++) {
            durations_add(&durations, &load, rows.items[i].node);
        }
        durations_sort(&durations);
        if (durations.count) {
            rc = print_durations(&durations, &rows, settings);
        } else {
            tool_error(settings, settings->path ? "no ended scope matches --path '%s'; `wick report` lists them"
                                                : "no scope has ended%s", settings->path ? settings->path : "");
            rc = EXIT_FOUND;
        }
        scope_rows_free(&rows);
        free(durations.items);
    }
    load_end(&load);
    return rc;
}
