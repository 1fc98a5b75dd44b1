/*
 * SPDX-License-Identifier: MIT
 * One line about a log that grows. See status_line.h.
 * Invariant: the line has no control characters, so that it stays one line.
 */
#include "print/status_line.h"

#include <string.h>

#include "base/words.h"
#include "select/named.h"

/* Append the open scopes of a track, from the outside in, as far as there is room. */
static void add_open_scopes(const struct load *load, uint32_t track, char line[STATUS_LINE_BYTES], int used)
{
    uint32_t depth = wick_tree_depth(load->tree, track);
    used += snprintf(line + used, STATUS_LINE_BYTES - (size_t)used, "  %s:", wick_names_track_name(load->names, track));
    for (uint32_t level = 0; level < depth && used + 100 < STATUS_LINE_BYTES; level++) {
        uint32_t node;
        int64_t start_ns;
        wick_tree_open_scope(load->tree, track, level, &node, &start_ns);
        struct wick_node_info info;
        wick_tree_node(load->tree, node, &info);
        const char *text;
        uint32_t bytes = wick_tree_open_text(load->tree, track, level, &text);
        used += snprintf(line + used, STATUS_LINE_BYTES - (size_t)used, "%s%.*s", level ? " > " : " ",
                         bytes && bytes < 60 ? (int)bytes : 60,
                         bytes ? text : wick_names_site_name(load->names, info.site));
    }
}

static void make_safe_line(char line[STATUS_LINE_BYTES])
{
    char safe[STATUS_LINE_BYTES];
    size_t bytes = wick_text_safe(safe, sizeof safe - 1, line, strlen(line));
    safe[bytes < sizeof safe ? bytes : sizeof safe - 1] = 0;
    for (char *c = safe; *c; c++) {
        *c = *c == '\n' || *c == '\t' ? ' ' : *c;
    }
    memcpy(line, safe, sizeof safe);
}

void status_line(const struct load *load, char line[STATUS_LINE_BYTES])
{
    struct wick_tree_stats stats;
    wick_tree_stats_read(load->tree, &stats);
    int64_t took_ns = load_span_ns(&stats);
    int used = snprintf(line, STATUS_LINE_BYTES, "%s  %s", tool_ns_text(took_ns), tool_count(stats.scopes, "scope|scopes"));
    if (stats.failed) {
        used += snprintf(line + used, STATUS_LINE_BYTES - (size_t)used, "  %s failed", tool_number_text(stats.failed));
    }
    if (stats.lost) {
        used += snprintf(line + used, STATUS_LINE_BYTES - (size_t)used, "  %s lost", tool_number_text(stats.lost));
    }
    uint32_t track = 0; /* the first one with an open scope: there is room for one */
    while (track < stats.tracks && !wick_tree_depth(load->tree, track)) {
        track++;
    }
    if (track < stats.tracks) {
        add_open_scopes(load, track, line, used);
    }
    make_safe_line(line);
}
