/*
 * SPDX-License-Identifier: MIT
 * The counters of a run: of its threads, its lanes and its sinks. See drain_stats.h.
 */
#include "drain_stats.h"

#include <stdio.h>

#include "base/diag.h"
#include "record/recorder.h"
#include "record/site.h"

void wk_stats_add_thread(const struct wk_thread *thread, struct wick_stats *stats)
{
    /* Relaxed: counts that the owner may still be adding to. */
    const struct wk_owner *owner = (const void *)thread->hot.owner_private;

    stats->dropped_full += __atomic_load_n(&owner->lost, __ATOMIC_RELAXED) - thread->before.lost;
    stats->dropped_signal += __atomic_load_n(&owner->dropped_signal, __ATOMIC_RELAXED) - thread->before.dropped_signal;
    stats->stale_end += __atomic_load_n(&owner->stale_end, __ATOMIC_RELAXED) - thread->before.stale_end;
    stats->text_cut += __atomic_load_n(&owner->text_cut, __ATOMIC_RELAXED) - thread->before.text_cut;
}

static bool is_asked_for(uint32_t kind)
{
    return kind == WK_EVENT_START || (kind >= WK_EVENT_FAIL && kind <= WK_EVENT_NAME && kind != WK_EVENT_LOST);
}

void wk_stats_add_left(const struct wk_thread *thread, struct wick_stats *stats)
{
    const struct wk_read_ring *ring = wk_thread_read_ring(thread, thread->hot.tail);
    const struct wick_event *slots = wk_pool_at(ring->reference);
    uint32_t mask = ring->mask;

    for (uint32_t at = thread->hot.tail; at != thread->upto;) {
        uint32_t info = slots[at & mask].info;
        union wk_event_more more = {.event = slots[(at + 1) & mask]};

        at += 1 + wk_event_slots(info);
        stats->dropped_full += is_asked_for(wk_event_kind(info));
        if (wk_event_kind(info) == WK_EVENT_SWITCH) {
            slots = wk_pool_at(more.ring.reference);
            mask = (uint32_t)more.ring.mask;
        }
    }
}

void wk_stats_add_decoder(const struct wk_decoder *decoder, struct wick_stats *stats)
{
    stats->recorded += decoder->recorded;
    stats->scopes += decoder->scopes;
    stats->dropped_full += decoder->refused;
    stats->unwound += decoder->unwound;
}

void wk_drain_stats(struct wk_drain *drain, struct wick_stats *out)
{
    uint32_t size = out->size;

    *out = drain->totals;
    out->size = size;
    for (const struct wk_thread *thread = wk_live_first(); thread; thread = wk_thread_at(thread->next)) {
        out->threads++;
        wk_stats_add_thread(thread, out);
        if (thread->track) {
            wk_stats_add_decoder(&drain->tracks[thread->track - 1].decoder, out);
        }
    }
    /* Relaxed: counts, added to by threads that could not attach. */
    out->dropped_attach = __atomic_load_n(&wk_recorder.dropped_attach, __ATOMIC_RELAXED);
    out->dropped_dead = __atomic_load_n(&wk_recorder.dropped_dead, __ATOMIC_RELAXED);
    out->dropped_signal += __atomic_load_n(&wk_recorder.dropped_signal, __ATOMIC_RELAXED);
    out->site_overflow = wk_site_overflow();
    out->text_cut += wk_site_cut();
    out->left_out += wk_filter_left_out(drain->filter);
    out->log_lost += wk_filter_refused(drain->filter);
    out->log_lost += drain->run_tree ? drain->run_tree->lost : 0;
    for (uint32_t i = 0; i < drain->sink_count; i++) {
        struct wk_sink_stats sink;

        wk_sink_stats(&drain->sinks[i], &sink);
        out->log_lost += sink.lost;
        out->log_bytes += sink.bytes;
        out->text_cut += sink.text_cut;
        out->mirror_lost += sink.mirror_lost;
        out->writer_cpu_ns += sink.cpu_ns;
        if (sink.failed) { /* whoever waits for room waits in vain */
            __atomic_store_n(&wk_recorder.log_failed, true, __ATOMIC_RELAXED);
        }
    }
    out->log_lost += drain->closed.lost;
    out->log_bytes += drain->closed.bytes;
    out->text_cut += drain->closed.text_cut;
    out->mirror_lost += drain->closed.mirror_lost;
    out->writer_cpu_ns += drain->closed.cpu_ns;
    out->drain_lag_ns = drain->lag_ns;
    out->drain_cpu_ns = (uint64_t)wk_clock_cpu_ns();
    out->attempted = out->recorded + out->dropped_full + out->dropped_signal + out->dropped_dead + out->dropped_attach;
}

void wk_stats_write(struct wk_drain *drain, int64_t now_ns)
{
    struct wick_stats stats = {.size = sizeof stats};
    char text[64];

    wk_drain_stats(drain, &stats);
    const struct {
        const char *name;
        uint64_t value;
    } rows[] = {
        {"recorded", stats.recorded},           {"dropped_full", stats.dropped_full},
        {"dropped_signal", stats.dropped_signal}, {"dropped_dead", stats.dropped_dead},
        {"dropped_attach", stats.dropped_attach}, {"unwound", stats.unwound},
        {"stale_end", stats.stale_end},         {"site_overflow", stats.site_overflow},
        {"left_out", stats.left_out},           {"text_cut", stats.text_cut},
        {"log_lost", stats.log_lost},           {"log_bytes", stats.log_bytes},
        {"drain_cpu_ns", stats.drain_cpu_ns},   {"writer_cpu_ns", stats.writer_cpu_ns},
        {"drain_lag_ns", stats.drain_lag_ns},   {"scopes", stats.scopes},
        {"messages_unsaid", wk_diag_unsaid()},
        {"children", __atomic_load_n(&wk_recorder.children, __ATOMIC_RELAXED)}, /* a count */
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(text, sizeof text, "%s %llu", rows[i].name, (unsigned long long)rows[i].value);
        wk_drain_say(drain, now_ns, WICK_LINE_STAT, text);
    }
}
