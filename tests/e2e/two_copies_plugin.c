/*
 * SPDX-License-Identifier: MIT
 * e2e: the plugin of two_copies.c, with its own copy of the static library.
 */
#include <stdint.h>

#include <wick/wick.h>

uint64_t plugin_scopes(int count);

uint64_t plugin_scopes(int count)
{
    struct wick_stats stats = {.size = sizeof stats};

    for (int i = 0; i < count; i++) {
        WICK_SCOPE("plugin");
    }
    (void)!wick_stats_read(&stats);
    return stats.attempted == stats.dropped_attach ? stats.attempted : 0; /* each was attempted, and refused */
}
