/*
 * SPDX-License-Identifier: MIT
 * Groups of scopes, and how long their calls took. See scope_groups.h.
 * Invariant: a row is in one group, and rows of one group are neighbours.
 */
#include "select/scope_groups.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/host.h"
#include "select/named.h"
#include "select/select.h"

static char *key_of(const struct load *load, const char *by, uint32_t node, const struct wick_node_info *info)
{
    static char path[4096];
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

int scope_rows_order(const void *x, const void *y)
{
    const struct scope_row *a = x, *b = y;
    int order = strcmp(a->key, b->key);
    return order ? order : (a->node > b->node) - (a->node < b->node);
}

struct scope_rows scope_rows_collect(const struct load *load, const char *by)
{
    struct wick_tree_stats stats;
    wick_tree_stats_read(load->tree, &stats);
    struct scope_rows rows = {.items = malloc((stats.nodes + 1) * sizeof *rows.items)};
    for (uint32_t node = 0; rows.items && node < stats.nodes; node++) {
        struct wick_node_info info;
        wick_tree_node(load->tree, node, &info);
        bool wanted = info.kind == WICK_NODE_SCOPE && select_node(load, node);
        char *key = wanted ? key_of(load, by, node, &info) : NULL;
        if (key) {
            rows.items[rows.count++] = (struct scope_row){key, node};
        }
    }
    if (rows.items) {
        qsort(rows.items, rows.count, sizeof *rows.items, scope_rows_order);
    }
    return rows;
}

void scope_rows_free(struct scope_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        free(rows->items[i].key);
    }
    free(rows->items);
}

size_t scope_rows_end(const struct scope_rows *rows, size_t from)
{
    size_t to = from + 1;
    while (to < rows->count && strcmp(rows->items[to].key, rows->items[from].key) == 0) {
        to++;
    }
    return to;
}

void durations_add(struct durations *durations, const struct load *load, uint32_t node)
{
    struct wick_bucket_info bucket;
    for (uint32_t cursor = 0; wick_tree_bucket(load->tree, node, &cursor, &bucket);) {
        if (!tool_grow(&durations->items, &durations->capacity, durations->count, sizeof bucket)) {
            return;
        }
        durations->items[durations->count++] = bucket;
        durations->calls += bucket.count;
    }
}

static int by_low(const void *x, const void *y)
{
    const struct wick_bucket_info *a = x, *b = y;
    return (a->low_ns > b->low_ns) - (a->low_ns < b->low_ns);
}

void durations_sort(struct durations *durations)
{
    if (durations->count) {
        qsort(durations->items, durations->count, sizeof *durations->items, by_low);
    }
}

int64_t durations_quantile(const struct durations *durations, uint32_t per_mille)
{
    uint64_t rank = (durations->calls * per_mille + 999) / 1000, seen = 0;
    for (uint32_t i = 0; i < durations->count; i++) {
        seen += durations->items[i].count;
        if (seen >= rank) {
            return durations->items[i].low_ns + (durations->items[i].high_ns - durations->items[i].low_ns) / 2;
        }
    }
    return 0;
}
