/*
 * SPDX-License-Identifier: MIT
 * Summaries: what is kept of a run so that runs of different builds can be compared. Per place in the tree the numbers of its
 * calls, exact, from every single one. Part of wick/model.h.
 */
#ifndef WICK_SUMMARY_H
#define WICK_SUMMARY_H

#include "json.h"

WICK_I_EXTERN_BEGIN

/* A site as another build would have it, too: without line numbers and addresses. */
struct wick_summary_key {
    const char *name;     /* of the scope; of a thread its role: the newest name, or the thread's without its number */
    const char *function; /* "" when unknown */
    const char *file;     /* for people, as the line; "" when unknown */
    uint32_t line;        /* 0 when unknown */
    uint32_t ordinal;     /* among the sites of this name in this function, in order of lines: 0, 1, ... */
    uint8_t kind;         /* enum wick_site_kind; WICK_SITE_KINDS: threads */
};

/*
 * A place: a chain of keys. A call within a call of the same place (recursion, whatever lies between) belongs to the outer one: its
 * self time is added to that one's.
 */
struct wick_summary_node {
    uint32_t parent;      /* comes before its children; WICK_NONE: the threads of a role */
    uint32_t key;
    uint64_t calls;       /* that ended, nested ones not counted; of a role: threads */
    uint64_t nested;
    uint64_t failed;      /* as the following, nested ones included */
    uint64_t unfinished;  /* ended by the end of their thread or process: in self_ns, not in calls */
    uint64_t open;        /* when the log ended: in nothing else */
    int64_t self_ns, total_ns;
    int64_t min_ns, p10_ns, p50_ns, p90_ns, p99_ns, max_ns; /* order statistics of the calls' self times (nearest rank) */
    double lomean_ns;     /* mean of the self times from p10 to p50: what a call costs when nothing disturbs it */
    uint64_t slow;        /* calls with a self time above 1.5 times p50 */
    uint64_t locks;       /* taken, and what was waited for them */
    int64_t wait_ns;
    uint64_t values;        /* of a named sum, whose key is a counter's, only these two */
    struct wick_number value_sum;
};

/* What a summary says of its run. Strings are borrowed from the summary. */
struct wick_summary_info {
    const char *log;        /* its file, as it was named */
    int64_t first_ns, last_ns; /* earliest and latest time */
    uint64_t lost;          /* events that were dropped */
    uint64_t pauses;        /* times that recording stopped */
    uint64_t not_finite;    /* values that are NaN or infinite: in no value_sum */
    uint64_t problems;      /* lines or frames that could not be used */
    uint32_t keys, nodes;
    uint8_t ended;          /* 1: the log has its end; 0: its program was killed or is still running */
    uint8_t foreign;        /* 1: not a log of wick's recorder: it has no end and no metadata */
    uint8_t keep_ids;       /* for wick_summary_settle: 1: names of foreign logs keep their numbers, which are # otherwise */
};

struct wick_summary;

/*
 * Create an empty summary. NULL when there is no memory.
 *
 * allocator, names   borrowed until wick_summary_destroy
 * Threads            one at a time per summary     Signals   not safe
 * Since              0.1
 */
WICK_API struct wick_summary *wick_summary_create(const struct wick_allocator *allocator, const struct wick_names *names);
WICK_API void wick_summary_destroy(struct wick_summary *summary);

/* Add records, in the order of the log. Eight bytes are kept per call. Errors: NOMEM. Since 0.1 */
WICK_API int wick_summary_feed(struct wick_summary *summary, const struct wick_record *records, size_t count);

/*
 * Keep one property of the run; the last value of a key stays. `probe_ns` (WICK_CALIBRATE) is taken off the self time of a scope
 * for each scope directly in it, from then on. Errors: NOMEM. Since 0.1
 */
WICK_API int wick_summary_property(struct wick_summary *summary, const char *key, const char *value);

/*
 * Compute keys and nodes from what was fed; nothing is fed any more. Nodes stand in order of their paths, whatever the order of
 * the log.
 *
 * info       log, problems, ended and foreign are taken over; lost, if more than the records say; the rest is computed
 * Cost       linear in the calls
 * Errors     NOMEM
 * Since      0.1
 */
WICK_API int wick_summary_settle(struct wick_summary *summary, const struct wick_summary_info *info);

/* Read what is there after wick_summary_settle or wick_summary_read. 0: the index is past the last. Since 0.1 */
WICK_API void wick_summary_info_read(const struct wick_summary *summary, struct wick_summary_info *info);
WICK_API const struct wick_summary_key *wick_summary_key_at(const struct wick_summary *summary, uint32_t index);
WICK_API const struct wick_summary_node *wick_summary_node_at(const struct wick_summary *summary, uint32_t index);
WICK_API int wick_summary_property_at(const struct wick_summary *summary, uint32_t index, const char **key, const char **value);

/* Find a property; NULL: the run has none of this key. Since 0.1 */
WICK_API const char *wick_summary_find(const struct wick_summary *summary, const char *key);

/* Write a summary as JSON lines: the run, then keys, then nodes. Equal summaries give equal bytes. Since 0.1 */
WICK_API void wick_summary_write(const struct wick_summary *summary, struct wick_json *json);

/* A place in a file of summaries that cannot be read. */
struct wick_summary_error {
    const char *what; /* a literal */
    uint64_t line;    /* from 0; goes on counting from one summary of the file to the next */
};

/*
 * Read the next summary of a file, which may hold several.
 *
 * at         the file's bytes from here on; moved behind what was read
 * error      filled for PROTO
 * Returns    1: `summary`, which was created empty, has been filled; 0: none is left
 * Errors     NOMEM, PROTO
 * Since      0.1
 */
WICK_API int wick_summary_read(struct wick_summary *summary, const char **at, const char *end, struct wick_summary_error *error);

WICK_I_EXTERN_END

#endif
