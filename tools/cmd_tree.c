/*
 * SPDX-License-Identifier: MIT
 * wick tree: the tree of one or more logs as text.
 * Must not compute; the model does. Invariant: a log without a single usable line is an input error, not
 * an empty tree.
 */
#include <stdlib.h>
#include <string.h>

#include "tool.h"

int show_tree(const struct load *load, const struct settings *settings, FILE *to)
{
    uint8_t *hidden = settings->path ? select_hidden(load, settings) : NULL;
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
    int rc = wick_tree_render(load->tree, load->names, &options, to == stderr ? &tool_stderr : &tool_stdout);
    free(hidden);
    if (rc == WICK_E_NOMEM) {
        tool_error(settings, "out of memory");
    }
    return rc < 0 ? EXIT_USAGE : EXIT_FINE;
}

int cmd_tree(struct settings *settings)
{
    struct load load;
    int rc = load_all(&load, settings);
    if (rc == EXIT_FINE) {
        rc = show_tree(&load, settings, stdout);
    }
    load_end(&load);
    return rc;
}
