/*
 * SPDX-License-Identifier: MIT
 * All metrics of a process. See metrics.h.
 */
#include "metrics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wick/error.h>

#include "exposition.h"
#include "scope_paths.h"
#include "sink/amqp/host/amqp_ingress.h"
#include "tracker_rows.h"

struct wk_metrics {
    struct wk_exposition text;
    struct wick_stats stats;
    struct wk_amqp_counts amqp;
    bool has_amqp;
    struct wk_tracker_rows trackers;
    struct wk_scope_paths paths;
    enum { COUNTERS, READ_TRACKERS, WRITE_TRACKERS, READ_PATHS, HISTOGRAMS, FAILURES, END } state;
    char log[256];
};

const char *wk_metrics_type(bool open)
{
    return open ? "application/openmetrics-text; version=1.0.0; charset=utf-8" : "text/plain; version=0.0.4; charset=utf-8";
}

struct wk_metrics *wk_metrics_create(const struct wk_metrics_about *about)
{
    struct wk_metrics *metrics = calloc(1, sizeof *metrics);

    if (!metrics) {
        return NULL;
    }
    metrics->text.open = about->open;
    metrics->stats = about->stats;
    metrics->has_amqp = about->amqp != NULL;
    metrics->amqp = about->amqp ? *about->amqp : (struct wk_amqp_counts){0};
    snprintf(metrics->log, sizeof metrics->log, "%s", about->log);
    wk_tracker_rows_init(&metrics->trackers, about->fleet);
    wk_scope_paths_init(&metrics->paths, about->run_tree, metrics->log);
    return metrics;
}

void wk_metrics_destroy(struct wk_metrics *metrics)
{
    if (metrics) {
        wk_tracker_rows_fini(&metrics->trackers);
        wk_scope_paths_fini(&metrics->paths);
        wk_exposition_fini(&metrics->text);
        free(metrics);
    }
}

/* ---- wick's own counters --------------------------------------------------------------------- */

/* Rows of one family stand one after the other. */
static const struct counter {
    struct wk_family family;
    const char *label, *value;
    uint16_t offset;
    bool is_time;
} counters[] = {
#define AT(field) offsetof(struct wick_stats, field)
    {{"wick_events_recorded", "counter", "", "Scopes, marks and counters that were recorded."}, NULL, NULL, AT(recorded), false},
    {{"wick_events_lost", "counter", "", "Events that were not recorded, by cause."}, "cause", "ring_full", AT(dropped_full), false},
    {{"wick_events_lost", "counter", "", ""}, "cause", "signal", AT(dropped_signal), false},
    {{"wick_events_lost", "counter", "", ""}, "cause", "dead_thread", AT(dropped_dead), false},
    {{"wick_events_lost", "counter", "", ""}, "cause", "attach", AT(dropped_attach), false},
    {{"wick_scopes_recorded", "counter", "", "Scopes that were recorded."}, NULL, NULL, AT(scopes), false},
    {{"wick_scopes_left_out", "counter", "", "Scopes that WICK_MIN or WICK_FILTER left out."}, NULL, NULL, AT(left_out), false},
    {{"wick_texts_cut", "counter", "", "Texts that were cut."}, NULL, NULL, AT(text_cut), false},
    {{"wick_log_lines_lost", "counter", "", "Lines that the log lost."}, NULL, NULL, AT(log_lost), false},
    {{"wick_log_written_bytes", "counter", "bytes", "Bytes written to the log, before compression."}, NULL, NULL, AT(log_bytes), false},
    {{"wick_mirror_changes_lost", "counter", "", "Changes that the mirror in Redis lost."}, NULL, NULL, AT(mirror_lost), false},
    {{"wick_own_cpu_seconds", "counter", "seconds", "Processor time of wick's threads."}, "thread", "drain", AT(drain_cpu_ns), true},
    {{"wick_own_cpu_seconds", "counter", "seconds", ""}, "thread", "writer", AT(writer_cpu_ns), true},
    {{"wick_drain_lag_seconds", "gauge", "seconds", "Longest time that an event waited in a ring."}, NULL, NULL, AT(drain_lag_ns), true},
#undef AT
};

static void put_counter(struct wk_exposition *to, const struct counter *counter, const struct wick_stats *stats)
{
    uint64_t value;

    memcpy(&value, (const char *)stats + counter->offset, sizeof value);
    if (counter->family.help[0]) {
        wk_exposition_family(to, &counter->family);
    }
    wk_sample_begin(to, strcmp(counter->family.type, "counter") == 0 ? "_total" : "");
    if (counter->label) {
        wk_sample_label(to, counter->label, counter->value, strlen(counter->value));
    }
    if (counter->is_time) {
        wk_sample_seconds(to, value < INT64_MAX ? (int64_t)value : INT64_MAX);
    } else {
        wk_sample_unsigned(to, value);
    }
    wk_sample_end(to);
}

static void put_counters(struct wk_exposition *to, const struct wick_stats *stats)
{
    static const struct wk_family build = {"wick_build_info", "gauge", "", "1; the version of wick."};
    static const struct wk_family threads = {"wick_threads", "gauge", "", "Threads and fibers that record."};
    char version[24];

    snprintf(version, sizeof version, "%d.%d.%d", WICK_VERSION_MAJOR, WICK_VERSION_MINOR, WICK_VERSION_PATCH);
    wk_exposition_family(to, &build);
    wk_sample_begin(to, "");
    wk_sample_label(to, "version", version, strlen(version));
    wk_sample_unsigned(to, 1);
    wk_sample_end(to);
    if (!stats->size) {
        return;
    }
    for (size_t i = 0; i < sizeof counters / sizeof counters[0]; i++) {
        put_counter(to, &counters[i], stats);
    }
    wk_exposition_lone(to, &threads, stats->threads);
}

static void put_messages(struct wk_exposition *to, const char *result, uint64_t count)
{
    wk_sample_begin(to, "_total");
    wk_sample_label(to, "result", result, strlen(result));
    wk_sample_unsigned(to, count);
    wk_sample_end(to);
}

static void put_amqp(struct wk_exposition *to, const struct wk_amqp_counts *amqp)
{
    static const struct wk_family messages = {"wick_amqp_messages", "counter", "", "Messages that were posts, by what became of them."};
    static const struct wk_family connections = {"wick_amqp_connections", "counter", "", "Connections to the AMQP server so far."};
    static const struct wk_family up = {"wick_amqp_up", "gauge", "", "1 while it is connected."};

    wk_exposition_family(to, &messages);
    put_messages(to, "taken", amqp->taken);
    put_messages(to, "rejected", amqp->rejected);
    wk_exposition_lone(to, &connections, amqp->connections);
    wk_exposition_lone(to, &up, amqp->up);
}

static void put_left_out(struct wk_exposition *to, const char *what, uint64_t count)
{
    wk_sample_begin(to, "");
    wk_sample_label(to, "what", what, strlen(what));
    wk_sample_unsigned(to, count);
    wk_sample_end(to);
}

/* ---- steps ----------------------------------------------------------------------------------- */

static void put_end(struct wk_metrics *metrics)
{
    static const struct wk_family left_out = {"wick_metrics_left_out", "gauge", "", "Nodes and trackers that are too many for metrics."};
    struct wk_exposition *to = &metrics->text;

    wk_exposition_family(to, &left_out);
    put_left_out(to, "nodes", metrics->paths.left_out);
    put_left_out(to, "trackers", metrics->trackers.left_out);
    if (to->open) {
        wk_exposition_word(to, "# EOF\n");
    }
}

static bool begin_failures(struct wk_metrics *metrics)
{
    static const struct wk_family failures = {"wick_scope_failures", "counter", "", "Scopes that failed, by path."};

    wk_exposition_family(&metrics->text, &failures);
    metrics->paths.written = 0;
    return false;
}

/* Do a piece of the state; false: it is done. */
static bool step(struct wk_metrics *metrics)
{
    static const struct wk_family seconds = {"wick_scope_seconds", "histogram", "seconds", "Durations of ended scopes, by path."};

    switch (metrics->state) {
    case COUNTERS:
        put_counters(&metrics->text, &metrics->stats);
        if (metrics->has_amqp) {
            put_amqp(&metrics->text, &metrics->amqp);
        }
        return false;
    case READ_TRACKERS:
        return wk_tracker_rows_read(&metrics->trackers);
    case WRITE_TRACKERS:
        return wk_tracker_rows_write(&metrics->trackers, &metrics->text);
    case READ_PATHS:
        if (wk_scope_paths_read(&metrics->paths)) {
            return true;
        }
        wk_exposition_family(&metrics->text, &seconds);
        return false;
    case HISTOGRAMS:
        return wk_scope_paths_histograms(&metrics->paths, &metrics->text) || begin_failures(metrics);
    case FAILURES:
        return wk_scope_paths_failures(&metrics->paths, &metrics->text);
    default:
        put_end(metrics);
        return false;
    }
}

int wk_metrics_step(struct wk_metrics *metrics, const struct wick_text_out *out)
{
    struct wk_exposition *text = &metrics->text;

    text->text.count = 0;
    bool goes_on = step(metrics), more = goes_on || metrics->state != END;
    metrics->state += !goes_on;
    if (text->failed || metrics->trackers.failed || metrics->paths.failed) {
        return WICK_E_NOMEM;
    }
    int rc = text->text.count ? out->write(out->user, text->text.items, text->text.count) : 0;
    return rc < 0 ? rc : more;
}
