/*
 * SPDX-License-Identifier: MIT
 * wick postmortem: the scopes that were open in each thread when the log ended, and the last events before that.
 * Must not keep more than the last events of each thread. Invariant: the exit code is 1 when a scope was open.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/host.h"
#include "base/safe_text.h"
#include "base/words.h"
#include "cmd/cmd.h"
#include "input/load.h"
#include "select/named.h"
#include "select/select.h"

#define LAST 5

struct last_event {
    int64_t time_ns;
    uint32_t site;
    uint8_t kind, unfinished;
    char text[80];
};

struct last_events {
    struct last_event items[LAST];
    uint64_t count;
};

struct postmortem {
    struct load load;
    struct last_events **tracks;
    uint32_t track_count;
};

static struct last_events *events_of(struct postmortem *p, uint32_t track)
{
    if (!tool_grow(&p->tracks, &p->track_count, track, sizeof *p->tracks)) {
        return NULL;
    }
    if (!p->tracks[track]) {
        p->tracks[track] = calloc(1, sizeof **p->tracks);
    }
    return p->tracks[track];
}

/* The site of the scope that an END ends: the innermost open one, although the END may name any. */
static uint32_t ended_site(const struct load *load, const struct wick_record *end)
{
    uint32_t node, depth = wick_tree_depth(load->tree, end->track);
    int64_t start_ns;
    if (!depth || !wick_tree_open_scope(load->tree, end->track, depth - 1, &node, &start_ns)) {
        return end->site;
    }
    struct wick_node_info info;
    wick_tree_node(load->tree, node, &info);
    return info.site;
}

static bool remember(struct postmortem *p, const struct wick_record *r)
{
    struct last_events *events = events_of(p, r->track);
    if (!events) {
        return false;
    }
    bool is_end = r->kind == WICK_RECORD_ENDOK || r->kind == WICK_RECORD_ENDER;
    struct last_event *e = &events->items[events->count++ % LAST];
    *e = (struct last_event){.time_ns = r->time_ns, .site = is_end ? ended_site(&p->load, r) : r->site, .kind = r->kind,
                             .unfinished = r->unfinished};
    if (r->text) {
        memcpy(e->text, r->text, r->text_bytes < sizeof e->text - 1 ? r->text_bytes : sizeof e->text - 1);
    }
    return true;
}

/* One record at a time, so that earlier records of a batch are in the tree. */
static int on_records(void *user, const struct wick_record *records, size_t count)
{
    struct postmortem *p = user;
    int rc = 0;
    for (size_t i = 0; i < count && rc >= 0; i++) {
        bool shown = records[i].kind <= WICK_RECORD_LOCKR;
        rc = shown && !remember(p, &records[i]) ? WICK_E_NOMEM : wick_tree_feed(p->load.tree, &records[i], 1);
    }
    return rc;
}

static const char *kind_text(const struct last_event *e)
{
    static const char *const texts[] = {"start", "end", "failed", "mark", "clear", "waits", "got", "released"};
    return e->unfinished ? "unfinished" : texts[e->kind];
}

/* The open scopes from the outside in; of a deep recursion the outermost and the innermost ones. */
static void print_open(const struct load *load, uint32_t track, const struct wick_tree_stats *stats)
{
    uint32_t depth = wick_tree_depth(load->tree, track);
    for (uint32_t level = 0; level < depth; level++) {
        if (depth > 60 && level == 30) {
            printf("  ... %" PRIu32 " levels ...\n", depth - 60);
            level = depth - 30;
        }
        uint32_t node;
        int64_t start_ns;
        wick_tree_open_scope(load->tree, track, level, &node, &start_ns);
        struct wick_node_info info;
        wick_tree_node(load->tree, node, &info);
        const char *text;
        uint32_t bytes = wick_tree_open_text(load->tree, track, level, &text);
        printf("%*s", 2 + 2 * (int)(level > 30 ? 30 : level), "");
        if (bytes) {
            safe_print(stdout, "%.*s", (int)bytes, text);
        } else {
            safe_print(stdout, "%s", wick_names_site_name(load->names, info.site));
        }
        printf("  open for %s, since %.6f s\n", tool_ns_text(stats->last_ns - start_ns),
               (double)(start_ns - load_start_ns(load)) / 1e9);
    }
}

static void print_last(const struct load *load, const struct last_events *events, int64_t first_ns)
{
    for (uint64_t i = events->count > LAST ? events->count - LAST : 0; i < events->count; i++) {
        const struct last_event *e = &events->items[i % LAST];
        printf("  %14.6f s  %-10s ", (double)(e->time_ns - first_ns) / 1e9, kind_text(e));
        if (e->kind != WICK_RECORD_MARK) {
            safe_print(stdout, "%s", e->site == WICK_NONE ? "" : wick_names_site_name(load->names, e->site));
            printf("%s", e->text[0] ? "  " : "");
        }
        safe_print(stdout, "%s", e->text);
        printf("\n");
    }
}

static void print_track(const struct postmortem *p, uint32_t track, const struct wick_tree_stats *stats)
{
    const struct wick_process_info *process = wick_names_track_process(p->load.names, track);
    safe_print(stdout, "%s of %s:%s%s\n", wick_names_track_name(p->load.names, track), process->host, process->pid,
           wick_tree_depth(p->load.tree, track) ? "" : "  (nothing open)");
    print_open(&p->load, track, stats);
    print_last(&p->load, p->tracks[track], load_start_ns(&p->load));
}

/* Threads with open scopes come first. */
static void print_tracks(const struct postmortem *p, const struct wick_tree_stats *stats, uint32_t limit)
{
    uint32_t shown = 0, left = 0;
    for (int open = 1; open >= 0; open--) {
        for (uint32_t i = 0; i < stats->tracks && i < p->track_count; i++) {
            if (!p->tracks[i] || (wick_tree_depth(p->load.tree, i) > 0) != open || !select_open(&p->load, i)) {
                continue;
            }
            if (shown < limit) {
                print_track(p, i, stats);
                shown++;
            } else {
                left++;
            }
        }
    }
    if (left) {
        printf("... and %s (--all)\n", tool_count(left, "more thread|more threads"));
    }
}

int cmd_postmortem(struct settings *settings)
{
    struct postmortem p = {0};
    struct wick_record_out out = {on_records, &p};
    int rc = load_records(&p.load, settings, &out);
    if (rc == EXIT_FINE) {
        struct wick_tree_stats stats;
        wick_tree_stats_read(p.load.tree, &stats);
        printf("%s open when the log ended, %s after it began; %s had ended, %s unfinished, %s failed\n\n",
               tool_count(stats.open, "scope was|scopes were"), tool_ns_text(load_span_ns(&stats)),
               tool_number_text(stats.scopes), tool_number_text(stats.unfinished), tool_number_text(stats.failed));
        print_tracks(&p, &stats, settings->all ? UINT32_MAX : settings->limit ? settings->limit : 20);
        rc = stats.open ? EXIT_FOUND : EXIT_FINE;
    }
    load_end(&p.load);
    for (uint32_t i = 0; i < p.track_count; i++) {
        free(p.tracks[i]);
    }
    free(p.tracks);
    return rc;
}
