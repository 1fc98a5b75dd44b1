/*
 * SPDX-License-Identifier: MIT
 * wick report: a table of scopes by path, name, thread or location.
 * Must not measure: the tree has. Invariant: in a group, time of recursive calls is that of the outermost scope.
 */
#include <stdlib.h>

#include "cmd/cmd.h"
#include "print/table.h"
#include "select/scope_groups.h"

struct sums {
    uint64_t count, failed, unfinished, open;
    int64_t total_ns, self_ns, max_ns, cpu_ns;
};

/* The rows of one key. */
struct report_group {
    const struct load *load;
    const struct scope_row *rows;
    size_t count;
};

/* Is a scope above this node in the group, too? */
static bool is_inside(const struct report_group *group, uint32_t node)
{
    struct wick_node_info info;
    wick_tree_node(group->load->tree, node, &info);
    while (group->count > 1 && info.parent != WICK_NONE) {
        struct scope_row parent = {group->rows->key, info.parent};
        if (bsearch(&parent, group->rows, group->count, sizeof parent, scope_rows_order)) {
            return true;
        }
        wick_tree_node(group->load->tree, info.parent, &info);
    }
    return false;
}

static struct sums add_up(const struct report_group *group)
{
    struct sums sums = {.cpu_ns = -1};
    for (size_t i = 0; i < group->count; i++) {
        struct wick_node_info info;
        wick_tree_node(group->load->tree, group->rows[i].node, &info);
        sums.count += info.count;
        sums.failed += info.errors;
        sums.unfinished += info.unfinished;
        sums.open += info.open;
        sums.self_ns += info.self_ns;
        sums.total_ns += is_inside(group, group->rows[i].node) ? 0 : info.total_ns + info.open_ns;
        sums.max_ns = info.max_ns > sums.max_ns ? info.max_ns : sums.max_ns;
        if (info.cpu_ns >= 0) {
            sums.cpu_ns = (sums.cpu_ns < 0 ? 0 : sums.cpu_ns) + info.cpu_ns;
        }
    }
    return sums;
}

/* The time of all threads, which is 100 %; those that hang under a scope of another thread are included. */
static int64_t whole_of(const struct load *load)
{
    int64_t whole_ns = 0;
    struct wick_tree_stats stats;
    wick_tree_stats_read(load->tree, &stats);
    for (uint32_t node = 0; node < stats.nodes; node++) {
        struct wick_node_info info;
        wick_tree_node(load->tree, node, &info);
        whole_ns += info.kind == WICK_NODE_TRACK ? info.total_ns : 0;
    }
    return whole_ns;
}

static void add_row(struct table *table, const struct report_group *group, int64_t whole_ns)
{
    struct sums sums = add_up(group);
    struct durations durations = {0};
    for (size_t i = 0; i < group->count; i++) {
        durations_add(&durations, group->load, group->rows[i].node);
    }
    durations_sort(&durations);
    table_text(table, group->rows->key);
    table_count(table, sums.count + sums.open);
    table_ns(table, sums.total_ns);
    table_ns(table, sums.self_ns);
    table_number(table, whole_ns ? (double)sums.total_ns / (double)whole_ns : 0);
    table_ns(table, sums.count ? sums.total_ns / (int64_t)(sums.count + sums.open) : 0);
    static const uint32_t quantiles[] = {500, 900, 990};
    for (int i = 0; i < 3; i++) {
        table_ns(table, group->count == 1 ? wick_tree_quantile(group->load->tree, group->rows->node, quantiles[i])
                                          : durations_quantile(&durations, quantiles[i]));
    }
    table_ns(table, sums.max_ns);
    table_count(table, sums.failed);
    table_count(table, sums.unfinished + sums.open);
    table_ns(table, sums.cpu_ns);
    free(durations.items);
}

static const struct column report_columns[] = {
    {"key", "scope", COLUMN_TEXT},    {"count", "calls", COLUMN_COUNT}, {"total_ns", "total", COLUMN_NS},
    {"self_ns", "self", COLUMN_NS},   {"share", "share", COLUMN_SHARE}, {"mean_ns", "mean", COLUMN_NS},
    {"p50_ns", "p50", COLUMN_NS},     {"p90_ns", "p90", COLUMN_NS},     {"p99_ns", "p99", COLUMN_NS},
    {"max_ns", "max", COLUMN_NS},     {"failed", "failed", COLUMN_COUNT},
    {"unfinished", "unfinished", COLUMN_COUNT},                         {"cpu_ns", "cpu", COLUMN_NS}};

int cmd_report(struct settings *settings)
{
    struct load load;
    int rc = load_all(&load, settings);
    if (rc == EXIT_FINE) {
        struct scope_rows rows = scope_rows_collect(&load, settings->by ? settings->by : "path");
        struct table *table = table_create(settings, report_columns, sizeof report_columns / sizeof report_columns[0]);
        int64_t whole_ns = whole_of(&load);
        for (size_t from = 0, to; from < rows.count; from = to) {
            to = scope_rows_end(&rows, from);
            add_row(table, &(struct report_group){&load, rows.items + from, to - from}, whole_ns);
        }
        rc = table_print(table, "total_ns", 40);
        scope_rows_free(&rows);
    }
    load_end(&load);
    return rc;
}
