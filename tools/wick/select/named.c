/*
 * SPDX-License-Identifier: MIT
 * What people call sites, tracks and nodes, and short numbers for messages.
 * Must not print. Invariant: a name is never empty.
 */
#include <inttypes.h>
#include <string.h>

#include "tool.h"

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

char *name_path(const struct load *load, uint32_t node, char *path, size_t bytes)
{
    size_t at = bytes - 1;
    struct wick_node_info info;
    path[at] = 0;
    for (wick_tree_node(load->tree, node, &info);
         info.kind == WICK_NODE_SCOPE || info.kind == WICK_NODE_MARK || info.parent != WICK_NONE;
         wick_tree_node(load->tree, info.parent, &info)) {
        const char *name = info.kind == WICK_NODE_TRACK ? name_of_track(load, info.track)
                                                        : name_of_site(load, info.site);
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

static char *scratch(void)
{
    static char buffers[8][40];
    static unsigned next;
    return buffers[next++ % 8];
}

const char *name_number(uint64_t number)
{
    char plain[24], *to = scratch();
    int count = snprintf(plain, sizeof plain, "%" PRIu64, number), used = 0;
    for (int i = 0; i < count; i++) {
        if (i && (count - i) % 3 == 0) {
            to[used++] = ',';
        }
        to[used++] = plain[i];
    }
    to[used] = 0;
    return to;
}

const char *name_duration(int64_t duration_ns)
{
    static const struct {
        double unit_ns;
        const char *unit;
    } units[] = {{1e9, "s"}, {1e6, "ms"}, {1e3, "us"}};
    char *to = scratch();
    double ns = duration_ns < 0 ? 0 : (double)duration_ns;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        double value = ns / units[i].unit_ns;
        if (value >= 0.9995) {
            int decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
            snprintf(to, 40, "%.*f %s", decimals, value, units[i].unit);
            return to;
        }
    }
    snprintf(to, 40, "%.0f ns", ns);
    return to;
}
