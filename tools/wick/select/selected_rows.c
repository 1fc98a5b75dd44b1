/*
 * SPDX-License-Identifier: MIT
 * The rows of the selected scopes. See selected_rows.h.
 */
#include "select/selected_rows.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "select/named.h"
#include "select/select.h"

uint32_t rows_by(const char *by)
{
    static const char *const words[] = {"path", "name", "thread", "location"};
    uint32_t found = WICK_ROWS_PATH;
    for (uint32_t i = 0; by && i < sizeof words / sizeof words[0]; i++) {
        found = strcmp(by, words[i]) == 0 ? i : found;
    }
    return found;
}

struct wick_rows *rows_select(const struct load *load, uint32_t by)
{
    struct wick_tree_stats stats;
    wick_tree_stats_read(load->tree, &stats);
    uint8_t *left_out = load->settings->path ? malloc(stats.nodes + 1) : NULL;
    struct wick_rows *rows = NULL;
    for (uint32_t node = 0; left_out && node < stats.nodes; node++) {
        struct wick_node_info info;
        wick_tree_node(load->tree, node, &info);
        left_out[node] = info.kind != WICK_NODE_SCOPE || !select_node(load, node);
    }
    if (left_out || !load->settings->path) {
        const struct wick_rows_options options = {.by = by, .left_out = left_out};
        (void)wick_rows_create(load->tree, load->names, &options, &rows);
    }
    free(left_out);
    return rows;
}

const char *rows_key(const struct load *load, uint32_t by, uint32_t node)
{
    static char text[4096];
    struct wick_node_info info;
    wick_tree_node(load->tree, node, &info);
    const struct wick_site_info *site = wick_names_site(load->names, info.site);
    switch (by) {
    case WICK_ROWS_NAME:
        return wick_names_site_name(load->names, info.site);
    case WICK_ROWS_THREAD:
        return load_thread_name(load, info.track);
    case WICK_ROWS_LOCATION:
        snprintf(text, sizeof text, "%s %s:%" PRIu32, site->location, site->file, site->line);
        return site->line ? text : site->location;
    default:
        return name_path(load, node, text, sizeof text);
    }
}
