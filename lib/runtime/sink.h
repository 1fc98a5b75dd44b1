/*
 * SPDX-License-Identifier: MIT
 * The table of functions that an output gives to the drain. Implementations live in lib/sink.
 * All functions but flush are called by the drain thread, never concurrently for one sink. NULL: not interested; every
 * slot but name, open and close may be NULL.
 */
#ifndef WICK_LIB_RUNTIME_SINK_H
#define WICK_LIB_RUNTIME_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <wick/config.h>
#include <wick/control.h>
#include <wick/model.h>

/* Counters of a sink, added to wick_stats. */
struct wk_sink_stats {
    uint64_t lost;       /* lines or records that it had to drop */
    uint64_t text_cut;
    uint64_t mirror_lost; /* changes that no mirror has */
    uint64_t bytes;
    uint64_t cpu_ns;     /* of its own thread */
    bool failed;         /* it drops everything from now on */
};

struct wk_drain;
struct wk_run_tree;

/* One execution of this process, as sinks see it. */
struct wk_run {
    const struct wick_config *config;
    const struct wick_names *names; /* of the records' indices; only grows. Other threads than the drain's: see run_tree.h */
    const char *host;
    uint32_t pid;
    bool forked;                 /* the configured name is the parent's: never touch it */
    int64_t start_ns;            /* not later than any record */
    /* Another live run has locked the configured log: set it as the parent run (`host pid start`). */
    void (*set_parent)(const char *owner);
    /* Set the path of the log once it is open and can be read while it grows; "": none. */
    void (*set_log)(const char *path);
    const char *(*log)(void);
    /* The log goes on in another file. */
    void (*next_file)(const struct wk_run *run);
    /* Read the current counters. For sinks, in the drain thread. */
    void (*stats)(const struct wk_run *run, struct wick_stats *out);
    struct wk_drain *drain; /* for stats */
    struct wk_run_tree *run_tree; /* of `names`, for sinks whose threads read it */
    /* Call `row` for each line of metadata; complete when the sink is opened. */
    void (*each)(void (*row)(void *user, const char *key, const char *value), void *user);
    struct wk_sink_stats *closed; /* a sink adds its final counters when it closes */
};

struct wk_sink_ops {
    const char *name;
    uint32_t threads;    /* of its own, while it is open */
    /* Does the configuration ask for this sink? NULL: always. */
    bool (*wanted)(const struct wick_config *config);
    /* NULL on failure, reported on stderr. The run is borrowed until close. */
    void *(*open)(const struct wk_run *run);
    /* Room for another batch without waiting? While false, the drain leaves events in the rings. */
    bool (*ready)(void *sink);
    /* Called with the run's mutex locked (run_tree.h); the tree does not have these records yet. */
    void (*records)(void *sink, const struct wick_record *records, size_t count);
    /* Copy the nodes that have changed since this sink took them last, each once; at the end of a tick and before close. Who
     * asks for them makes the drain keep a tree; a sink that only reads it calls wk_run_tree_ask in open. Called with the
     * run's mutex locked. < 0: not taken, they come again. */
    int (*rollup)(void *sink, const struct wick_tree *tree, const uint32_t *dirty, size_t count);
    /* A line about the run, not about a track. */
    void (*line)(void *sink, int64_t time_ns, enum wick_line line, const char *text);
    /* End of a tick: pass on what was taken. `now_ns`: not earlier than any record so far; `oldest_ns`: not
     * later than any record to come (a thread may be preempted between reading its clock and writing its ring). */
    void (*tick)(void *sink, int64_t now_ns, int64_t oldest_ns);
    /* Wait until everything passed on has left the process; false when the deadline (CLOCK_MONOTONIC) passed
     * or the sink has failed. Any thread, several at once. */
    bool (*flush)(void *sink, int64_t deadline_ns);
    void (*stats)(void *sink, struct wk_sink_stats *out);
    /* `end_ns`: the time of the closing line. True when complete. Frees the sink, unless its thread hangs: then its
     * memory is never freed. */
    bool (*close)(void *sink, int64_t end_ns, int64_t deadline_ns);
    /* In a forked child: close descriptors, flush nothing. */
    void (*abandon)(void *sink);
};

/* Provided by lib/sink: all sinks of this build, ended by NULL. */
extern const struct wk_sink_ops *const wk_sinks[];

#endif
