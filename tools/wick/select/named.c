/*
 * SPDX-License-Identifier: MIT
 * The names of sites, tracks and nodes as people read them. See named.h.
 */
#include "select/named.h"

#include <string.h>

const char *name_of_site(const struct load *load, uint32_t site)
{
    const struct wick_site_info *info = wick_names_site(load->names, site);
    return info->literal[0] ? info->literal : info->location[0] ? info->location : "(no name)";
}

const char *name_of_track(const struct load *load, uint32_t track)
{
    const struct wick_track_info *info = wick_names_track(load->names, track);
    return info->label[0] ? info->label : info->thread[0] ? info->thread : "(no thread)";
}

const char *name_of_node(const struct load *load, const struct wick_node_info *info)
{
    return info->kind == WICK_NODE_TRACK ? name_of_track(load, info->track) : name_of_site(load, info->site);
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
