/*
 * SPDX-License-Identifier: MIT
 * The names of sites, tracks and nodes as people read them. See named.h.
 */
#include "select/named.h"

#include <string.h>

const char *name_of_node(const struct load *load, const struct wick_node_info *info)
{
    return info->kind == WICK_NODE_TRACK ? wick_names_track_name(load->names, info->track)
                                         : wick_names_site_name(load->names, info->site);
}

char *name_path(const struct load *load, uint32_t node, char *path, size_t bytes)
{
    size_t at = bytes - 1;
    struct wick_node_info info;
    path[at] = 0;
    for (wick_tree_node(load->tree, node, &info);
         info.kind == WICK_NODE_SCOPE || info.kind == WICK_NODE_MARK || info.parent != WICK_NONE;
         wick_tree_node(load->tree, info.parent, &info)) {
        const char *name = name_of_node(load, &info);
        size_t length = strlen(name), slash = path[at] ? 1 : 0;
        if (length + slash > at) {
            path[0] = '.'; /* the inner end is what matters */
            path[1] = '.';
            break;
        }
        if (slash) {
            path[--at] = '/';
        }
        at -= length;
        memcpy(path + at, name, length);
        if (info.parent == WICK_NONE) {
            break;
        }
    }
    memmove(path, path + at, bytes - at);
    return path;
}
