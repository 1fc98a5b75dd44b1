/*
 * SPDX-License-Identifier: MIT
 * Says what was left out of a log. See show_left_out.h.
 */
#include "print/show_left_out.h"

#include <stdlib.h>
#include <string.h>

#include "base/host.h"
#include "base/safe_text.h"
#include "base/words.h"

/* What the runs of the log were told to leave out; several runs may have been told differently. */
struct left_out {
    const char *filter, *min;
    bool differ;
    uint64_t scopes;
};

static void take(const char **kept, const char *value, bool *differ)
{
    *differ |= *kept && strcmp(*kept, value) != 0;
    *kept = *kept ? *kept : value;
}

static struct left_out collect(const struct load *load)
{
    struct left_out out = {.scopes = 0};
    struct wick_property property;
    for (uint32_t i = 0; wick_reader_property(load->reader, i, &property); i++) {
        if (property.stat && strcmp(property.key, "left_out") == 0) {
            out.scopes += strtoull(property.value, NULL, 10);
        } else if (!property.stat && strcmp(property.key, "filter") == 0) {
            take(&out.filter, property.value, &out.differ);
        } else if (!property.stat && strcmp(property.key, "min") == 0) {
            take(&out.min, property.value, &out.differ);
        }
    }
    return out;
}

void show_left_out(const struct load *load, FILE *to)
{
    struct left_out out = collect(load);
    struct wick_tree_stats stats;
    wick_tree_stats_read(load->tree, &stats);
    if (out.filter) {
        safe_print(to, "left out by WICK_FILTER=%s\n", out.filter);
    }
    if (out.min) {
        fprintf(to, "left out by WICK_MIN: scopes shorter than %s\n", tool_ns_text(strtoll(out.min, NULL, 10)));
    }
    if (out.filter || out.min) {
        fprintf(to, "%s%s; their calls are missing, and their time is their parents' own\n", out.differ ? "other runs in it left out others; " : "",
                out.scopes ? tool_count(out.scopes, "scope was left out|scopes were left out") : "scopes with a switched-off name were not counted");
    }
    if (stats.pauses) {
        fprintf(to, "recording was paused %s: what ran then is missing\n", tool_count(stats.pauses, "time|times"));
    }
}
