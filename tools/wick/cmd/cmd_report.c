/*
 * SPDX-License-Identifier: MIT
 * wick report: a table of scopes by path, name, thread or location; wick hist: their durations as bars.
 * Must not measure; the tree has. Invariant: in a group, recursion counts the outermost scope's time once.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

#define PATH_BYTES 4096

struct row {
    char *key;
    uint32_t node;
};

struct bars {
    struct wick_bucket_info *items;
    size_t count, capacity;
    uint64_t values;
};

static void add_bars(struct bars *bars, const struct load *load, uint32_t node)
{
    struct wick_bucket_info bar;
    for (uint32_t cursor = 0; wick_tree_bucket(load->tree, node, &cursor, &bar);) {
        if (bars->count == bars->capacity) {
            size_t capacity = bars->capacity ? bars->capacity * 2 : 256;
            struct wick_bucket_info *items = realloc(bars->items, capacity * sizeof *items);
            if (!items) {
                return;
            }
            bars->items = items;
            bars->capacity = capacity;
        }
        bars->items[bars->count++] = bar;
        bars->values += bar.count;
    }
}

static int by_low(const void *x, const void *y)
{
    const struct wick_bucket_info *a = x, *b = y;
    return (a->low_ns > b->low_ns) - (a->low_ns < b->low_ns);
}

static void sort_bars(struct bars *bars)
{
    if (bars->count) {
        qsort(bars->items, bars->count, sizeof *bars->items, by_low);
    }
}

static int64_t quantile(const struct bars *bars, uint32_t per_mille)
{
    uint64_t rank = (bars->values * per_mille + 999) / 1000, seen = 0;
    for (size_t i = 0; i < bars->count; i++) {
        seen += bars->items[i].count;
        if (seen >= rank) {
            return bars->items[i].low_ns + (bars->items[i].high_ns - bars->items[i].low_ns) / 2;
        }
    }
    return 0;
}

static char *key_of(const struct load *load, const char *by, uint32_t node, const struct wick_node_info *info)
{
    static char path[PATH_BYTES];
    if (strcmp(by, "name") == 0) {
        return strdup(name_of_site(load, info->site));
    }
    if (strcmp(by, "thread") == 0) {
        return strdup(name_of_track(load, info->track));
    }
    if (strcmp(by, "location") == 0) {
        const struct wick_site_info *site = wick_names_site(load->names, info->site);
        if (site->line) {
            snprintf(path, sizeof path, "%s %s:%" PRIu32, site->location, site->file, site->line);
        }
        return strdup(site->line ? path : site->location);
    }
    return strdup(name_path(load, node, path, sizeof path));
}

static int by_key(const void *x, const void *y)
{
    const struct row *a = x, *b = y;
    int order = strcmp(a->key, b->key);
    return order ? order : (a->node > b->node) - (a->node < b->node);
}

/* All scopes that --path wants, by key. */
static struct row *collect(const struct load *load, const struct settings *settings, const char *by, size_t *count)
{
    struct wick_tree_stats stats;
    wick_tree_stats_read(load->tree, &stats);
    struct row *rows = malloc((stats.nodes + 1) * sizeof *rows);
    static char path[PATH_BYTES];
    *count = 0;
    for (uint32_t node = 0; rows && node < stats.nodes; node++) {
        struct wick_node_info info;
        wick_tree_node(load->tree, node, &info);
        bool wanted = info.kind == WICK_NODE_SCOPE &&
                      (!settings->path || select_path(settings->path, name_path(load, node, path, sizeof path)));
        char *key = wanted ? key_of(load, by, node, &info) : NULL;
        if (key) {
            rows[(*count)++] = (struct row){key, node};
        }
    }
    if (rows) {
        qsort(rows, *count, sizeof *rows, by_key);
    }
    return rows;
}

struct sums {
    uint64_t count, failed, unfinished, open;
    int64_t total_ns, self_ns, min_ns, max_ns, cpu_ns;
};

static bool is_inside(const struct load *load, const struct row *rows, size_t from, size_t to, uint32_t node)
{
    struct wick_node_info info;
    wick_tree_node(load->tree, node, &info);
    while (to - from > 1 && info.parent != WICK_NONE) {
        struct row key = {rows[from].key, info.parent};
        if (bsearch(&key, rows + from, to - from, sizeof *rows, by_key)) {
            return true;
        }
        wick_tree_node(load->tree, info.parent, &info);
    }
    return false;
}

static void add_up(const struct load *load, const struct row *rows, size_t from, size_t to, struct sums *sums)
{
    *sums = (struct sums){.min_ns = INT64_MAX, .cpu_ns = -1};
    for (size_t i = from; i < to; i++) {
        struct wick_node_info info;
        wick_tree_node(load->tree, rows[i].node, &info);
        sums->count += info.count;
        sums->failed += info.errors;
        sums->unfinished += info.unfinished;
        sums->open += info.open;
        sums->self_ns += info.self_ns;
        sums->total_ns += is_inside(load, rows, from, to, rows[i].node) ? 0 : info.total_ns + info.open_ns;
        sums->min_ns = info.count && info.min_ns < sums->min_ns ? info.min_ns : sums->min_ns;
        sums->max_ns = info.max_ns > sums->max_ns ? info.max_ns : sums->max_ns;
        if (info.cpu_ns >= 0) {
            sums->cpu_ns = (sums->cpu_ns < 0 ? 0 : sums->cpu_ns) + info.cpu_ns;
        }
    }
}

/* 100 %: the time of all threads, those under a scope of another included. */
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

static void fill_row(struct table *table, const struct load *load, const struct row *rows, size_t from, size_t to,
                     int64_t whole_ns)
{
    struct sums sums;
    struct bars bars = {0};
    add_up(load, rows, from, to, &sums);
    for (size_t i = from; i < to; i++) {
        add_bars(&bars, load, rows[i].node);
    }
    sort_bars(&bars);
    bool one = to - from == 1;
    static const uint32_t quantiles[] = {500, 900, 990};
    table_text(table, rows[from].key);
    table_count(table, sums.count + sums.open);
    table_ns(table, sums.total_ns);
    table_ns(table, sums.self_ns);
    table_number(table, whole_ns ? (double)sums.total_ns / (double)whole_ns : 0);
    table_ns(table, sums.count ? sums.total_ns / (int64_t)(sums.count + sums.open) : 0);
    for (int i = 0; i < 3; i++) {
        table_ns(table, one ? wick_tree_quantile(load->tree, rows[from].node, quantiles[i])
                            : quantile(&bars, quantiles[i]));
    }
    table_ns(table, sums.max_ns);
    table_count(table, sums.failed);
    table_count(table, sums.unfinished + sums.open);
    table_ns(table, sums.cpu_ns);
    free(bars.items);
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
        size_t count;
        struct row *rows = collect(&load, settings, settings->by ? settings->by : "path", &count);
        struct table *table = table_create(settings, report_columns,
                                           sizeof report_columns / sizeof report_columns[0]);
        int64_t whole_ns = whole_of(&load);
        for (size_t from = 0, to; from < count; from = to) {
            for (to = from + 1; to < count && strcmp(rows[to].key, rows[from].key) == 0; to++) {
            }
            fill_row(table, &load, rows, from, to, whole_ns);
        }
        rc = table_print(table, "total_ns", 40);
        for (size_t i = 0; i < count; i++) {
            free(rows[i].key);
        }
        free(rows);
    }
    load_end(&load);
    return rc;
}

/* ---- hist ---- */

static const struct column hist_columns[] = {
    {"low_ns", "from", COLUMN_NS}, {"high_ns", "to", COLUMN_NS}, {"count", "calls", COLUMN_COUNT},
    {"share", "share", COLUMN_SHARE}, {"bar", "", COLUMN_TEXT}};

/* At most about 24 bars, each a fixed factor wide, so that the shape is the same at any scale. */
static void print_bars(struct table *table, const struct bars *bars, uint32_t width)
{
    double low = (double)bars->items[0].low_ns, high = (double)bars->items[bars->count - 1].high_ns;
    low = low < 1 ? 1 : low;
    double factor = 1.1892071150027210667; /* a fourth of an octave, or as much wider as is needed */
    double reach = 1;
    for (int i = 0; i < 24; i++) {
        reach *= factor;
    }
    while (low * reach < high) {
        factor *= factor;
        reach *= reach;
    }
    uint64_t most = 0;
    for (int pass = 0; pass < 2; pass++) {
        double edge = low * factor;
        double from = (double)bars->items[0].low_ns;
        size_t i = 0;
        while (i < bars->count) {
            uint64_t in = 0;
            for (; i < bars->count && (double)bars->items[i].low_ns < edge; i++) {
                in += bars->items[i].count;
            }
            if (pass) {
                char bar[256];
                uint32_t length = most ? (uint32_t)((double)in / (double)most * width + 0.5) : 0;
                memset(bar, '#', length);
                bar[length] = 0;
                if (in && !length) {
                    memcpy(bar, ".", 2);
                }
                table_ns(table, (int64_t)from);
                table_ns(table, (int64_t)edge);
                table_count(table, in);
                table_number(table, (double)in / (double)bars->values);
                table_text(table, bar);
            }
            most = !pass && in > most ? in : most;
            from = edge;
            edge *= factor;
        }
    }
}

int cmd_hist(struct settings *settings)
{
    struct load load;
    int rc = load_all(&load, settings);
    struct bars bars = {0};
    if (rc == EXIT_FINE) {
        size_t count;
        struct row *rows = collect(&load, settings, "path", &count);
        for (size_t i = 0; i < count; i++) {
            add_bars(&bars, &load, rows[i].node);
        }
        sort_bars(&bars);
        if (!bars.count) {
            tool_error(settings, settings->path ? "no ended scope matches --path '%s'; `wick report` lists them"
                                                : "no scope has ended%s", settings->path ? settings->path : "");
            rc = EXIT_FOUND;
        } else {
            if (!settings->format || strcmp(settings->format, "text") == 0) {
                printf("%s calls of %zu scope%s%s%s   p50 %s   p90 %s   p99 %s   max %s\n", name_number(bars.values),
                       count, count == 1 ? " " : "s", count == 1 ? rows[0].key : "", "",
                       name_duration(quantile(&bars, 500)), name_duration(quantile(&bars, 900)),
                       name_duration(quantile(&bars, 990)), name_duration(bars.items[bars.count - 1].high_ns));
            }
            struct table *table = table_create(settings, hist_columns, 5);
            print_bars(table, &bars, 50);
            rc = table_print(table, NULL, 0);
        }
        for (size_t i = 0; i < count; i++) {
            free(rows[i].key);
        }
        free(rows);
    }
    free(bars.items);
    load_end(&load);
    return rc;
}
