/*
 * SPDX-License-Identifier: MIT
 * wick slow: the slowest instances, with their ancestors and what the other threads did meanwhile.
 * Must not keep all instances: a heap of N. Invariant: ties are broken by time, so that the list is stable.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

#define MEANWHILE 4 /* scopes of other threads that are shown per instance */

struct meanwhile {
    uint32_t track, node;
    int64_t ns;
};

struct instance {
    int64_t start_ns, end_ns;
    uint32_t track, node;
    uint8_t failed, unfinished;
    char text[200];
    struct meanwhile *others;
    uint32_t other_count;
};

struct track_now {
    int64_t since_ns;
    char *text; /* of the innermost format scopes: not kept per level, the last START's */
};

struct slow {
    struct load *load;
    const struct settings *settings;
    struct instance *heap; /* the fastest of the slowest first */
    uint32_t count, limit;
    bool second; /* pass */
    struct track_now *tracks;
    uint32_t track_count;
};

static int64_t length_of(const struct instance *i)
{
    return i->end_ns - i->start_ns;
}

static bool is_slower(const struct instance *x, const struct instance *y)
{
    return length_of(x) != length_of(y) ? length_of(x) > length_of(y) : x->start_ns < y->start_ns;
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
        struct instance swap = s->heap[at];
        s->heap[at] = s->heap[child];
        s->heap[child] = swap;
    }
}

static void heap_add(struct slow *s, const struct instance *instance)
{
    if (s->count < s->limit) {
        uint32_t at = s->count++;
        s->heap[at] = *instance;
        while (at && is_slower(&s->heap[(at - 1) / 2], &s->heap[at])) {
            struct instance swap = s->heap[at];
            s->heap[at] = s->heap[(at - 1) / 2];
            s->heap[(at - 1) / 2] = swap;
            at = (at - 1) / 2;
        }
    } else if (s->limit && is_slower(instance, &s->heap[0])) {
        s->heap[0] = *instance;
        heap_down(s);
    }
}

static bool wanted(const struct slow *s, uint32_t node)
{
    static char path[4096];
    return !s->settings->path || select_path(s->settings->path, name_path(s->load, node, path, sizeof path));
}

static void consider(struct slow *s, const struct wick_record *r)
{
    uint32_t depth = wick_tree_depth(s->load->tree, r->track), node;
    struct instance instance = {.end_ns = r->time_ns, .track = r->track,
                                .failed = r->kind == WICK_RECORD_ENDER && !r->unfinished,
                                .unfinished = r->unfinished};
    if (!depth || !wick_tree_open_scope(s->load->tree, r->track, depth - 1, &node, &instance.start_ns)) {
        return;
    }
    instance.node = node;
    if (s->count == s->limit && s->limit && !is_slower(&instance, &s->heap[0])) {
        return;
    }
    if (wanted(s, node)) {
        const char *text;
        uint32_t bytes = wick_tree_open_text(s->load->tree, r->track, depth - 1, &text);
        snprintf(instance.text, sizeof instance.text, "%.*s", (int)bytes, bytes ? text : "");
        heap_add(s, &instance);
    }
}

static struct track_now *track_now(struct slow *s, uint32_t track)
{
    return tool_grow(&s->tracks, &s->track_count, track, sizeof *s->tracks) ? &s->tracks[track] : NULL;
}

/* The innermost scope of another track ran from `from` to `to`: whose slow moments did it share? */
static void share(struct slow *s, uint32_t track, int64_t from_ns, int64_t to_ns)
{
    uint32_t depth = wick_tree_depth(s->load->tree, track), node;
    int64_t start_ns;
    if (!depth || !wick_tree_open_scope(s->load->tree, track, depth - 1, &node, &start_ns)) {
        return;
    }
    for (uint32_t i = 0; i < s->count; i++) {
        struct instance *slow = &s->heap[i];
        int64_t low = from_ns > slow->start_ns ? from_ns : slow->start_ns;
        int64_t high = to_ns < slow->end_ns ? to_ns : slow->end_ns;
        if (slow->track == track || high <= low) {
            continue;
        }
        uint32_t k = 0;
        while (k < slow->other_count && (slow->others[k].track != track || slow->others[k].node != node)) {
            k++;
        }
        if (k == slow->other_count) {
            if (k == 4096) {
                continue;
            }
            struct meanwhile *others = realloc(slow->others, (k + 1) * sizeof *others);
            if (!others) {
                continue;
            }
            slow->others = others;
            slow->others[slow->other_count++] = (struct meanwhile){track, node, 0};
        }
        slow->others[k].ns += high - low;
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
            struct track_now *now = track_now(s, r->track);
            if (!now) {
                return WICK_E_NOMEM;
            }
            share(s, r->track, now->since_ns, r->time_ns);
            now->since_ns = r->time_ns;
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
        const struct instance *in = &s->heap[i];
        table_ns(table, in->start_ns - first_ns);
        table_ns(table, length_of(in));
        table_text(table, name_of_track(s->load, in->track));
        table_text(table, in->failed ? "failed" : in->unfinished ? "unfinished" : "ok");
        table_text(table, in->text);
        table_text(table, name_path(s->load, in->node, path, sizeof path));
    }
    return table_print(table, NULL, 0);
}

static void print_instance(const struct slow *s, struct instance *in, uint32_t number, int64_t first_ns)
{
    static char path[4096];
    struct wick_node_info info;
    wick_tree_node(s->load->tree, in->node, &info);
    const char *name = in->text[0] ? in->text : name_of_site(s->load, info.site);
    printf("%2" PRIu32 ". %-9s %s%s\n", number, name_duration(length_of(in)), name,
           in->failed ? "  FAILED" : in->unfinished ? "  UNFINISHED" : "");
    printf("    at %.6f s in %s: %s\n", (double)(in->start_ns - first_ns) / 1e9, name_of_track(s->load, in->track),
           name_path(s->load, in->node, path, sizeof path));
    if (in->other_count) {
        qsort(in->others, in->other_count, sizeof *in->others, by_shared);
    }
    for (uint32_t i = 0; i < in->other_count && i < MEANWHILE; i++) {
        printf("    meanwhile %s: %-9s %s\n", name_of_track(s->load, in->others[i].track),
               name_duration(in->others[i].ns), name_path(s->load, in->others[i].node, path, sizeof path));
    }
    if (in->other_count > MEANWHILE) {
        printf("    meanwhile ... and %" PRIu32 " more scopes\n", in->other_count - MEANWHILE);
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
    for (int i = 0; i < settings->argument_count; i++) {
        const char *path = load_spool(settings, settings->arguments[i]);
        if (!path) {
            return EXIT_USAGE;
        }
        settings->arguments[i] = (char *)(uintptr_t)path;
    }
    int rc = s.heap ? pass(&s, &load) : EXIT_USAGE;
    bool text = !settings->format || strcmp(settings->format, "text") == 0;
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
            print_instance(&s, &s.heap[i], i + 1, stats.first_ns);
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
    free(s.tracks);
    return rc;
}
