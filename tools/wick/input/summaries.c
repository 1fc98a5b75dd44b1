/*
 * SPDX-License-Identifier: MIT
 * Logs and files of summaries into summaries. See summaries.h.
 * Invariant: what a log lost is in its summary, whether its lines say so or its own counts.
 */
#include "input/summaries.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"
#include "base/host.h"
#include "base/messages.h"
#include "input/input.h"
#include "input/load.h"
#include "input/series.h"
#include "input/spool.h"

static const char schema[] = "{\"schema\":\"wick-summary";

static int no_memory(const struct settings *settings)
{
    tool_error(settings, "out of memory");
    return EXIT_USAGE;
}

/* false: no memory, and the summary is destroyed. */
static bool keep(struct summaries *summaries, struct wick_summary *summary)
{
    if (!tool_grow(&summaries->items, &summaries->capacity, summaries->count, sizeof *summaries->items)) {
        wick_summary_destroy(summary);
        return false;
    }
    summaries->items[summaries->count++] = summary;
    return true;
}

/* ---- files of summaries ---- */

/* All bytes of a file; NULL: it is not one of summaries (`rc` is 0), or an exit code after a message. */
static char *read_file(const struct settings *settings, const char *path, size_t *bytes, int *rc)
{
    struct input *input = input_open(settings, path);
    char *text = NULL;
    size_t capacity = 0;
    long got = 1;
    *rc = input ? EXIT_FINE : EXIT_USAGE;
    for (*bytes = 0; input && got > 0 && *rc == EXIT_FINE; *bytes += (size_t)got) {
        if (*bytes >= sizeof schema - 1 && memcmp(text, schema, sizeof schema - 1) != 0) {
            break;
        }
        if (*bytes + 65536 > capacity) { /* without zeroing it */
            capacity = capacity ? capacity * 2 : 1 << 18;
            char *grown = *bytes > UINT32_MAX / 4 ? NULL : realloc(text, capacity);
            if (!grown) {
                *rc = no_memory(settings);
                break;
            }
            text = grown;
        }
        got = input_read(input, text + *bytes, 65536);
        *rc = got < 0 ? EXIT_USAGE : *rc;
        got = got < 0 ? 0 : got;
    }
    input_close(input);
    if (*rc != EXIT_FINE || *bytes < sizeof schema - 1 || memcmp(text, schema, sizeof schema - 1) != 0) {
        free(text);
        text = NULL;
    }
    return text;
}

/* A file that is being read. */
struct summary_file {
    const char *path;
    char *text;
    size_t bytes;
    struct summaries found;
    struct wick_summary_error error;
    int rc; /* a negative enum wick_error */
};

/* What is read together: file by file, by whoever is free. */
struct summary_files {
    struct summary_file files[TOOL_THREADS_MAX];
    uint32_t count;
    atomic_uint next;
};

static void read_summaries(struct summary_file *r)
{
    const char *at = r->text;
    for (r->rc = 1; r->rc > 0;) {
        struct wick_summary *summary = wick_summary_create(&wk_heap_allocator, NULL);
        r->rc = summary ? wick_summary_read(summary, &at, r->text + r->bytes, &r->error) : WICK_E_NOMEM;
        if (r->rc <= 0) {
            wick_summary_destroy(summary);
        } else if (!keep(&r->found, summary)) {
            r->rc = WICK_E_NOMEM;
        }
    }
}

static void *read_next(void *argument)
{
    struct summary_files *all = argument;
    for (uint32_t i; (i = atomic_fetch_add(&all->next, 1)) < all->count;) {
        read_summaries(&all->files[i]);
    }
    return NULL;
}

/* Move to `summaries` what one file has, unless there was an error before: then let go of it. */
static int take(struct summaries *summaries, const struct settings *settings, struct summary_file *r, int rc)
{
    if (rc == EXIT_FINE && r->rc == WICK_E_PROTO) {
        tool_error(settings, "%s:%" PRIu64 ": %s; write it again with `wick summarize`", r->path, r->error.line + 1, r->error.what);
        rc = EXIT_USAGE;
    }
    bool kept = r->rc >= 0;
    for (uint32_t i = 0; i < r->found.count && rc == EXIT_FINE && kept; i++) {
        kept = keep(summaries, r->found.items[i]);
        r->found.items[i] = NULL;
    }
    summaries_free(&r->found);
    free(r->text);
    return rc == EXIT_FINE && !kept ? no_memory(settings) : rc;
}

/* Read what has been gathered, and begin anew. */
static int read_gathered(struct summaries *summaries, const struct settings *settings, struct summary_files *all, int rc)
{
    if (rc == EXIT_FINE) {
        atomic_store(&all->next, 0);
        tool_work(all->count, read_next, all);
    }
    for (uint32_t i = 0; i < all->count; i++) {
        rc = take(summaries, settings, &all->files[i], rc);
    }
    all->count = 0;
    return rc;
}

/* ---- logs ---- */

struct summing {
    struct load load;
    struct wick_summary *summary;
    uint64_t lost, started, ended, problems;
    bool begun;
};

/* What recording costs must be known before there is a time to take it off. */
static void take_probe(struct summing *s)
{
    struct wick_property property;
    for (uint32_t i = 0; wick_reader_property(s->load.reader, i, &property); i++) {
        if (!property.stat && strcmp(property.key, "probe_ns") == 0) {
            (void)wick_summary_property(s->summary, property.key, property.value); /* an error stays the summary's */
            return;
        }
    }
}

static int feed(void *user, const struct wick_record *records, size_t count)
{
    struct summing *s = user;
    if (!s->begun) { /* what a log says of its run stands before its records */
        s->begun = true;
        take_probe(s);
    }
    return wick_summary_feed(s->summary, records, count);
}

/* What the log says of its run. */
static int take_properties(struct summing *s)
{
    struct wick_property property;
    struct wick_reader_stats stats;
    int rc = 0;
    for (uint32_t i = 0; rc == 0 && wick_reader_property(s->load.reader, i, &property); i++) {
        if (!property.stat) {
            s->started += strcmp(property.key, "start") == 0;
            rc = wick_summary_property(s->summary, property.key, property.value);
        } else {
            s->ended += strcmp(property.key, "scopes") == 0;
            bool loss = strncmp(property.key, "dropped_", 8) == 0 || strcmp(property.key, "log_lost") == 0;
            s->lost += loss ? strtoull(property.value, NULL, 10) : 0;
        }
    }
    wick_reader_stats_read(s->load.reader, &stats);
    for (int i = 0; i < WICK_PROBLEM_KINDS; i++) {
        s->problems += i == WICK_PROBLEM_WORD ? 0 : stats.problems[i];
    }
    return rc;
}

static int sum_log(struct summaries *summaries, const struct settings *settings, char **paths, int count)
{
    struct summing s = {.summary = NULL};
    const struct wick_record_out out = {feed, &s};
    int rc = load_begin(&s.load, settings, &out);
    s.summary = rc == EXIT_FINE ? wick_summary_create(&wk_heap_allocator, s.load.names) : NULL;
    if (rc == EXIT_FINE && !s.summary) {
        rc = no_memory(settings);
    }
    for (int i = 0; i < count && rc == EXIT_FINE; i++) {
        rc = load_log(&s.load, paths[i]);
        if (rc == EXIT_FINE && take_properties(&s) < 0) {
            rc = no_memory(settings);
        }
    }
    const struct wick_summary_info info = {
        .log = paths[0], .lost = s.lost, .problems = s.problems, .ended = s.started && s.ended >= s.started, .foreign = !s.started,
        .keep_ids = settings->ids && strcmp(settings->ids, "keep") == 0};
    if (rc == EXIT_FINE && wick_summary_settle(s.summary, &info) < 0) {
        rc = no_memory(settings);
    }
    rc = rc == EXIT_FINE ? load_settle(&s.load, paths[0]) : rc;
    load_end(&s.load);
    if (rc != EXIT_FINE) {
        wick_summary_destroy(s.summary);
        return rc;
    }
    return keep(summaries, s.summary) ? EXIT_FINE : no_memory(settings);
}

/* ---- both ---- */

static int by_time(const void *left, const void *right)
{
    struct wick_summary_info x, y;
    wick_summary_info_read(*(struct wick_summary *const *)left, &x);
    wick_summary_info_read(*(struct wick_summary *const *)right, &y);
    return x.first_ns != y.first_ns ? (x.first_ns < y.first_ns ? -1 : 1) : strcmp(x.log, y.log);
}

int summaries_load(struct summaries *summaries, const struct settings *settings, char **paths, int count)
{
    char **logs = calloc((size_t)count + 1, sizeof *logs);
    int log_count = 0, rc = !spool_logs(settings) ? EXIT_USAGE : logs ? EXIT_FINE : no_memory(settings);
    struct summary_files gathered = {.count = 0};
    for (int i = 0; i < count && rc == EXIT_FINE; i++) {
        struct summary_file *r = &gathered.files[gathered.count];
        *r = (struct summary_file){.path = paths[i]};
        r->text = read_file(settings, paths[i], &r->bytes, &rc);
        gathered.count += r->text != NULL;
        if (!r->text && rc == EXIT_FINE) {
            logs[log_count++] = paths[i];
        }
        if (gathered.count == tool_threads()) {
            rc = read_gathered(summaries, settings, &gathered, rc);
        }
    }
    rc = read_gathered(summaries, settings, &gathered, rc);
    struct log_head *heads = rc == EXIT_FINE ? series_sort(settings, logs, log_count) : NULL;
    rc = heads ? rc : EXIT_USAGE;
    for (int i = 0, files; i < log_count && rc == EXIT_FINE; i += files) {
        files = series_length(heads, i, log_count);
        rc = sum_log(summaries, settings, logs + i, files);
    }
    free(heads);
    free(logs);
    if (rc == EXIT_FINE && summaries->count && !(settings->pair && strcmp(settings->pair, "index") == 0)) {
        qsort(summaries->items, summaries->count, sizeof *summaries->items, by_time);
    }
    return rc;
}

uint32_t summaries_leave_out(struct summaries *runs)
{
    uint32_t kept = 0, count = runs->count;
    for (uint32_t i = 0; i < count; i++) {
        struct wick_summary_info info;
        wick_summary_info_read(runs->items[i], &info);
        if (info.ended || info.foreign) {
            runs->items[kept++] = runs->items[i];
        } else {
            tool_note("%s: left out: the log has no end", info.log);
            wick_summary_destroy(runs->items[i]);
        }
    }
    runs->count = kept;
    return count - kept;
}

void summaries_free(struct summaries *summaries)
{
    for (uint32_t i = 0; i < summaries->count; i++) {
        wick_summary_destroy(summaries->items[i]);
    }
    free(summaries->items);
    *summaries = (struct summaries){0};
}
