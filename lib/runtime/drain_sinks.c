/*
 * SPDX-License-Identifier: MIT
 * What the drain tells all its outputs, and asks them. Every slot but name, open and close may be NULL.
 */
#include "drain.h"

void wk_drain_records(void *user, const struct wick_record *records, size_t count)
{
    struct wk_drain *drain = user;

    pthread_mutex_lock(&drain->run_tree->lock);
    for (uint32_t i = 0; i < drain->sink_count; i++) {
        if (drain->sinks[i].ops->records) {
            drain->sinks[i].ops->records(drain->sinks[i].sink, records, count);
        }
    }
    wk_run_tree_feed_locked(drain->run_tree, records, count);
    pthread_mutex_unlock(&drain->run_tree->lock);
}

/* What a sink does not take stays in its list. */
static void give_changed(const struct wk_open_sink *open, struct wick_tree *tree)
{
    const uint32_t *dirty;
    uint32_t count = open->asker < 0 ? 0 : wick_tree_dirty(tree, open->asker, &dirty);

    if (count && open->ops->rollup(open->sink, tree, dirty, count) >= 0) {
        wick_tree_clean(tree, open->asker);
    }
}

void wk_sinks_rollup(struct wk_drain *drain, int64_t now_ns)
{
    struct wick_tree *tree = drain->run_tree->tree;

    if (!tree) {
        return;
    }
    pthread_mutex_lock(&drain->run_tree->lock);
    (void)wick_tree_settle(tree, now_ns);
    for (uint32_t i = 0; i < drain->sink_count; i++) {
        give_changed(&drain->sinks[i], tree);
    }
    pthread_mutex_unlock(&drain->run_tree->lock);
}

void wk_drain_say(struct wk_drain *drain, int64_t time_ns, enum wick_line line, const char *text)
{
    for (uint32_t i = 0; i < drain->sink_count; i++) {
        if (drain->sinks[i].ops->line) {
            drain->sinks[i].ops->line(drain->sinks[i].sink, time_ns, line, text);
        }
    }
}

bool wk_sinks_ready(const struct wk_drain *drain)
{
    for (uint32_t i = 0; i < drain->sink_count; i++) {
        if (drain->sinks[i].ops->ready && !drain->sinks[i].ops->ready(drain->sinks[i].sink)) {
            return false;
        }
    }
    return true;
}

void wk_sinks_tick(struct wk_drain *drain, int64_t now_ns, int64_t oldest_ns)
{
    for (uint32_t i = 0; i < drain->sink_count; i++) {
        if (drain->sinks[i].ops->tick) {
            drain->sinks[i].ops->tick(drain->sinks[i].sink, now_ns, oldest_ns);
        }
    }
}

bool wk_sink_flush(const struct wk_open_sink *open, int64_t deadline_ns)
{
    return !open->ops->flush || open->ops->flush(open->sink, deadline_ns);
}

void wk_sink_stats(const struct wk_open_sink *open, struct wk_sink_stats *out)
{
    *out = (struct wk_sink_stats){0};
    if (open->ops->stats) {
        open->ops->stats(open->sink, out);
    }
}
