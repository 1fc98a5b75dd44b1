/*
 * SPDX-License-Identifier: MIT
 * wick slow: the slowest calls, with their paths and the scopes of other threads that ran meanwhile.
 * Must not keep all calls, but a heap of the slowest. Invariant: of two equally slow calls the earlier one comes first,
 * so that the list is the same in each run.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/host.h"
#include "base/safe_text.h"
#include "base/words.h"
#include "cmd/cmd.h"
#include "input/load.h"
#include "input/spool.h"
#include "print/table.h"
#include "select/named.h"
#include "select/select.h"

#define MEANWHILE 4 /* scopes of other threads that are shown per call */

struct meanwhile {
    uint32_t track, node;
    int64_t ns;
};

struct slow_call {
    int64_t start_ns, end_ns;
    uint32_t track, node;
    uint8_t failed, unfinished;
    char text[200];
    struct meanwhile *others;
    uint32_t other_count;
};

struct slow {
    struct load *load;
    const struct settings *settings;
    struct slow_call *heap; /* the fastest of the slowest first */
    uint32_t count, limit;
    bool second; /* the second pass over the logs, which looks at other threads */
    int64_t *since_ns; /* per track: since when its innermost scope has been the same */
    uint32_t track_count;
};

static int64_t length_of(const struct slow_call *i)
{
    return i->end_ns - i->start_ns;
}

static bool is_slower(const struct slow_call *x, const struct slow_call *y)
{
    return length_of(x) != length_of(y) ? length_of(x) > length_of(y) : x->start_ns < y->start_ns;
}

static void swap(struct slow_call *x, struct slow_call *y)
{
    struct slow_call kept = *x;
    *x = *y;
    *y = kept;
}

static void heap_down(struct slow *s)
{
    for (uint32_t at = 0, child; (child = 2 * at + 1) < s->count; at = child) {
        if (child + 1 < s->count && is_slower(&s->heap[child], &s->heap[child + 1])) {
            child++;
        }
        if (!is_slower(&s->heap[at], &s->heap[child])) {
            return;
        }
        swap(&s->heap[at], &s->heap[child]);
    }
}

static void heap_add(struct slow *s, const struct slow_call *call)
{
    if (s->count < s->limit) {
        uint32_t at = s->count++;
        s->heap[at] = *call;
        for (uint32_t up; at && is_slower(&s->heap[up = (at - 1) / 2], &s->heap[at]); at = up) {
            swap(&s->heap[up], &s->heap[at]);
        }
    } else if (s->limit && is_slower(call, &s->heap[0])) {
        s->heap[0] = *call;
        heap_down(s);
    }
}

static void consider(struct slow *s, const struct wick_record *r)
{
    uint32_t depth = wick_tree_depth(s->load->tree, r->track);
    struct slow_call call = {.end_ns = r->time_ns, .track = r->track,
                             .failed = r->kind == WICK_RECORD_ENDER && !r->unfinished, .unfinished = r->unfinished};
    if (!depth || !wick_tree_open_scope(s->load->tree, r->track, depth - 1, &call.node, &call.start_ns)) {
        return;
    }
    if (s->count == s->limit && s->limit && !is_slower(&call, &s->heap[0])) {
        return;
    }
    if (select_node(s->load, call.node)) {
        const char *text;
        uint32_t bytes = wick_tree_open_text(s->load->tree, r->track, depth - 1, &text);
        snprintf(call.text, sizeof call.text, "%.*s", (int)bytes, bytes ? text : "");
        heap_add(s, &call);
    }
}

/* Add to the time that a node of another track ran during a slow call. */
static void add_meanwhile(struct slow_call *slow, uint32_t track, uint32_t node, int64_t ns)
{
    uint32_t k = 0;
    while (k < slow->other_count && (slow->others[k].track != track || slow->others[k].node != node)) {
        k++;
    }
    if (k == slow->other_count) {
        struct meanwhile *others = k < 4096 ? realloc(slow->others, (k + 1) * sizeof *others) : NULL;
        if (!others) {
            return;
        }
        slow->others = others;
        slow->others[slow->other_count++] = (struct meanwhile){track, node, 0};
    }
    slow->others[k].ns += ns;
}

/* The innermost scope of this track ran from `from_ns` to `to_ns`: add that to the slow calls of other tracks. */
static void share(struct slow *s, uint32_t track, int64_t from_ns, int64_t to_ns)
{
    uint32_t depth = wick_tree_depth(s->load->tree, track), node;
    int64_t start_ns;
    if (!depth || !wick_tree_open_scope(s->load->tree, track, depth - 1, &node, &start_ns)) {
        return;
    }
    for (uint32_t i = 0; i < s->count; i++) {
        struct slow_call *slow = &s->heap[i];
        int64_t low = from_ns > slow->start_ns ? from_ns : slow->start_ns;
        int64_t high = to_ns < slow->end_ns ? to_ns : slow->end_ns;
        if (slow->track != track && high > low) {
            add_meanwhile(slow, track, node, high - low);
        }
    }
}

static int on_records(void *user, const struct wick_record *records, size_t count)
{
    struct slow *s = user;
    int rc = 0;
    for (size_t i = 0; i < count && rc >= 0; i++) {
        const struct wick_record *r = &records[i];
        bool is_end = r->kind == WICK_RECORD_ENDOK || r->kind == WICK_RECORD_ENDER;
        if (s->second && (is_end || r->kind == WICK_RECORD_START)) {
            if (!tool_grow(&s->since_ns, &s->track_count, r->track, sizeof *s->since_ns)) {
                return WICK_E_NOMEM;
            }
            share(s, r->track, s->since_ns[r->track], r->time_ns);
            s->since_ns[r->track] = r->time_ns;
        } else if (is_end) {
            consider(s, r);
        }
        rc = wick_tree_feed(s->load->tree, r, 1);
    }
    return rc;
}

static int by_slowness(const void *x, const void *y)
{
    return is_slower(x, y) ? -1 : is_slower(y, x);
}

static int by_shared(const void *x, const void *y)
{
    const struct meanwhile *a = x, *b = y;
    return a->ns != b->ns ? (a->ns < b->ns ? 1 : -1) : (a->track > b->track) - (a->track < b->track);
}

static const struct column slow_columns[] = {
    {"start_s", "start", COLUMN_TIME}, {"duration_ns", "took", COLUMN_NS}, {"thread", "thread", COLUMN_TEXT},
    {"status", "status", COLUMN_TEXT}, {"text", "text", COLUMN_TEXT},      {"path", "path", COLUMN_TEXT}};

static int print_table(const struct slow *s, int64_t first_ns)
{
    static char path[4096];
    struct table *table = table_create(s->settings, slow_columns, 6);
    for (uint32_t i = 0; i < s->count; i++) {
        const struct slow_call *call = &s->heap[i];
        table_ns(table, call->start_ns - first_ns);
        table_ns(table, length_of(call));
        table_text(table, wick_names_track_name(s->load->names, call->track));
        table_text(table, call->failed ? "failed" : call->unfinished ? "unfinished" : "ok");
        table_text(table, call->text);
        table_text(table, name_path(s->load, call->node, path, sizeof path));
    }
    return table_print(table, NULL, 0);
}

static void print_call(const struct slow *s, struct slow_call *call, uint32_t number, int64_t first_ns)
{
    static char path[4096];
    struct wick_node_info info;
    wick_tree_node(s->load->tree, call->node, &info);
    const char *name = call->text[0] ? call->text : wick_names_site_name(s->load->names, info.site);
    safe_print(stdout, "%2" PRIu32 ". %-9s %s%s\n", number, tool_ns_text(length_of(call)), name,
           call->failed ? "  FAILED" : call->unfinished ? "  UNFINISHED" : "");
    safe_print(stdout, "    at %.6f s in %s: %s\n", (double)(call->start_ns - first_ns) / 1e9,
           wick_names_track_name(s->load->names, call->track),
           name_path(s->load, call->node, path, sizeof path));
    if (call->other_count) {
        qsort(call->others, call->other_count, sizeof *call->others, by_shared);
    }
    for (uint32_t i = 0; i < call->other_count && i < MEANWHILE; i++) {
        safe_print(stdout, "    meanwhile %s: %-9s %s\n", wick_names_track_name(s->load->names, call->others[i].track),
               tool_ns_text(call->others[i].ns), name_path(s->load, call->others[i].node, path, sizeof path));
    }
    if (call->other_count > MEANWHILE) {
        printf("    meanwhile ... and %s\n", tool_count(call->other_count - MEANWHILE, "more scope|more scopes"));
    }
}

/* One pass over the logs; the tree of the last one stays in `load`. */
static int pass(struct slow *s, struct load *load)
{
    struct wick_record_out out = {on_records, s};
    s->load = load;
    return load_records(load, s->settings, &out);
}

int cmd_slow(struct settings *settings)
{
    struct slow s = {.settings = settings, .limit = settings->limit ? settings->limit : 10};
    struct load load = {0};
    s.heap = calloc(s.limit, sizeof *s.heap);
    if (!spool_logs(settings)) {
        return EXIT_USAGE;
    }
    int rc = s.heap ? pass(&s, &load) : EXIT_USAGE;
    bool text = tool_format_is(settings, "text");
    if (rc == EXIT_FINE && text) {
        /* Nodes have the same numbers in the second pass: the records are the same. */
        load_end(&load);
        s.second = true;
        rc = pass(&s, &load);
    }
    if (rc == EXIT_FINE) {
        struct wick_tree_stats stats;
        wick_tree_stats_read(load.tree, &stats);
        qsort(s.heap, s.count, sizeof *s.heap, by_slowness);
        for (uint32_t i = 0; text && i < s.count; i++) {
            print_call(&s, &s.heap[i], i + 1, stats.first_ns);
        }
        if (!text) {
            rc = print_table(&s, stats.first_ns);
        }
    }
    load_end(&load);
    for (uint32_t i = 0; i < s.count; i++) {
        free(s.heap[i].others);
    }
    free(s.heap);
    free(s.since_ns);
    return rc;
}
