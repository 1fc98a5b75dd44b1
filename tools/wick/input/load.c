/*
 * SPDX-License-Identifier: MIT
 * Logs into a tree: reads the bytes, feeds reader and tree, says what was wrong with the lines.
 * Must not compute anything about scopes. Invariant: what could not be used is counted and reported.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool.h"

#define BLOCK_BYTES (512u * 1024u)

static int into_tree(void *user, const struct wick_record *records, size_t count)
{
    return wick_tree_feed(user, records, count);
}

int load_begin_to(struct load *load, const struct settings *settings, const struct wick_record_out *to)
{
    *load = (struct load){.settings = settings};
    load->names = wick_names_create(&tool_allocator);
    load->tree = wick_tree_create(&tool_allocator);
    struct wick_record_out out = {into_tree, load->tree};
    if (to) {
        out = *to;
    }
    load->into_tree = !to;
    if (!select_create(load, settings, &load->select, &out)) {
        return EXIT_USAGE;
    }
    if (load->select) {
        out = (struct wick_record_out){select_records, load->select};
    }
    if (load->names && load->tree) {
        load->reader = wick_reader_create(&tool_allocator, load->names, &out, tool_vector());
    }
    load->symbols = symbols_create();
    if (!load->reader || !load->symbols) {
        tool_error(settings, "out of memory");
        return EXIT_USAGE;
    }
    wick_reader_set_renamer(load->reader, &(struct wick_renamer){symbols_rename, load->symbols});
    return EXIT_FINE;
}

int load_begin(struct load *load, const struct settings *settings)
{
    return load_begin_to(load, settings, NULL);
}

const char *load_problem_text(uint8_t kind)
{
    static const char *const texts[WICK_PROBLEM_KINDS] = {
        [WICK_PROBLEM_TORN] = "not a line of seven fields",
        [WICK_PROBLEM_TIME] = "its time is not a number of seconds",
        [WICK_PROBLEM_PID] = "its third field is not a process id",
        [WICK_PROBLEM_LONG] = "longer than 4 MiB",
        [WICK_PROBLEM_NUMBER] = "its text is not what its word promises",
        [WICK_PROBLEM_END] = "the log ends in the middle of this line",
        [WICK_PROBLEM_WORD] = "unknown word",
        [WICK_PROBLEM_CHECKSUM] = "damaged: its checksum is wrong",
        [WICK_PROBLEM_FRAME] = "the log ends in the middle of this frame",
        [WICK_PROBLEM_GAP] = "frames are missing before this one",
        [WICK_PROBLEM_VERSION] = "of a version that this wick does not know: install a newer one",
        [WICK_PROBLEM_CONTENT] = "from here on it means nothing"};
    return texts[kind];
}

void load_note_wire(const char *path, const struct wick_reader_stats *stats)
{
    if (stats->frames_lost) {
        tool_note("%s: %" PRIu64 " frames are missing between others: what they held is lost", path, stats->frames_lost);
    }
    if (stats->frames_repeated) {
        tool_note("%s: %" PRIu64 " frames were there before, and left out", path, stats->frames_repeated);
    }
    if (stats->cut_ends) {
        tool_note("%s: %" PRIu64 " scopes began before what is left of the log: their ends were left out", path,
                  stats->cut_ends);
    }
}

/* A few examples, then the counts: enough to find them, not a flood. */
void load_report_problems(struct load *load, const char *path)
{
    struct wick_reader_stats stats;
    struct wick_problem_info problem;
    wick_reader_stats_read(load->reader, &stats);
    uint64_t all = 0, shown = 0;
    for (int i = 0; i < WICK_PROBLEM_KINDS; i++) {
        all += i == WICK_PROBLEM_WORD ? 0 : stats.problems[i];
    }
    for (uint32_t i = 0; !load->settings->quiet && shown < 3 &&
                         wick_reader_problem(load->reader, i, &problem); i++) {
        if (problem.kind != WICK_PROBLEM_WORD && problem.kind < WICK_PROBLEM_CHECKSUM) {
            tool_note("%s:%" PRIu64 ": left out: %s: %s", path, problem.line, load_problem_text(problem.kind),
                      problem.excerpt);
            shown++;
        } else if (problem.kind != WICK_PROBLEM_WORD) {
            tool_note("%s: frame %" PRIu64 ": %s", path, problem.line, load_problem_text(problem.kind));
            shown++;
        }
    }
    if (all > shown && !load->settings->quiet) {
        tool_note("%s: %" PRIu64 " more of its %" PRIu64 " %s were left out; `wick check %s` says why", path,
                  all - shown, stats.wire ? stats.frames + all : stats.lines, stats.wire ? "frames" : "lines", path);
    }
    if (stats.wire && !load->settings->quiet) {
        load_note_wire(path, &stats);
    }
    load->problems += all;
    load->lines += stats.lines;
    load->bytes += stats.bytes;
    load->records += stats.records;
}

#define BAR_BYTES (300u << 20) /* less is read before anyone looks */
#define COMPRESSED_FACTOR 12   /* bytes of text in a byte of a .zst file, roughly */

void load_progress(struct load *load, uint64_t done, uint64_t all)
{
    if (load->bar >= 0 && done >= all) {
        load->bar = -1;
        fprintf(stderr, "\r%60s\r", "");
        return;
    }
    int percent = all ? (int)(done * 100 / all) : 100;
    if (all < BAR_BYTES || percent == load->bar || !isatty(STDERR_FILENO)) {
        return;
    }
    load->bar = percent;
    static const char full[] = "########################################";
    fprintf(stderr, "\rreading [%-40.*s] %3d %%", percent * 40 / 100, full, percent);
}

static uint32_t thread_count(void)
{
    const char *forced = getenv("WICK_TEST_THREADS");
    long count = forced ? atol(forced) : sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 && count < 1024 ? (uint32_t)count : 1;
}

/* Another tool's file cannot be cut at line ends: it begins with a bracket or a name. */
static bool is_foreign(int fd)
{
    char first;
    return pread(fd, &first, 1, 0) == 1 && first > ' ' && (first < '0' || first > '9');
}

/* Small logs are read before a second thread has started. */
static int read_parallel(struct load *load, struct input *input, bool *done)
{
    struct load_file file = {.wire = input_is_wire(input)};
    uint32_t threads = thread_count();
    *done = load->into_tree && !load->select && input_is_plain_file(input, &file.fd, &file.bytes) && threads > 1 &&
            (file.bytes > (file.wire ? 2u << 20 : 8u << 20) || getenv("WICK_TEST_PART_BYTES")) && !is_foreign(file.fd);
    if (!*done) {
        return EXIT_FINE;
    }
    int rc = load_file_parallel(load, &file, threads);
    rc = rc < 0 ? rc : wick_reader_finish(load->reader);
    load_progress(load, 1, 1);
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
        off_t at = lseek(fd, 0, SEEK_CUR); /* -1 in a pipe, which has no end to come closer to */
        if (at >= 0 && (uint64_t)at < bytes) {
            load_progress(load, (uint64_t)at * factor, bytes * factor);
        }
        rc = wick_reader_feed(load->reader, block, (size_t)got);
    }
    load_progress(load, 1, 1);
    if (rc >= 0) {
        rc = wick_reader_finish(load->reader);
    }
    free(block);
    if (rc < 0 && rc != WICK_E_IO) { /* that is of who writes what is read, and says so */
        tool_error(load->settings, "%s", rc == WICK_E_NOMEM ? "out of memory" : "the log could not be read");
    }
    return rc < 0 || got < 0 ? EXIT_USAGE : EXIT_FINE;
}

int load_log(struct load *load, const char *path)
{
    struct input *input = input_open(load->settings, path);
    if (!input) {
        return EXIT_USAGE;
    }
    wick_reader_restart(load->reader);
    bool done;
    load->bar = -1;
    int rc = read_parallel(load, input, &done);
    if (!done) {
        rc = read_serially(load, input);
    }
    load_report_problems(load, path);
    input_close(input);
    load->logs++;
    return rc;
}

/* When a log begins; INT64_MAX when its first line does not say. */
static int64_t begins_at(const struct settings *settings, const char *path)
{
    struct text_line line;
    struct line_source *source = strcmp(path, "-") == 0 ? NULL : lines_open(settings, path);
    bool begins = source && lines_next(source, &line) && line.has_time;
    int64_t time_ns = begins ? line.time_ns : INT64_MAX;
    lines_close(source);
    return time_ns;
}

/* Segments of a rotated log are one run: the earlier one first, whatever the shell's order. */
static void sort_logs(const struct settings *settings)
{
    int64_t *times = malloc(sizeof *times * (size_t)settings->argument_count);
    char **paths = settings->arguments;
    for (int i = 0; times && i < settings->argument_count; i++) {
        int64_t time_ns = access(paths[i], R_OK) == 0 ? begins_at(settings, paths[i]) : INT64_MAX;
        char *path = paths[i];
        int at = i;
        for (; at > 0 && times[at - 1] > time_ns; at--) {
            times[at] = times[at - 1];
            paths[at] = paths[at - 1];
        }
        times[at] = time_ns;
        paths[at] = path;
    }
    free(times);
}

int load_records(struct load *load, const struct settings *settings, const struct wick_record_out *out)
{
    int rc = load_begin_to(load, settings, out);
    if (rc == EXIT_FINE && !settings->argument_count) {
        tool_error(settings, "give a log: %s run.ctxt (or - for standard input)", settings->program_name);
        rc = EXIT_USAGE;
    }
    if (rc == EXIT_FINE && settings->argument_count > 1) {
        sort_logs(settings);
    }
    for (int i = 0; i < settings->argument_count && rc == EXIT_FINE; i++) {
        rc = load_log(load, settings->arguments[i]);
    }
    if (rc == EXIT_FINE && wick_tree_settle(load->tree, INT64_MIN) < 0) {
        tool_error(settings, "out of memory");
        rc = EXIT_USAGE;
    }
    if (rc == EXIT_FINE && !load->records) {
        tool_error(settings, "%s: no events in it%s", settings->arguments[0],
                   load->bytes ? "; is it a .ctxt or .wick log?" : ": the log is empty");
        rc = EXIT_USAGE;
    }
    return rc;
}

int load_all(struct load *load, const struct settings *settings)
{
    return load_records(load, settings, NULL);
}

static char spooled[64];

static void remove_spooled(void)
{
    unlink(spooled);
}

const char *load_spool(const struct settings *settings, const char *path)
{
    if (strcmp(path, "-") != 0) {
        return path;
    }
    snprintf(spooled, sizeof spooled, "/tmp/wick-stdin.XXXXXX");
    int fd = mkstemp(spooled);
    FILE *to = fd < 0 ? NULL : fdopen(fd, "w");
    static char block[65536];
    size_t got = 1;
    while (to && got > 0 && !ferror(to)) {
        got = fread(block, 1, sizeof block, stdin);
        fwrite(block, 1, got, to);
    }
    bool written = to && !ferror(to) && !ferror(stdin);
    if (fd >= 0) {
        atexit(remove_spooled);
    }
    if (!to || fclose(to) != 0 || !written) {
        tool_error(settings, "standard input cannot be kept in %s: it is read twice", spooled);
        return NULL;
    }
    return spooled;
}

void load_end(struct load *load)
{
    wick_reader_destroy(load->reader);
    symbols_destroy(load->symbols);
    select_destroy(load->select);
    wick_tree_destroy(load->tree);
    wick_names_destroy(load->names);
}
