/*
 * SPDX-License-Identifier: MIT
 * Writes the rollup and the counters as JSON, one node per call, so that the lock is never held for the whole tree.
 * Parents come before their children.
 */
#include "service.h"

#include <string.h>

#include "model/base/number.h"
#include "model/tree/rows_state.h"

static const char *kind_word(uint8_t kind)
{
    return kind == WICK_NODE_TRACK ? "thread" : kind == WICK_NODE_MARK ? "mark" : "scope";
}

static void put_name(const struct wk_retained *retained, const struct wick_node_info *info, struct wk_json *json)
{
    const struct wick_track_info *track;

    if (info->kind == WICK_NODE_TRACK) {
        track = wick_names_track(retained->names, info->track);
        wk_json_member_text(json, "name", track->label && track->label[0] ? track->label : track->thread);
        wk_json_member_count(json, "pid", wick_names_process(retained->names, track->process)->pid_number);
        return;
    }
    const struct wick_site_info *site = wick_names_site(retained->names, info->site);
    wk_json_member_text(json, "name", site->literal);
    wk_json_member_text(json, "location", site->location);
    if (site->file && site->file[0]) {
        wk_json_member_text(json, "file", site->file);
    }
    if (site->category && site->category[0]) {
        wk_json_member_text(json, "category", site->category);
    }
}

/* The text of the longest instance, and the message of the first failed one. */
static void put_texts(const struct wick_node_info *info, struct wk_json *json)
{
    if (info->text) {
        wk_json_raw(json, ",\"text\":");
        wk_json_text(json, info->text, info->text_bytes);
    }
    if (info->message) {
        wk_json_raw(json, ",\"message\":");
        wk_json_text(json, info->message, info->message_bytes);
    }
}

/* A duration; < 0: unknown. */
static void put_known(struct wk_json *json, const char *name, int64_t ns)
{
    if (ns < 0) {
        wk_json_member_raw(json, name, "null");
    } else {
        wk_json_member_ns(json, name, ns);
    }
}

static void put_numbers(const struct wk_retained *retained, uint32_t node, int64_t now_ns, struct wk_json *json)
{
    struct wick_row_info row;
    char number[32];

    wk_rows_node(retained->tree, node, now_ns, &row);
    wk_json_member_count(json, "count", row.calls);
    wk_json_member_count(json, "errors", row.failed);
    wk_json_member_count(json, "unfinished", row.unfinished);
    wk_json_member_count(json, "open", row.open);
    wk_json_member_ns(json, "total_ns", row.total_ns);
    wk_json_member_ns(json, "self_ns", row.self_ns);
    put_known(json, "mean_ns", row.mean_ns);
    put_known(json, "min_ns", row.min_ns);
    put_known(json, "p50_ns", row.p50_ns);
    put_known(json, "p90_ns", row.p90_ns);
    put_known(json, "p99_ns", row.p99_ns);
    put_known(json, "max_ns", row.max_ns);
    put_known(json, "cpu_ns", row.cpu_ns);
    wk_json_member_count(json, "values", row.values);
    number[wk_number_put(number, row.value_sum)] = 0;
    wk_json_member_raw(json, "value_sum", row.value_sum - row.value_sum == 0 ? number : "null"); /* JSON has no inf, no nan */
}

bool wk_answer_tree_node(const struct wk_retained *retained, uint32_t node, int64_t now_ns, struct wk_json *json)
{
    struct wick_node_info info;

    if (node >= retained->tree->node_count) {
        return false;
    }
    wick_tree_node(retained->tree, node, &info);
    wk_json_raw(json, node ? ",\n{" : "\n{");
    wk_json_member_count(json, "id", node);
    if (info.parent == WICK_NONE) {
        wk_json_member_raw(json, "parent", "null");
    } else {
        wk_json_member_count(json, "parent", info.parent);
    }
    wk_json_member_text(json, "kind", kind_word(info.kind));
    put_name(retained, &info, json);
    put_numbers(retained, node, now_ns, json);
    put_texts(&info, json);
    wk_json_raw(json, "}");
    return true;
}

/* Counters of losses, by cause. */
static void put_losses(const struct wk_retained *retained, const struct wick_tree_stats *tree, struct wk_json *json)
{
    wk_json_member_raw(json, "lost", "{");
    wk_json_member_count(json, "ring_full", retained->stats.size ? retained->stats.dropped_full : tree->lost);
    wk_json_member_count(json, "signal", retained->stats.dropped_signal);
    wk_json_member_count(json, "dead_thread", retained->stats.dropped_dead);
    wk_json_member_count(json, "attach", retained->stats.dropped_attach);
    wk_json_member_count(json, "log", retained->stats.log_lost);
    wk_json_member_count(json, "server", retained->lost + retained->run_tree->lost + wk_wire_writer_lost(retained->writer));
    wk_json_raw(json, "}");
}

void wk_answer_stats(const struct wk_retained *retained, struct wk_json *json)
{
    struct wick_tree_stats tree;

    wick_tree_stats_read(retained->tree, &tree);
    wk_json_raw(json, "{");
    wk_json_member_ns(json, "now_ns", wk_retained_now_locked(retained));
    wk_json_member_count(json, "recorded", retained->stats.size ? retained->stats.recorded : tree.records);
    put_losses(retained, &tree, json);
    wk_json_member_count(json, "records", tree.records);
    wk_json_member_count(json, "scopes", tree.scopes);
    wk_json_member_count(json, "marks", tree.marks);
    wk_json_member_count(json, "failed", tree.failed);
    wk_json_member_count(json, "unfinished", tree.unfinished);
    wk_json_member_count(json, "nodes", tree.nodes);
    wk_json_member_count(json, "tracks", tree.tracks);
    wk_json_member_count(json, "threads", retained->stats.threads);
    wk_json_member_count(json, "clients", retained->counts.clients);
    wk_json_member_count(json, "sequence", retained->next_sequence - 1);
    wk_json_member_count(json, "retained_bytes", retained->bytes);
    wk_json_member_ns(json, "retained_from_ns", retained->dropped && retained->oldest ? retained->oldest->first_ns : 0);
    wk_json_member_raw(json, "overhead", "{");
    wk_json_member_ns(json, "drain_cpu_ns", (int64_t)retained->stats.drain_cpu_ns);
    wk_json_member_ns(json, "writer_cpu_ns", (int64_t)retained->stats.writer_cpu_ns);
    wk_json_member_ns(json, "drain_lag_ns", (int64_t)retained->stats.drain_lag_ns);
    wk_json_member_count(json, "log_bytes", retained->stats.log_bytes);
    wk_json_raw(json, "}}");
}

void wk_answer_tree_begin(const struct wk_retained *retained, struct wk_json *json)
{
    wk_json_raw(json, "{");
    wk_json_member_raw(json, "v", "1");
    wk_json_member_ns(json, "now_ns", wk_retained_now_locked(retained));
    wk_json_member_text(json, "program", wk_retained_property_locked(retained, "program"));
    wk_json_raw(json, ",\"stats\":");
    wk_answer_stats(retained, json);
    wk_json_raw(json, ",\"nodes\":[");
}
