/*
 * SPDX-License-Identifier: MIT
 * Says what was left out of a log. See show_left_out.h.
 */
#include "print/show_left_out.h"

#include "base/host.h"

static int write_stream(void *user, const char *bytes, size_t count)
{
    return fwrite(bytes, 1, count, user) == count ? 0 : WICK_E_IO;
}

static int show(const struct load *load, bool losses, FILE *to)
{
    struct wick_left_out left_out;
    struct wick_tree_stats stats;
    wick_reader_left_out(load->reader, &left_out);
    wick_tree_stats_read(load->tree, &stats);
    left_out.pauses = stats.kinds[WICK_RECORD_PAUSE];
    left_out.lost = losses ? stats.lost : 0;
    return wick_text_left_out(&left_out, &(struct wick_text_out){write_stream, to}) < 0 ? EXIT_USAGE : EXIT_FINE;
}

int show_left_out_of_tree(const struct load *load, FILE *to)
{
    return show(load, false, to);
}

int show_left_out_below(const struct load *load, const struct settings *settings, int rc)
{
    return rc == EXIT_FINE && tool_format_is(settings, "text") ? show(load, true, stdout) : rc;
}
