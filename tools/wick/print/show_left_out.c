/*
 * SPDX-License-Identifier: MIT
 * Says what was left out of a log. See show_left_out.h.
 */
#include "print/show_left_out.h"

#include <stdlib.h>
#include <string.h>

#include "base/host.h"


static struct wick_left_out collect(const struct load *load)
{
    struct wick_left_out out = {.scopes = 0};
    struct wick_property property;
    struct wick_tree_stats stats;
    wick_tree_stats_read(load->tree, &stats);
    out.pauses = stats.pauses;
    for (uint32_t i = 0; wick_reader_property(load->reader, i, &property); i++) {
        if (property.stat && strcmp(property.key, "left_out") == 0) {
            out.scopes += strtoull(property.value, NULL, 10);
        } else if (!property.stat && strcmp(property.key, "filter") == 0) {
            out.differ |= out.filter && strcmp(out.filter, property.value) != 0;
            out.filter = out.filter ? out.filter : property.value;
        } else if (!property.stat && strcmp(property.key, "min") == 0) {
            int64_t min_ns = strtoll(property.value, NULL, 10);
            out.differ |= out.min_ns && out.min_ns != min_ns;
            out.min_ns = out.min_ns ? out.min_ns : min_ns;
        }
    }
    return out;
}

static int write_stream(void *user, const char *bytes, size_t count)
{
    return fwrite(bytes, 1, count, user) == count ? 0 : WICK_E_IO;
}

int show_left_out(const struct load *load, FILE *to)
{
    const struct wick_left_out left_out = collect(load);
    return wick_text_left_out(&left_out, &(struct wick_text_out){write_stream, to}) < 0 ? EXIT_USAGE : EXIT_FINE;
}

int show_left_out_below(const struct load *load, const struct settings *settings, int rc)
{
    return rc == EXIT_FINE && tool_format_is(settings, "text") ? show_left_out(load, stdout) : rc;
}
