/*
 * SPDX-License-Identifier: MIT
 * What the drain asks of an output. Implementations live in lib/sink; this layer knows only the table.
 * All functions but flush are called by the drain thread, never concurrently for one sink.
 */
#ifndef WICK_LIB_RUNTIME_SINK_H
#define WICK_LIB_RUNTIME_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <wick/control.h>
#include <wick/model.h>

#include "model/log/ctxt/ctxt_write.h"

/* What a sink has to say at the end, added to wick_stats. */
struct wk_sink_stats {
    uint64_t lost;       /* lines or records that it could not take */
    uint64_t text_cut;
    uint64_t bytes;
    uint64_t cpu_ns;     /* of its own thread */
    bool failed;         /* it takes nothing any more */
};

/* One execution of this process, as sinks see it. */
struct wk_run {
    const struct wick_config *config;
    struct wk_ctxt_names names;  /* sites and tracks; jumbo is the sink's own */
    const char *host;
    uint32_t pid;
    bool forked;                 /* the configured name is the parent's: never touch it */
    int64_t start_ns;            /* not later than any record */
    /* The log's name belongs to another live run: remember which (`host pid start`). */
    void (*set_parent)(const char *owner);
    /* Where the log is, once it is open and can be read while it grows; "": nowhere. */
    void (*set_log)(const char *path);
    const char *(*log)(void);
    /* The counters of now. For sinks, in the drain thread. */
    void (*stats)(const struct wk_run *run, struct wick_stats *out);
    /* Call `row` for each line of metadata; complete when the sink is opened. */
    void (*each)(void (*row)(void *user, const char *key, const char *value), void *user);
    struct wk_sink_stats *closed; /* a sink that closes adds its last numbers */
};

struct wk_sink_ops {
    const char *name;
    uint32_t threads;    /* that it runs while it is open */
    /* Does the configuration ask for this sink? */
    bool (*wanted)(const struct wick_config *config);
    /* NULL on failure, said on stderr. The run is borrowed until close. */
    void *(*open)(const struct wk_run *run);
    /* Room for another batch without waiting? While false, the drain leaves events in the rings. */
    bool (*ready)(void *sink);
    void (*records)(void *sink, const struct wick_record *records, size_t count);
    /* A line of an extension word that is about the run, not a track. NULL: not wanted. */
    void (*line)(void *sink, int64_t time_ns, const char *word, const char *text);
    /* End of a tick: hand on what was taken. `now_ns`: not earlier than any record so far; `oldest_ns`: not
     * later than any record to come (a thread may be stopped between its clock and its ring). */
    void (*tick)(void *sink, int64_t now_ns, int64_t oldest_ns);
    /* Wait until everything handed on has left the process; false when the deadline (CLOCK_MONOTONIC) passed
     * or the sink has failed. Any thread, several at once. */
    bool (*flush)(void *sink, int64_t deadline_ns);
    void (*stats)(void *sink, struct wk_sink_stats *out);
    /* `end_ns`: the time of the closing line. True when complete. The sink is gone afterwards unless it
     * hangs: then it is left alone. */
    bool (*close)(void *sink, int64_t end_ns, int64_t deadline_ns);
    /* In a forked child: let go of descriptors, flush nothing. */
    void (*abandon)(void *sink);
};

/* Provided by lib/sink: all sinks of this build, ended by NULL. */
extern const struct wk_sink_ops *const wk_sinks[];

#endif
