/*
 * SPDX-License-Identifier: MIT
 * A node and its numbers as JSON: the one shape that the tool and the server write.
 */
#include <stdbool.h>

#include "rows_state.h"
#include "wick/json.h"

void wick_json_row(struct wick_json *json, const struct wick_row_info *row)
{
    wick_json_unsigned(json, "count", row->calls);
    wick_json_unsigned(json, "failed", row->failed);
    wick_json_unsigned(json, "unfinished", row->unfinished);
    wick_json_unsigned(json, "open", row->open);
    wick_json_duration(json, "total_ns", row->total_ns);
    wick_json_duration(json, "self_ns", row->self_ns);
    wick_json_duration(json, "open_ns", row->open_ns);
    wick_json_duration(json, "mean_ns", row->mean_ns);
    wick_json_duration(json, "min_ns", row->min_ns);
    wick_json_duration(json, "p50_ns", row->p50_ns);
    wick_json_duration(json, "p90_ns", row->p90_ns);
    wick_json_duration(json, "p99_ns", row->p99_ns);
    wick_json_duration(json, "max_ns", row->max_ns);
    wick_json_duration(json, "cpu_ns", row->cpu_ns);
    wick_json_unsigned(json, "values", row->values);
    wick_json_number(json, "value_sum", &row->value_sum);
    wick_json_unsigned(json, "values_not_finite", row->values_not_finite);
}

static void put_names(struct wick_json *json, const struct wick_names *names, const struct wick_node_info *info)
{
    static const char *const kinds[] = {"thread", "scope", "mark", "", "sum"};
    bool is_track = info->kind == WICK_NODE_TRACK;
    const struct wick_site_info *site = wick_names_site(names, info->site);
    wick_json_string(json, "kind", kinds[info->kind]);
    wick_json_string(json, "name", is_track ? wick_names_track_name(names, info->track) : wick_names_site_name(names, info->site));
    wick_json_string(json, "thread", wick_names_track_name(names, info->track));
    if (is_track) {
        wick_json_unsigned(json, "pid", wick_names_track_process(names, info->track)->pid_number);
    } else {
        wick_json_string(json, "location", site->location);
        wick_json_string(json, "file", site->file);
        wick_json_unsigned(json, "line", site->line);
        wick_json_string(json, "category", site->category);
    }
}

void wick_json_node(struct wick_json *json, const struct wick_json_nodes *nodes, uint32_t node)
{
    struct wick_node_info info;
    struct wick_row_info row;
    wick_tree_node(nodes->tree, node, &info);
    wk_rows_node(nodes->tree, node, nodes->now_ns == INT64_MIN ? wk_tree_now(nodes->tree) : nodes->now_ns, &row);
    nodes->depths[node] = info.parent < node ? nodes->depths[info.parent] + 1 : 0;
    wick_json_begin(json, NULL, '{');
    wick_json_unsigned(json, "id", node);
    if (info.parent == WICK_NONE) {
        wick_json_word(json, "parent", "null");
    } else {
        wick_json_unsigned(json, "parent", info.parent);
    }
    wick_json_unsigned(json, "depth", nodes->depths[node]);
    put_names(json, nodes->names, &info);
    wick_json_row(json, &row);
    if (info.text) {
        wick_json_text(json, "text", info.text, info.text_bytes);
    }
    if (info.message) {
        wick_json_text(json, "message", info.message, info.message_bytes);
    }
    if (info.said) {
        wick_json_text(json, "said", info.said, info.said_bytes);
    }
    wick_json_end(json, '}');
}
