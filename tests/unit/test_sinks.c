/*
 * SPDX-License-Identifier: MIT
 * The sinks' contract, with sinks of the test's own: empty slots, names of the model, one tree with a list of changed
 * nodes for each sink that asks. Each test is a process of its own, so each has one run.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include <wick/wick.h>

#include "runtime/run_tree.h"
#include "runtime/sink.h"

enum { NODES = 64 };

/* What a sink knows of a node: copied when it was told. */
struct mirror {
    const struct wk_run *run;
    const struct wick_tree *tree;
    struct wick_node_info nodes[NODES];
    uint32_t calls, told;
    bool refuses;
};

static bool with_mirrors, with_names;
static struct mirror mirrors[2] = {{.refuses = false}, {.refuses = true}};
static uint32_t starts, renames, stats_lines, run_lines;
static bool closed[4], names_were_there = true;
static const struct wk_run *the_run;

/* ---- no slots ---- */

static void *open_bare(const struct wk_run *run)
{
    the_run = run;
    return &closed[0];
}

static bool close_sink(void *sink, int64_t end_ns, int64_t deadline_ns)
{
    *(bool *)sink = true;
    return end_ns > 0 && deadline_ns > 0;
}

static const struct wk_sink_ops bare = {.name = "bare", .open = open_bare, .close = close_sink};

/* ---- names and lines ---- */

static bool wants_names(const struct wick_config *config)
{
    (void)config;
    return with_names;
}

static void *open_names(const struct wk_run *run)
{
    the_run = run;
    return &closed[1];
}

static bool is(const char *x, const char *y)
{
    return strcmp(x, y) == 0;
}

static void look_up(void *sink, const struct wick_record *records, size_t count)
{
    (void)sink;
    for (size_t i = 0; i < count; i++) {
        if (records[i].kind == WICK_RECORD_START) {
            const struct wick_site_info *site = wick_names_site(the_run->names, records[i].site);

            names_were_there = names_were_there && site->line > 0 && strstr(site->file, "test_sinks.c") &&
                               is(site->literal, starts % 2 ? "inner" : "outer") &&
                               is(wick_names_track_process(the_run->names, records[i].track)->host, the_run->host);
            starts++;
        } else if (records[i].kind == WICK_RECORD_THREAD_NAME) {
            renames++;
            names_were_there = names_were_there && is(wick_names_track_name(the_run->names, records[i].track), "renamed") &&
                               !is(wick_names_track(the_run->names, records[i].track)->thread, "renamed");
        }
    }
}

static void line(void *sink, int64_t time_ns, enum wick_line kind, const char *text)
{
    (void)sink;
    stats_lines += kind == WICK_LINE_STAT && strchr(text, ' ') != NULL;
    run_lines += kind == WICK_LINE_RUN && strncmp(text, "calibration_end_ns ", 19) == 0 && time_ns > 0;
}

static const struct wk_sink_ops names = {
    .name = "names", .wanted = wants_names, .open = open_names, .records = look_up, .line = line, .close = close_sink};

/* ---- changed nodes ---- */

static bool wants_mirrors(const struct wick_config *config)
{
    (void)config;
    return with_mirrors;
}

static void *open_mirror(const struct wk_run *run)
{
    struct mirror *mirror = mirrors[0].run ? &mirrors[1] : &mirrors[0];

    mirror->run = run;
    return mirror;
}

static int rollup(void *sink, const struct wick_tree *tree, const uint32_t *dirty, size_t count)
{
    struct mirror *mirror = sink;

    mirror->tree = tree;
    mirror->calls++;
    if (mirror->refuses) {
        mirror->refuses = false;
        return WICK_E_FULL;
    }
    for (size_t i = 0; i < count; i++) {
        wick_tree_node(tree, dirty[i], &mirror->nodes[dirty[i]]);
        mirror->told++;
    }
    return 0;
}

/* Before close each has been told all. */
static bool close_mirror(void *sink, int64_t end_ns, int64_t deadline_ns)
{
    const struct mirror *mirror = sink;
    struct wick_tree_stats stats;

    (void)end_ns;
    (void)deadline_ns;
    wick_tree_stats_read(mirror->tree, &stats);
    bool same = stats.nodes == 4 && mirror->tree == mirror->run->run_tree->tree;
    for (uint32_t i = 0; i < stats.nodes; i++) {
        const struct wick_node_info *mine = &mirror->nodes[i];
        struct wick_node_info info;

        wick_tree_node(mirror->tree, i, &info);
        same = same && mine->count == info.count && mine->total_ns == info.total_ns && mine->self_ns == info.self_ns &&
               mine->parent == info.parent && mine->open == info.open;
    }
    return same;
}

static const struct wk_sink_ops mirror = {
    .name = "mirror", .wanted = wants_mirrors, .open = open_mirror, .rollup = rollup, .close = close_mirror};

const struct wk_sink_ops *const wk_sinks[] = {&bare, &names, &mirror, &mirror, NULL};

/* ---- a program ---- */

static void begin(void)
{
    struct wick_config config;

    wick_config_init(&config);
    config.log_path = "asked for, and ignored";
    config.calibrate = 1;
    cr_assert_eq(wick_init(&config), 0);
}

static void work(void)
{
    WICK_SCOPE("outer");
    WICK_SCOPE("inner");
}

Test(sinks, need_a_name_open_and_close_alone)
{
    struct wick_stats stats = {.size = sizeof stats};

    begin();
    work();
    cr_assert_eq(wick_flush(60000), 0);
    cr_assert_eq(wick_stats_read(&stats), 0);
    cr_assert(stats.recorded == 2 && stats.log_lost == 0);
    cr_assert(the_run->run_tree->tree == NULL, "nobody asks for a tree");
    cr_assert_eq(wick_shutdown(), 0);
    cr_assert(closed[0]);
}

Test(sinks, get_names_and_records_of_the_model)
{
    with_names = true;
    begin();
    work();
    cr_assert_eq(wick_flush(60000), 0); /* its track has its first name */
    wick_thread_name("renamed");
    work();
    cr_assert_eq(wick_shutdown(), 0);
    cr_assert(closed[1] && starts == 4 && renames == 1 && names_were_there);
    cr_assert(stats_lines > 10 && run_lines == 1);
}

Test(sinks, that_ask_get_changed_nodes_of_one_tree)
{
    with_mirrors = true;
    begin();
    WICK_SCOPE_AS(around, "around");
    for (int i = 0; i < 3; i++) {
        work();
        cr_assert_eq(wick_flush(60000), 0);
    }
    uint32_t told = mirrors[0].told, calls = mirrors[0].calls;
    cr_assert_eq(wick_flush(60000), 0);
    cr_assert(mirrors[0].told == told && mirrors[0].calls == calls, "an open scope changes nothing");
    WICK_END(around);
    cr_assert_eq(wick_shutdown(), 0, "each mirror is the tree");
    cr_assert(mirrors[0].tree == mirrors[1].tree && mirrors[0].calls >= 4);
    cr_assert_leq(mirrors[1].told, mirrors[0].told, "what was refused once came again, with what had changed since");
}
