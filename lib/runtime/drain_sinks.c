/*
 * SPDX-License-Identifier: MIT
 * What the drain tells all its outputs: records, and lines about the run.
 */
#include "drain.h"

void wk_drain_records(void *user, const struct wick_record *records, size_t count)
{
    struct wk_drain *drain = user;

    for (uint32_t i = 0; i < drain->sink_count; i++) {
        drain->sinks[i].ops->records(drain->sinks[i].sink, records, count);
    }
}

void wk_drain_say(struct wk_drain *drain, int64_t time_ns, const char *word, const char *text)
{
    for (uint32_t i = 0; i < drain->sink_count; i++) {
        if (drain->sinks[i].ops->line) {
            drain->sinks[i].ops->line(drain->sinks[i].sink, time_ns, word, text);
        }
    }
}
