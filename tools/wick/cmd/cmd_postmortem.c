/*
 * SPDX-License-Identifier: MIT
 * wick postmortem: what was open in each thread when the log ended, and the last events before that.
 * Must not keep more than the last events of each thread. Invariant: exit code 1 when a scope was open.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

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

static int on_records(void *user, const struct wick_record *records, size_t count)
{
    struct postmortem *p = user;
    for (size_t i = 0; i < count; i++) {
        const struct wick_record *r = &records[i];
        bool shown = r->kind <= WICK_RECORD_LOCKR;
        struct last_events *events = shown ? events_of(p, r->track) : NULL;
        if (shown && !events) {
            return WICK_E_NOMEM;
        }
        if (!shown) {
            int rc = wick_tree_feed(p->load.tree, r, 1);
            if (rc < 0) {
                return rc;
            }
            continue;
        }
        struct last_event *e = &events->items[events->count++ % LAST];
        e->time_ns = r->time_ns;
        e->site = r->site;
        e->kind = r->kind;
        e->unfinished = r->unfinished;
        if (r->kind == WICK_RECORD_ENDOK || r->kind == WICK_RECORD_ENDER) {
            /* The log's END may name anything: what ends is the innermost open scope. */
            struct wick_node_info info;
            uint32_t node, depth = wick_tree_depth(p->load.tree, r->track);
            int64_t start_ns;
            /* Earlier records of this batch are in the tree already. */
            if (depth && wick_tree_open_scope(p->load.tree, r->track, depth - 1, &node, &start_ns)) {
                wick_tree_node(p->load.tree, node, &info);
                e->site = info.site;
            }
        }
        uint32_t bytes = r->text_bytes < sizeof e->text - 1 ? r->text_bytes : (uint32_t)sizeof e->text - 1;
        memcpy(e->text, r->text ? r->text : "", r->text ? bytes : 0);
        e->text[r->text ? bytes : 0] = 0;
        int rc = wick_tree_feed(p->load.tree, r, 1);
        if (rc < 0) {
            return rc;
        }
    }
    return 0;
}

static const char *kind_text(const struct last_event *e)
{
    static const char *const texts[] = {"start", "end", "failed", "mark", "clear", "waits", "got", "released"};
    return e->unfinished ? "unfinished" : texts[e->kind];
}

static void print_safe(const char *text)
{
    for (; *text; text++) {
        putchar((unsigned char)*text < 0x20 || *text == 0x7f ? ' ' : *text);
    }
}

static bool print_track(const struct postmortem *p, uint32_t track, int64_t first_ns, int64_t last_ns)
{
    const struct load *load = &p->load;
    uint32_t depth = wick_tree_depth(load->tree, track);
    const struct wick_track_info *info = wick_names_track(load->names, track);
    printf("%s of %s:%" PRIu32 "%s\n", name_of_track(load, track), info->node, info->pid,
           depth ? "" : "  (nothing open)");
    for (uint32_t level = 0; level < depth; level++) {
        struct wick_node_info node_info;
        const char *text;
        uint32_t node;
        int64_t start_ns;
        if (depth > 60 && level == 30) {
            printf("  ... %" PRIu32 " levels ...\n", depth - 60);
            level = depth - 30;
        }
        wick_tree_open_scope(load->tree, track, level, &node, &start_ns);
        wick_tree_node(load->tree, node, &node_info);
        uint32_t bytes = wick_tree_open_text(load->tree, track, level, &text);
        printf("%*s", 2 + 2 * (int)(level > 30 ? 30 : level), "");
        if (bytes) {
            printf("%.*s", (int)bytes, text);
        } else {
            print_safe(name_of_site(load, node_info.site));
        }
        printf("  open for %s, since %.6f s\n", name_duration(last_ns - start_ns), (double)(start_ns - first_ns) / 1e9);
    }
    const struct last_events *events = track < p->track_count ? p->tracks[track] : NULL;
    for (uint64_t i = events && events->count > LAST ? events->count - LAST : 0; events && i < events->count; i++) {
        const struct last_event *e = &events->items[i % LAST];
        printf("  %14.6f s  %-10s ", (double)(e->time_ns - first_ns) / 1e9, kind_text(e));
        if (e->kind != WICK_RECORD_MARK) {
            print_safe(e->site == WICK_NONE ? "" : name_of_site(load, e->site));
            printf("%s", e->text[0] ? "  " : "");
        }
        print_safe(e->text);
        printf("\n");
    }
    return depth > 0;
}

int cmd_postmortem(struct settings *settings)
{
    struct postmortem p = {0};
    struct wick_record_out out = {on_records, &p};
    int rc = load_records(&p.load, settings, &out);
    if (rc == EXIT_FINE) {
        struct wick_tree_stats stats;
        wick_tree_stats_read(p.load.tree, &stats);
        printf("%s scopes were open when the log ended, %s after it began; %s had ended, %s unfinished, %s failed\n\n",
               name_number(stats.open), name_duration(stats.last_ns - stats.first_ns), name_number(stats.scopes),
               name_number(stats.unfinished), name_number(stats.failed));
        uint32_t limit = settings->all ? UINT32_MAX : settings->limit ? settings->limit : 20, shown = 0, left = 0;
        /* Threads with open scopes first: they are what one looks for. */
        for (int open = 1; open >= 0; open--) {
            for (uint32_t i = 0; i < stats.tracks; i++) {
                bool has = i < p.track_count && p.tracks[i];
                if (!has || (wick_tree_depth(p.load.tree, i) > 0) != open || !select_open(&p.load, i)) {
                    continue;
                }
                if (shown == limit) {
                    left++;
                    continue;
                }
                print_track(&p, i, stats.first_ns, stats.last_ns);
                shown++;
            }
        }
        if (left) {
            printf("... and %s more threads (--all)\n", name_number(left));
        }
        rc = stats.open ? EXIT_FOUND : EXIT_FINE;
    }
    load_end(&p.load);
    for (uint32_t i = 0; i < p.track_count; i++) {
        free(p.tracks[i]);
    }
    free(p.tracks);
    return rc;
}
