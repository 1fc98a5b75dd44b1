/*
 * SPDX-License-Identifier: MIT
 * Writes the rollup and the counters as JSON, one node per call, so that the lock is never held for the whole tree.
 * Parents come before their children.
 */
#include "service.h"

bool wk_answer_tree_node(const struct wk_retained *retained, struct wk_rollup *rollup, struct wick_json *json)
{
    static const uint32_t unknown;
    struct wick_tree_stats stats;

    wick_tree_stats_read(retained->tree, &stats);
    if (rollup->node >= stats.nodes || wk_growing_put(&rollup->depths, (const char *)&unknown, sizeof unknown) < 0) {
        return false;
    }
    const struct wick_json_nodes nodes = {retained->tree, retained->names, (uint32_t *)(void *)rollup->depths.bytes, rollup->now_ns};
    wick_json_line(json);
    wick_json_node(json, &nodes, rollup->node++);
    return true;
}

/* Counters of losses, by cause. */
static void put_losses(const struct wk_retained *retained, const struct wick_tree_stats *tree, struct wick_json *json)
{
    wick_json_begin(json, "lost", '{');
    wick_json_unsigned(json, "ring_full", retained->stats.size ? retained->stats.dropped_full : tree->lost);
    wick_json_unsigned(json, "signal", retained->stats.dropped_signal);
    wick_json_unsigned(json, "dead_thread", retained->stats.dropped_dead);
    wick_json_unsigned(json, "attach", retained->stats.dropped_attach);
    wick_json_unsigned(json, "log", retained->stats.log_lost);
    wick_json_unsigned(json, "server", retained->lost + retained->run_tree->lost + wk_wire_writer_lost(retained->writer));
    wick_json_end(json, '}');
}

void wk_answer_stats(const struct wk_retained *retained, const char *name, struct wick_json *json)
{
    struct wick_tree_stats tree;

    wick_tree_stats_read(retained->tree, &tree);
    wick_json_begin(json, name, '{');
    wick_json_time(json, "now_ns", wk_retained_now_locked(retained));
    wick_json_unsigned(json, "recorded", retained->stats.size ? retained->stats.recorded : tree.records);
    put_losses(retained, &tree, json);
    wick_json_unsigned(json, "records", tree.records);
    wick_json_unsigned(json, "scopes", tree.scopes);
    wick_json_unsigned(json, "marks", tree.marks);
    wick_json_unsigned(json, "failed", tree.failed);
    wick_json_unsigned(json, "unfinished", tree.unfinished);
    wick_json_unsigned(json, "nodes", tree.nodes);
    wick_json_unsigned(json, "tracks", tree.tracks);
    wick_json_unsigned(json, "threads", retained->stats.threads);
    wick_json_unsigned(json, "clients", retained->counts.clients);
    wick_json_unsigned(json, "sequence", retained->next_sequence - 1);
    wick_json_unsigned(json, "retained_bytes", retained->bytes);
    wick_json_time(json, "retained_from_ns", retained->dropped && retained->oldest ? retained->oldest->first_ns : 0);
    wick_json_begin(json, "overhead", '{');
    wick_json_unsigned(json, "drain_cpu_ns", retained->stats.drain_cpu_ns);
    wick_json_unsigned(json, "writer_cpu_ns", retained->stats.writer_cpu_ns);
    wick_json_unsigned(json, "drain_lag_ns", retained->stats.drain_lag_ns);
    wick_json_unsigned(json, "log_bytes", retained->stats.log_bytes);
    wick_json_end(json, '}');
    wick_json_end(json, '}');
}

void wk_answer_tree_begin(const struct wk_retained *retained, struct wick_json *json)
{
    wick_json_begin(json, NULL, '{');
    wick_json_unsigned(json, "v", 1);
    wick_json_time(json, "now_ns", wk_retained_now_locked(retained));
    wick_json_string(json, "program", wk_retained_property_locked(retained, "program"));
    wk_answer_stats(retained, "stats", json);
    wick_json_begin(json, "nodes", '[');
}
