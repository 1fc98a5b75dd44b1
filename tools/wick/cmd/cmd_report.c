/*
 * SPDX-License-Identifier: MIT
 * wick report: a table of scopes by path, name, thread or location.
 * Must not compute: wick_rows_* does.
 */
#include <stdlib.h>

#include "base/host.h"
#include "base/words.h"
#include "cmd/cmd.h"
#include "print/show_counters.h"
#include "print/show_left_out.h"
#include "print/show_sums.h"
#include "print/table.h"
#include "select/probes.h"
#include "select/selected_rows.h"

static const struct column report_columns[] = {
    {"key", "scope", COLUMN_TEXT},
    {"count", "calls", COLUMN_COUNT},
    {"total_ns", "total", COLUMN_NS},
    {"self_ns", "self", COLUMN_NS},
    {"share", "share", COLUMN_SHARE},
    {"mean_ns", "mean", COLUMN_NS},
    {"min_ns", NULL, COLUMN_NS},
    {"p50_ns", "p50", COLUMN_NS},
    {"p90_ns", "p90", COLUMN_NS},
    {"p99_ns", "p99", COLUMN_NS},
    {"max_ns", "max", COLUMN_NS},
    {"failed", "failed", COLUMN_COUNT},
    {"unfinished", "unfinished", COLUMN_COUNT},
    {"open", "open", COLUMN_OPEN},
    {"cpu_ns", "cpu", COLUMN_NS},
    {"values", NULL, COLUMN_COUNT},
    {"value_sum", NULL, COLUMN_AMOUNT},
    {"values_not_finite", NULL, COLUMN_COUNT},
    {"probes", "probes", COLUMN_SHARE},
    {"sums", NULL, COLUMN_TEXT}};

static void add_row(struct table *table, const char *key, const struct wick_row_info *row, double probes, const char *sums)
{
    table_text(table, key);
    table_count(table, row->calls);
    table_ns(table, row->total_ns);
    table_ns(table, row->self_ns);
    table_number(table, row->share);
    table_ns(table, row->mean_ns);
    table_ns(table, row->min_ns);
    table_ns(table, row->p50_ns);
    table_ns(table, row->p90_ns);
    table_ns(table, row->p99_ns);
    table_ns(table, row->max_ns);
    table_count(table, row->failed);
    table_count(table, row->unfinished);
    table_count(table, row->open);
    table_ns(table, row->cpu_ns);
    table_count(table, row->values);
    table_amount(table, &row->value_sum);
    table_count(table, row->values_not_finite);
    table_number(table, probes);
    table_text(table, sums);
}

int cmd_report(struct settings *settings)
{
    struct load load;
    int rc = load_all(&load, settings);
    if (rc == EXIT_FINE) {
        const uint32_t by = rows_by(settings->by);
        struct wick_rows *rows = rows_select(&load, by);
        struct table *table = NULL; /* without rows there is no memory */
        if (rows) {
            table = table_create(settings, report_columns, sizeof report_columns / sizeof report_columns[0]);
        }
        for (uint32_t i = 0; table && i < wick_rows_count(rows); i++) {
            struct wick_row_info row;
            wick_rows_read(rows, i, &row);
            char *sums = sums_of_row(&load, rows, i);
            add_row(table, rows_key(&load, by, row.node), &row, probes_share(&load, &row), sums ? sums : "");
            free(sums);
        }
        rc = table_print(table, "total_ns", 40);
        if (tool_format_is(settings, "text")) {
            show_sums(&load, settings, rows, stdout);
            show_counters(&load, settings, stdout);
        }
        wick_rows_destroy(rows);
        rc = show_left_out_below(&load, settings, rc);
    }
    load_end(&load);
    return rc;
}
