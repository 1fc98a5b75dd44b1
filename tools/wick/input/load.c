/*
 * SPDX-License-Identifier: MIT
 * Reads logs. See load.h.
 * Invariant: lines that cannot be used are counted and reported; they stop nothing.
 */
#include "input/load.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/heap.h"
#include "base/host.h"
#include "base/messages.h"
#include "input/input.h"
#include "input/load_bar.h"
#include "input/load_parallel.h"
#include "input/log_problems.h"
#include "input/record_filter.h"
#include "input/series.h"
#include "input/spool.h"
#include "input/symbols.h"

#define BLOCK_BYTES (512u * 1024u)
#define COMPRESSED_FACTOR 12 /* bytes of text in a byte of a .zst file, roughly */

static int feed_tree(void *user, const struct wick_record *records, size_t count)
{
    return wick_tree_feed(user, records, count);
}

int load_begin(struct load *load, const struct settings *settings, const struct wick_record_out *to)
{
    *load = (struct load){.settings = settings, .names = wick_names_create(&wk_heap_allocator),
                          .tree = wick_tree_create(&wk_heap_allocator), .symbols = symbols_create(), .into_tree = !to,
                          .start_ns = INT64_MAX};
    struct wick_record_out out = to ? *to : (struct wick_record_out){feed_tree, load->tree};
    if (!record_filter_create(&load->filter, settings, load->names, &out)) {
        return EXIT_USAGE;
    }
    if (load->filter) {
        out = (struct wick_record_out){record_filter_records, load->filter};
    }
    if (load->names && load->tree) {
        load->reader = wick_reader_create(&wk_heap_allocator, load->names, &out, tool_vector());
    }
    if (!load->reader || !load->symbols) {
        tool_error(settings, "out of memory");
        return EXIT_USAGE;
    }
    wick_reader_set_renamer(load->reader, &(struct wick_renamer){symbols_rename, load->symbols});
    return EXIT_FINE;
}

/* Does it begin as no log of ours, with a line of seven fields? Then it cannot be cut at line ends. */
static bool is_foreign(int fd)
{
    char first[32] = "";
    (void)!pread(fd, first, sizeof first - 1, 0);
    size_t digits = strspn(first, "0123456789");
    return !digits || (first[digits] != '.' && first[digits] != ' ');
}

/* Only large files: a small one is read before a second thread has started. */
static int read_parallel(struct load *load, struct input *input, bool *done)
{
    struct load_file file = {.wire = input_is_wire(input)};
    uint32_t threads = tool_threads();
    *done = load->into_tree && !load->filter && input_is_plain_file(input, &file.fd, &file.bytes) && threads > 1 &&
            (file.bytes > (file.wire ? 2u << 20 : 8u << 20) || getenv("WICK_TEST_PART_BYTES")) &&
            (file.wire || !is_foreign(file.fd));
    if (!*done) {
        return EXIT_FINE;
    }
    int rc = load_file_parallel(load, &file, threads);
    rc = rc < 0 ? rc : wick_reader_finish(load->reader);
    load_bar_show(&load->bar, 1, 1);
    if (rc < 0) {
        tool_error(load->settings, "%s", rc == WICK_E_NOMEM ? "out of memory" : "the log could not be read");
    }
    return rc < 0 ? EXIT_USAGE : EXIT_FINE;
}

static int read_serially(struct load *load, struct input *input)
{
    char *block = malloc(BLOCK_BYTES);
    long got = block ? 1 : -1;
    int rc = block ? 0 : WICK_E_NOMEM;
    int fd;
    uint64_t bytes, factor = input_is_plain_file(input, &fd, &bytes) ? 1 : COMPRESSED_FACTOR;
    while (rc >= 0 && (got = input_read(input, block, BLOCK_BYTES)) > 0) {
        off_t at = lseek(fd, 0, SEEK_CUR); /* -1 in a pipe: its end is not known */
        if (at >= 0 && (uint64_t)at < bytes) {
            load_bar_show(&load->bar, (uint64_t)at * factor, bytes * factor);
        }
        rc = wick_reader_feed(load->reader, block, (size_t)got);
    }
    load_bar_show(&load->bar, 1, 1);
    if (rc >= 0) {
        rc = wick_reader_finish(load->reader);
    }
    free(block);
    if (rc < 0 && rc != WICK_E_IO) { /* WICK_E_IO comes from the output that the records go to, which reports it */
        tool_error(load->settings, "%s", rc == WICK_E_NOMEM ? "out of memory" : "the log could not be read");
    }
    return rc < 0 || got < 0 ? EXIT_USAGE : EXIT_FINE;
}

/* The unit of folded stacks: as given, or as the file's name says (NAME.ns.folded). NULL: neither says. */
static const char *unit_of(const struct settings *settings, const char *path)
{
    static const char *const units[] = {"ns", "us", "ms", "s"};
    const char *folded = strstr(path, ".folded");
    for (size_t i = 0; folded && i < sizeof units / sizeof *units; i++) {
        size_t length = strlen(units[i]);
        if ((size_t)(folded - path) > length && folded[-1 - (long)length] == '.' && strncmp(folded - length, units[i], length) == 0) {
            return settings->unit ? settings->unit : units[i];
        }
    }
    return settings->unit;
}

/* Without memory for it, nothing is said of them. */
static void keep_children(struct load *load, uint32_t process, uint64_t count)
{
    if (count && tool_grow(&load->children, &load->children_capacity, load->children_count, sizeof *load->children)) {
        load->children[load->children_count++] = (struct load_children){process, count};
    }
}

static void read_properties(struct load *load)
{
    struct wick_property property;
    for (uint32_t i = 0; wick_reader_property(load->reader, i, &property); i++) {
        double *cost_ns = strcmp(property.key, "scope_inside_ns") == 0    ? &load->scope_inside_ns
                          : strcmp(property.key, "scope_outside_ns") == 0 ? &load->scope_outside_ns
                                                                          : NULL;
        if (property.stat && strcmp(property.key, "children") == 0) {
            keep_children(load, wick_names_track(load->names, property.track)->process, strtoull(property.value, NULL, 10));
        } else if (cost_ns && !property.stat && strtod(property.value, NULL) > *cost_ns) {
            *cost_ns = strtod(property.value, NULL);
        }
    }
}

int load_log(struct load *load, const char *path)
{
    struct input *input = input_open(load->settings, path);
    if (!input) {
        return EXIT_USAGE;
    }
    wick_reader_restart(load->reader);
    wick_reader_set_unit(load->reader, unit_of(load->settings, path));
    bool done;
    load->bar = -1;
    int rc = read_parallel(load, input, &done);
    if (!done) {
        rc = read_serially(load, input);
    }
    struct wick_reader_stats stats;
    wick_reader_stats_read(load->reader, &stats);
    bool refused = stats.problems[WICK_PROBLEM_VERSION] != 0;
    if (refused || !load->quiet) {
        problems_report(load->reader, path);
    }
    load->bytes += stats.bytes;
    load->lines += stats.lines;
    load->records += stats.records;
    read_properties(load);
    load->goes_on = input_goes_on(input);
    input_close(input);
    return refused ? EXIT_USAGE : rc;
}

/* Say which files of a rotated log are missing, where they are. */
static void note_missing(const struct load *load, const struct log_head *heads, int at, int count)
{
    const char *const *paths = (const char *const *)load->settings->arguments;
    series_note_missing(heads, at, paths[at]);
    if (load->goes_on && (at + 1 == count || !heads[at + 1].goes_on)) {
        tool_note("%s: the next file of this log is missing: what it held is lost", paths[at]);
    }
}

static int read_logs(struct load *load, char *const *paths, const struct log_head *heads, int count)
{
    int rc = EXIT_FINE;
    for (int i = 0; i < count && rc == EXIT_FINE; i++) {
        rc = load_log(load, paths[i]);
        if (heads) {
            note_missing(load, heads, i, count);
        }
    }
    return rc == EXIT_FINE ? load_settle(load, paths[0]) : rc;
}

struct twin {
    const char *name;
    uint32_t process, track;
};

static int by_name(const void *left, const void *right)
{
    const struct twin *a = left, *b = right;
    int order = a->process != b->process ? (a->process < b->process ? -1 : 1) : strcmp(a->name, b->name);
    return order ? order : a->track < b->track ? -1 : 1;
}

static int by_name_alone(const void *left, const void *right)
{
    const struct twin *a = left, *b = right;
    int order = strcmp(a->name, b->name);
    return order ? order : a->process < b->process ? -1 : a->process > b->process;
}

/* Threads of a process that have one name: theirs in the log, which differ, tell them apart. */
static void label_twins(struct load *load, struct twin *twins, uint32_t count)
{
    for (uint32_t i = 0, next; i < count; i = next) {
        for (next = i + 1; next < count && twins[next].process == twins[i].process && strcmp(twins[next].name, twins[i].name) == 0;) {
            next++;
        }
        for (uint32_t k = i; k < next && next - i > 1; k++) {
            struct wick_track_info info = *wick_names_track(load->names, twins[k].track);
            char label[600];
            snprintf(label, sizeof label, "%.255s (%.300s)", twins[k].name, info.thread);
            info.label = label;
            if (info.thread[0] && strcmp(twins[k].name, info.thread) != 0) {
                (void)wick_names_set_track(load->names, twins[k].track, &info);
            }
        }
    }
}

/* Names that threads of several processes have. */
static void find_shared(struct load *load, struct twin *twins, uint32_t count)
{
    free(load->shared);
    load->shared = calloc(count, sizeof *load->shared);
    for (uint32_t i = 0; load->shared && i < count; i++) {
        twins[i].name = wick_names_track_name(load->names, twins[i].track);
    }
    qsort(twins, count, sizeof *twins, by_name_alone);
    for (uint32_t i = 0, next; load->shared && i < count; i = next) {
        for (next = i + 1; next < count && strcmp(twins[next].name, twins[i].name) == 0;) {
            next++;
        }
        for (uint32_t k = i; k < next; k++) {
            load->shared[twins[k].track] = twins[i].process != twins[next - 1].process;
        }
    }
    load->shared_count = load->shared ? count : 0;
}

void load_tell_threads_apart(struct load *load)
{
    uint32_t count = wick_names_tracks(load->names);
    struct twin *twins = count ? calloc(count, sizeof *twins) : NULL;
    for (uint32_t i = 0; twins && i < count; i++) {
        twins[i] = (struct twin){wick_names_track_name(load->names, i), wick_names_track(load->names, i)->process, i};
    }
    if (twins) {
        qsort(twins, count, sizeof *twins, by_name);
        label_twins(load, twins, count);
        find_shared(load, twins, count);
    }
    free(twins);
}

const char *load_thread_name(const struct load *load, uint32_t track)
{
    static char texts[4][1000];
    static uint32_t turn;
    const char *name = wick_names_track_name(load->names, track);
    if (track >= load->shared_count || !load->shared[track]) {
        return name;
    }
    const struct wick_process_info *process = wick_names_track_process(load->names, track);
    char *text = texts[turn++ % 4];
    char command[200] = "";
    if (process->program[0]) {
        (void)wick_names_process_name(load->names, wick_names_track(load->names, track)->process, command, sizeof command);
        snprintf(text, sizeof texts[0], "%.600s of %s (%.30s)", name, command, process->pid);
    } else {
        snprintf(text, sizeof texts[0], "%.600s of %.255s:%.30s", name, process->host, process->pid);
    }
    return text;
}

int load_settle(struct load *load, const char *path)
{
    int rc = EXIT_FINE;
    load_tell_threads_apart(load);
    if (wick_tree_settle(load->tree, INT64_MIN) < 0) {
        tool_error(load->settings, "out of memory");
        rc = EXIT_USAGE;
    }
    if (rc == EXIT_FINE && !load->records) {
        const char *remark = wick_reader_remark(load->reader); /* says why; has been said if not quiet */
        if (load->quiet && remark[0]) {
            tool_error(load->settings, "%s: %s", path, remark);
        } else if (!remark[0]) {
            tool_error(load->settings, "%s: no events in it%s", path, !load->bytes ? ": the log is empty" : "; is it a .ctxt or .wick log?");
        }
        rc = EXIT_USAGE;
    }
    return rc;
}

static int earlier(void *user, const struct wick_record *records, size_t count)
{
    int64_t *first_ns = user;
    for (size_t i = 0; i < count; i++) {
        *first_ns = records[i].time_ns < *first_ns ? records[i].time_ns : *first_ns;
    }
    return 0;
}

/* Find the earliest time. Our logs begin with it; of others all records are read for it. */
static int find_start(struct load *load, const struct log_head *heads)
{
    const struct wick_record_out out = {earlier, &load->start_ns};
    const struct settings plain = {.program_name = load->settings->program_name};
    struct load other = {0};
    int rc = load_begin(&other, &plain, &out);
    other.quiet = true;
    for (int i = 0; i < load->settings->argument_count && rc == EXIT_FINE; i++) {
        if (heads[i].ours) {
            load->start_ns = heads[i].first_ns < load->start_ns ? heads[i].first_ns : load->start_ns;
        } else {
            rc = load_log(&other, load->settings->arguments[i]);
        }
    }
    load_end(&other);
    return rc;
}

static int pass_over(void *user, const struct wick_record *records, size_t count)
{
    (void)user;
    (void)records;
    (void)count;
    return 0;
}

/* Read the names that threads have in the end. Tracks have the same numbers in the second pass: the records are the same. */
static int find_names(struct load *load)
{
    const struct wick_record_out out = {pass_over, NULL};
    const struct settings plain = {.program_name = load->settings->program_name};
    struct load other = {0};
    int rc = load_begin(&other, &plain, &out);
    other.quiet = true;
    for (int i = 0; i < load->settings->argument_count && rc == EXIT_FINE; i++) {
        rc = load_log(&other, load->settings->arguments[i]);
    }
    if (rc == EXIT_FINE) {
        load_tell_threads_apart(&other);
        load->final = other.names;
        other.names = NULL;
    }
    load_end(&other);
    return rc;
}

enum { PASS_START = 1, PASS_NAMES = 2 }; /* what is to be known before the first record */

static int load_any(struct load *load, const struct settings *settings, const struct wick_record_out *out, int before)
{
    int rc = load_begin(load, settings, out);
    if (rc == EXIT_FINE && !settings->argument_count) {
        tool_error(settings, "give a log: %s run.ctxt (or - for standard input)", settings->program_name);
        rc = EXIT_USAGE;
    }
    before |= load->filter ? PASS_START : 0;
    if (rc == EXIT_FINE && before && !spool_logs(settings)) {
        rc = EXIT_USAGE;
    }
    struct log_head *heads = rc == EXIT_FINE ? series_sort(settings, settings->arguments, settings->argument_count) : NULL;
    rc = !heads ? EXIT_USAGE : before & PASS_START ? find_start(load, heads) : EXIT_FINE;
    rc = rc == EXIT_FINE && before & PASS_NAMES ? find_names(load) : rc;
    if (rc == EXIT_FINE && load->filter) {
        record_filter_start(load->filter, load->start_ns);
    }
    if (rc == EXIT_FINE) {
        rc = read_logs(load, settings->arguments, heads, settings->argument_count);
    }
    free(heads);
    return rc;
}

int load_records(struct load *load, const struct settings *settings, const struct wick_record_out *out)
{
    return load_any(load, settings, out, 0);
}

int load_records_from_start(struct load *load, const struct settings *settings, const struct wick_record_out *out)
{
    return load_any(load, settings, out, PASS_START);
}

int load_records_named(struct load *load, const struct settings *settings, const struct wick_record_out *out)
{
    return load_any(load, settings, out, PASS_START | PASS_NAMES);
}

int64_t load_start_ns(const struct load *load)
{
    struct wick_tree_stats stats;
    wick_tree_stats_read(load->tree, &stats);
    return load->start_ns < stats.first_ns ? load->start_ns : stats.first_ns;
}

int load_all(struct load *load, const struct settings *settings)
{
    return load_records(load, settings, NULL);
}

int load_quietly(struct load *load, const struct settings *settings, const char *path)
{
    char *paths[] = {(char *)(uintptr_t)path};
    int rc = load_begin(load, settings, NULL);
    load->quiet = true;
    return rc == EXIT_FINE ? read_logs(load, paths, NULL, 1) : rc;
}

void load_end(struct load *load)
{
    wick_reader_destroy(load->reader);
    symbols_destroy(load->symbols);
    record_filter_destroy(load->filter);
    wick_tree_destroy(load->tree);
    wick_names_destroy(load->names);
    wick_names_destroy(load->final);
    free(load->children);
    free(load->shared);
}
