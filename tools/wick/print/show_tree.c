/*
 * SPDX-License-Identifier: MIT
 * Prints a tree. See show_tree.h.
 */
#include "print/show_tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/host.h"
#include "base/messages.h"
#include "print/show_children.h"
#include "print/show_counters.h"
#include "print/show_left_out.h"
#include "select/select.h"

static int write_stream(void *user, const char *bytes, size_t count)
{
    return fwrite(bytes, 1, count, user) == count ? 0 : WICK_E_IO;
}

int show_tree(const struct load *load, const struct settings *settings, FILE *to)
{
    uint8_t *hidden = select_hidden(load);
    struct wick_text_options options = {
        .width = settings->width ? settings->width : tool_columns(to),
        .depth = settings->depth,
        .children = settings->children ? settings->children : settings->all ? 0 : 30,
        .tracks = settings->all ? 0 : 30,
        .min_ns = settings->min_ns,
        .no_times = settings->no_times,
        .colours = tool_colours(settings, to),
        .hidden = hidden,
        .by_total = settings->sort && strcmp(settings->sort, "total") == 0};
    int rc = wick_tree_render(load->tree, load->names, &options, &(struct wick_text_out){write_stream, to});
    free(hidden);
    if (rc == WICK_E_NOMEM) {
        tool_error(settings, "out of memory");
    }
    if (rc >= 0 && !settings->no_times) {
        show_counters(load, settings, to);
        show_children(load, to);
        return show_left_out_of_tree(load, to);
    }
    return rc < 0 ? EXIT_USAGE : EXIT_FINE;
}
