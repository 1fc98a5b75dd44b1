/*
 * SPDX-License-Identifier: MIT
 * What --path selects in a tree. See select.h.
 * Invariant: a scope's path is that of the tree, so it is the same whether the scope is open or has ended.
 */
#include "select/select.h"

#include <stdlib.h>
#include <string.h>

#include "base/messages.h"
#include "select/named.h"

static bool any_matched;

bool select_path(const struct settings *settings, const char *path, const char *name)
{
    bool found = !settings->path || wick_glob_match(settings->path, path, strlen(path), strlen(name));
    any_matched = any_matched || found;
    return found;
}

static bool matches(const struct load *load, uint32_t node)
{
    static char path[65536];
    struct wick_node_info info;
    name_path(load, node, path, sizeof path);
    wick_tree_node(load->tree, node, &info);
    return select_path(load->settings, path, name_of_node(load, &info));
}

bool select_node(const struct load *load, uint32_t node)
{
    return !load->settings->path || matches(load, node);
}

bool select_open(const struct load *load, uint32_t track)
{
    bool found = !load->settings->path;
    uint32_t node, depth = found ? 0 : wick_tree_depth(load->tree, track);
    int64_t start_ns;
    for (uint32_t level = 0; level < depth && !found; level++) {
        found = wick_tree_open_scope(load->tree, track, level, &node, &start_ns) && matches(load, node);
    }
    return found;
}

void select_say_unmatched(const struct settings *settings)
{
    if (settings->path && !any_matched) {
        tool_note("no scope matches --path '%s'; `wick report` lists them", settings->path);
    }
}

uint8_t *select_hidden(const struct load *load)
{
    struct wick_tree_stats stats;
    wick_tree_stats_read(load->tree, &stats);
    uint8_t *hidden = load->settings->path ? calloc(stats.nodes + 1, 1) : NULL;
    if (!hidden) {
        return NULL;
    }
    enum { MATCHES = 1, HAS_MATCH = 2 };
    struct wick_node_info info;
    for (uint32_t node = 0; node < stats.nodes; node++) {
        wick_tree_node(load->tree, node, &info);
        bool above = info.parent != WICK_NONE && hidden[info.parent] & MATCHES;
        bool self = info.kind == WICK_NODE_SCOPE && matches(load, node);
        hidden[node] = above || self ? MATCHES : 0;
        for (uint32_t up = info.parent; self && up != WICK_NONE && !(hidden[up] & HAS_MATCH); up = info.parent) {
            hidden[up] |= HAS_MATCH;
            wick_tree_node(load->tree, up, &info);
        }
    }
    for (uint32_t node = 0; node < stats.nodes; node++) {
        hidden[node] = !hidden[node];
    }
    return hidden;
}
