/*
 * SPDX-License-Identifier: MIT
 * wick timeline: shows what each thread did when, as lines of text, one per depth.
 * Must not keep calls: a cell knows the call that filled most of it. Invariant: a line is as wide as was asked for, and
 * a failure in a cell is never hidden by a success in the same cell.
 */
#include <stdlib.h>
#include <string.h>

#include "base/host.h"
#include "base/messages.h"
#include "base/safe_text.h"
#include "base/words.h"
#include "cmd/cmd.h"
#include "input/load.h"
#include "input/spool.h"
#include "print/cut_names.h"
#include "print/show_left_out.h"
#include "select/named.h"
#include "select/select.h"

enum { NAME_WIDTH = 16 };

struct timeline_cell {
    int64_t best_ns; /* of the call that filled most of it; 0: the cell is empty */
    uint32_t node, number; /* of that call: neighbours with the same number show one call */
    uint8_t failed;
};

struct timeline {
    struct load load;
    const struct settings *settings;
    int64_t from_ns, to_ns;
    uint32_t width, depth;
    struct timeline_cell **tracks; /* depth x width cells each; NULL: nothing is painted */
    uint32_t track_count;
    uint32_t number; /* of calls that were painted */
};

static struct timeline_cell *cells_of(struct timeline *t, uint32_t track)
{
    if (!tool_grow(&t->tracks, &t->track_count, track, sizeof *t->tracks)) {
        return NULL;
    }
    if (!t->tracks[track]) {
        t->tracks[track] = calloc((size_t)t->width * t->depth, sizeof **t->tracks);
    }
    return t->tracks[track];
}

/* A call to paint. */
struct stroke {
    uint32_t track, level, node;
    int64_t start_ns, end_ns;
    bool failed;
};

static void paint(struct timeline *t, const struct stroke *stroke)
{
    if (!select_node(&t->load, stroke->node)) {
        return;
    }
    struct timeline_cell *cells = cells_of(t, stroke->track);
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
        struct timeline_cell *cell = &cells[(size_t)stroke->level * t->width + i];
        if (in >= cell->best_ns) {
            *cell = (struct timeline_cell){in < 1 ? 1 : in, stroke->node, t->number, cell->failed};
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

/* Print the cells of one call: its name, and a red or '!' beginning if it failed. */
static void print_call(const struct timeline *t, const struct timeline_cell *cells, uint32_t from, uint32_t to,
                       bool colours)
{
    struct wick_node_info info;
    wick_tree_node(t->load.tree, cells[from].node, &info);
    const char *name = wick_names_site_name(t->load.names, info.site);
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

static void print_track(const struct timeline *t, uint32_t track, const char *name, bool colours)
{
    for (uint32_t level = 0; level < t->depth; level++) {
        const struct timeline_cell *row = t->tracks[track] + (size_t)level * t->width;
        uint32_t used = t->width;
        while (used && !row[used - 1].best_ns) {
            used--;
        }
        if (!used) {
            break;
        }
        const char *shown = level ? "" : name;
        printf("%s%*s", shown, NAME_WIDTH + 1 - cut_width(shown), "");
        for (uint32_t i = 0, end; i < used; i = end) {
            end = i + 1;
            if (!row[i].best_ns) {
                putchar(' ');
                continue;
            }
            while (end < used && row[end].best_ns && row[end].number == row[i].number) {
                end++;
            }
            print_call(t, row, i, end, colours);
        }
        printf("\n");
    }
}

static void print_axis(const struct timeline *t, int64_t first_ns)
{
    printf("%-*s %-*s%s\n", NAME_WIDTH, "", (int)t->width - 12, tool_ns_text(t->from_ns - first_ns),
           tool_ns_text(t->to_ns - first_ns));
}

/* Paint the scopes that are open at the end of the log. */
static void paint_open(struct timeline *t, uint32_t track)
{
    uint32_t node;
    int64_t start_ns;
    for (uint32_t level = 0;
         level < t->depth && wick_tree_open_scope(t->load.tree, track, level, &node, &start_ns); level++) {
        paint(t, &(struct stroke){track, level, node, start_ns, t->to_ns, false});
    }
}

/* The names of all threads that are shown, one per track; the others are empty. NULL: no memory. */
static char **names_of(const struct timeline *t)
{
    char **names = calloc(t->track_count + 1, sizeof *names), **cuts = NULL;
    bool good = names != NULL;
    for (uint32_t track = 0; track < t->track_count && good; track++) {
        const char *name = load_thread_name(&t->load, track);
        names[track] = t->tracks[track] ? safe_copy(name, strlen(name)) : NULL;
        good = names[track] || !t->tracks[track];
    }
    if (good) {
        cuts = cut_names((const char *const *)names, t->track_count, NAME_WIDTH);
    }
    cut_names_free(names, t->track_count);
    return cuts;
}

static int print_timeline(const struct timeline *t, const struct settings *settings)
{
    uint32_t limit = settings->all ? UINT32_MAX : settings->limit ? settings->limit : 20, count = 0;
    char **names = names_of(t);
    if (!names) {
        tool_error(settings, "out of memory");
        return EXIT_USAGE;
    }
    print_axis(t, load_start_ns(&t->load));
    for (uint32_t track = 0; track < t->track_count; track++) {
        if (t->tracks[track] && count++ < limit) {
            print_track(t, track, names[track], tool_colours(settings, stdout));
        }
    }
    if (count > limit) {
        printf("... and %s (--all)\n", tool_count(count - limit, "more thread|more threads"));
    }
    cut_names_free(names, t->track_count);
    return show_left_out_below(&t->load, settings, EXIT_FINE);
}

/* The first pass over the logs finds out when they begin and end. */
static int measure(struct timeline *t, const struct settings *settings, struct wick_tree_stats *stats)
{
    int rc = load_all(&t->load, settings);
    if (rc == EXIT_FINE) {
        wick_tree_stats_read(t->load.tree, stats);
        bool any = stats->first_ns <= stats->last_ns; /* --thread may leave nothing */
        t->from_ns = any ? stats->first_ns : 0;
        t->to_ns = any && stats->last_ns > t->from_ns ? stats->last_ns : t->from_ns + 1;
    }
    return rc;
}

int cmd_timeline(struct settings *settings)
{
    uint32_t columns = settings->width ? settings->width : tool_columns(stdout);
    struct timeline t = {.width = columns > 40 ? columns - 17 : 24, .depth = settings->depth ? settings->depth : 4};
    struct wick_tree_stats stats;
    if (!spool_logs(settings)) {
        return EXIT_USAGE;
    }
    int rc = measure(&t, settings, &stats);
    if (rc == EXIT_FINE) {
        load_end(&t.load);
        struct wick_record_out out = {on_records, &t};
        rc = load_records(&t.load, settings, &out);
    }
    if (rc == EXIT_FINE) {
        for (uint32_t track = 0; track < stats.tracks; track++) {
            paint_open(&t, track);
        }
        rc = print_timeline(&t, settings);
    }
    load_end(&t.load);
    for (uint32_t i = 0; i < t.track_count; i++) {
        free(t.tracks[i]);
    }
    free(t.tracks);
    return rc;
}
