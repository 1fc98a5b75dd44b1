/*
 * SPDX-License-Identifier: MIT
 * wick timeline: what each thread did when, as lanes of text; one line per depth.
 * Must not keep instances: each cell knows the scope that filled most of it. Invariant: a lane is as wide as
 * asked, and an error is never painted over by a success of the same cell.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

struct cell {
    int64_t best_ns; /* of one instance */
    uint32_t node, number; /* of the instance: neighbours of the same number are one run */
    uint8_t failed;
};

struct lane {
    struct cell *cells; /* depth x width */
};

struct timeline {
    struct load load;
    const struct settings *settings;
    int64_t from_ns, to_ns;
    uint32_t width, depth;
    struct lane *lanes;
    uint32_t lane_count;
    uint32_t number;
};

static struct cell *cells_of(struct timeline *t, uint32_t track)
{
    if (track >= t->lane_count) {
        uint32_t count = t->lane_count ? t->lane_count : 16;
        while (count <= track) {
            count *= 2;
        }
        struct lane *lanes = realloc(t->lanes, count * sizeof *lanes);
        if (!lanes) {
            return NULL;
        }
        memset(lanes + t->lane_count, 0, (count - t->lane_count) * sizeof *lanes);
        t->lanes = lanes;
        t->lane_count = count;
    }
    if (!t->lanes[track].cells) {
        t->lanes[track].cells = calloc((size_t)t->width * t->depth, sizeof(struct cell));
    }
    return t->lanes[track].cells;
}

struct stroke {
    uint32_t track, level, node;
    int64_t start_ns, end_ns;
    bool failed;
};

static bool wanted(const struct timeline *t, uint32_t node)
{
    static char path[4096];
    return !t->settings->path || select_path(t->settings->path, name_path(&t->load, node, path, sizeof path));
}

static void paint(struct timeline *t, const struct stroke *stroke)
{
    if (!wanted(t, stroke->node)) {
        return;
    }
    struct cell *cells = cells_of(t, stroke->track);
    int64_t start_ns = stroke->start_ns, end_ns = stroke->end_ns;
    double span = (double)(t->to_ns - t->from_ns) / t->width;
    if (!cells || span <= 0 || end_ns < t->from_ns || start_ns > t->to_ns) {
        return;
    }
    t->number++;
    start_ns = start_ns < t->from_ns ? t->from_ns : start_ns;
    end_ns = end_ns > t->to_ns ? t->to_ns : end_ns;
    uint32_t first = (uint32_t)((double)(start_ns - t->from_ns) / span);
    uint32_t last = (uint32_t)((double)(end_ns - t->from_ns) / span);
    for (uint32_t i = first; i <= last && i < t->width; i++) {
        int64_t low = t->from_ns + (int64_t)(i * span), high = t->from_ns + (int64_t)((i + 1) * span);
        int64_t in = (end_ns < high ? end_ns : high) - (start_ns > low ? start_ns : low);
        struct cell *cell = &cells[(size_t)stroke->level * t->width + i];
        if (in >= cell->best_ns) {
            *cell = (struct cell){in < 1 ? 1 : in, stroke->node, t->number, cell->failed};
        }
        cell->failed |= stroke->failed;
    }
}

static int on_records(void *user, const struct wick_record *records, size_t count)
{
    struct timeline *t = user;
    int rc = 0;
    for (size_t i = 0; i < count && rc >= 0; i++) {
        const struct wick_record *r = &records[i];
        uint32_t depth = wick_tree_depth(t->load.tree, r->track), node;
        int64_t start_ns;
        bool is_end = r->kind == WICK_RECORD_ENDOK || r->kind == WICK_RECORD_ENDER;
        if (is_end && depth && depth <= t->depth &&
            wick_tree_open_scope(t->load.tree, r->track, depth - 1, &node, &start_ns)) {
            paint(t, &(struct stroke){.track = r->track, .level = depth - 1, .node = node, .start_ns = start_ns,
                                      .end_ns = r->time_ns,
                                      .failed = r->kind == WICK_RECORD_ENDER && !r->unfinished});
        }
        rc = wick_tree_feed(t->load.tree, r, 1);
    }
    return rc;
}

static void print_run(const struct timeline *t, const struct cell *cells, uint32_t from, uint32_t to, bool colours)
{
    struct wick_node_info info;
    wick_tree_node(t->load.tree, cells[from].node, &info);
    const char *name = name_of_site(&t->load, info.site);
    bool failed = false;
    for (uint32_t i = from; i < to; i++) {
        failed |= cells[i].failed;
    }
    printf("%s", colours && failed ? "\033[31m" : "");
    putchar(failed && !colours ? '!' : '|');
    for (uint32_t i = from + 1; i < to; i++) {
        if (((unsigned char)*name & 0xc0) == 0x80 || (unsigned char)*name < 0x20) {
            name += *name != 0;
            putchar(*name ? '?' : '-');
        } else {
            putchar((unsigned char)*name < 0x7f ? *name : '?');
            name += 1;
        }
        if (!*name) {
            name = "----------------------------------------------------------------";
        }
    }
    printf("%s", colours && failed ? "\033[0m" : "");
}

static void print_lane(const struct timeline *t, uint32_t track, bool colours)
{
    const struct cell *cells = t->lanes[track].cells;
    for (uint32_t level = 0; level < t->depth; level++) {
        const struct cell *row = cells + (size_t)level * t->width;
        uint32_t used = t->width;
        while (used && !row[used - 1].best_ns) {
            used--;
        }
        if (!used) {
            break;
        }
        printf("%-16.16s ", level ? "" : name_of_track(&t->load, track));
        for (uint32_t i = 0, end; i < used; i = end) {
            end = i + 1;
            if (!row[i].best_ns) {
                putchar(' ');
                continue;
            }
            while (end < used && row[end].best_ns && row[end].number == row[i].number) {
                end++;
            }
            print_run(t, row, i, end, colours);
        }
        printf("\n");
    }
}

static void print_axis(const struct timeline *t, int64_t first_ns)
{
    printf("%-16s %-*s%s\n", "", (int)t->width - 12, name_duration(t->from_ns - first_ns),
           name_duration(t->to_ns - first_ns));
}

int cmd_timeline(struct settings *settings)
{
    struct timeline t = {.settings = settings};
    struct wick_tree_stats stats;
    uint32_t columns = settings->width ? settings->width : tool_columns(stdout);
    t.width = columns > 40 ? columns - 17 : 24;
    t.depth = settings->depth ? settings->depth : 4;
    for (int i = 0; i < settings->argument_count; i++) {
        const char *path = load_spool(settings, settings->arguments[i]);
        if (!path) {
            return EXIT_USAGE;
        }
        settings->arguments[i] = (char *)(uintptr_t)path;
    }
    int rc = load_all(&t.load, settings);
    if (rc == EXIT_FINE) {
        wick_tree_stats_read(t.load.tree, &stats);
        t.from_ns = stats.first_ns;
        t.to_ns = stats.last_ns > stats.first_ns ? stats.last_ns : stats.first_ns + 1;
        load_end(&t.load);
        struct wick_record_out out = {on_records, &t};
        rc = load_records(&t.load, settings, &out);
    }
    if (rc == EXIT_FINE) {
        uint32_t limit = settings->all ? UINT32_MAX : settings->limit ? settings->limit : 20, shown = 0, left = 0;
        for (uint32_t track = 0; track < stats.tracks; track++) {
            uint32_t node;
            int64_t start_ns;
            for (uint32_t level = 0; level < t.depth &&
                                     wick_tree_open_scope(t.load.tree, track, level, &node, &start_ns); level++) {
                paint(&t, &(struct stroke){track, level, node, start_ns, t.to_ns, false});
            }
        }
        print_axis(&t, stats.first_ns);
        for (uint32_t track = 0; track < t.lane_count; track++) {
            if (t.lanes[track].cells && shown++ < limit) {
                print_lane(&t, track, tool_colours(settings, stdout));
            } else if (t.lanes[track].cells) {
                left++;
            }
        }
        if (left) {
            printf("... and %s more threads (--all)\n", name_number(left));
        }
    }
    load_end(&t.load);
    for (uint32_t i = 0; i < t.lane_count; i++) {
        free(t.lanes[i].cells);
    }
    free(t.lanes);
    return rc;
}
