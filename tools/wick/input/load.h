/*
 * SPDX-License-Identifier: MIT
 * Reads logs into a tree, or hands their records to somebody else.
 * Must not compute anything about scopes. Invariant: see load.c.
 */
#ifndef WICK_TOOLS_WICK_INPUT_LOAD_H
#define WICK_TOOLS_WICK_INPUT_LOAD_H

#include "tool.h"

struct record_filter;
struct symbols;

/* How many children a process has forked. */
struct load_children {
    uint32_t process;
    uint64_t count;
};

struct load {
    const struct settings *settings;
    struct wick_names *names;
    struct wick_names *final;     /* of load_records_named: with the names that threads have in the end */
    struct wick_tree *tree;
    struct wick_reader *reader;
    struct record_filter *filter; /* NULL: no record is left out */
    struct symbols *symbols;      /* names of instrumented functions */
    uint64_t bytes, lines, records;
    struct load_children *children; /* that processes of the logs say they have forked */
    uint32_t children_count, children_capacity;
    double scope_inside_ns, scope_outside_ns; /* the most that they say a scope costs; 0: they do not say it */
    int64_t start_ns; /* earliest time of the logs, whatever --thread and so on leave out; INT64_MAX: not known yet */
    uint8_t *shared; /* per track: a thread of another process has its name */
    uint32_t shared_count;
    bool into_tree, quiet;
    bool goes_on; /* the log that was read last says that it does, in another file */
    int bar; /* percent that the progress bar shows; -1: it is not shown */
};

/*
 * Prepare for reading. `out` gets the records; NULL: the tree gets them. 0, or an exit code after a message; load_end
 * in any case.
 */
int load_begin(struct load *load, const struct settings *settings, const struct wick_record_out *out);
void load_end(struct load *load);
int load_log(struct load *load, const char *path);
/* Give threads of one process with one name different ones, and find out which names threads of several processes have. */
void load_tell_threads_apart(struct load *load);
/* All logs were read: the tree is complete. 0, or an exit code after a message about `path` if there was no event. */
int load_settle(struct load *load, const char *path);
/* All of these at once, for each log that the settings name, one after the other: records to `out`, or to the tree. */
int load_records(struct load *load, const struct settings *settings, const struct wick_record_out *out);
int load_all(struct load *load, const struct settings *settings);
/* The same for records that need the logs' earliest time (load.start_ns) before the first of them comes. */
int load_records_from_start(struct load *load, const struct settings *settings, const struct wick_record_out *out);
/* The same, and load.final has the names of threads, which tell those of one process apart. The logs are read twice. */
int load_records_named(struct load *load, const struct settings *settings, const struct wick_record_out *out);
/* The same for one log, without messages about its lines. */
int load_quietly(struct load *load, const struct settings *settings, const char *path);

/* A thread's name, with its process if a thread of another one has it, too. Once all was read; valid until four further calls. */
const char *load_thread_name(const struct load *load, uint32_t track);
/* The earliest time of the logs that were read. */
int64_t load_start_ns(const struct load *load);
/* From the first to the last time of a tree; 0 where there is none. */
static inline int64_t load_span_ns(const struct wick_tree_stats *stats)
{
    return stats->last_ns > stats->first_ns ? stats->last_ns - stats->first_ns : 0;
}

#endif
