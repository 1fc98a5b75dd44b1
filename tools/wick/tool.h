/*
 * SPDX-License-Identifier: MIT
 * What the subcommands of `wick` share: settings, messages, logs, output. One file per subcommand.
 * Must not be included outside tools/. Invariant: exit code 0 = fine, 1 = found something, 2 = usage or
 * input error; every message names the file or option, the place, and what to do.
 */
#ifndef WICK_TOOLS_TOOL_H
#define WICK_TOOLS_TOOL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "wick/model.h"

enum { EXIT_FINE = 0, EXIT_FOUND = 1, EXIT_USAGE = 2 };

/* One field per option of tool_options; what was not given is 0 or NULL, times: INT64_MIN. */
struct settings {
    const char *program_name; /* of messages: "wick tree" */
    bool help, no_times, all, follow, functions, live, no_browser;
    bool quiet; /* of a command itself: it reports the lines that were left out */
    uint32_t width, depth, children, limit;
    int64_t min_ns, linger_ns;
    const char *sort, *by, *format, *color, *log, *to, *output, *thread, *path, *from, *until, *where,
        *lock, *shift, *interval, *serve;
    char **arguments; /* what is left: logs, or the program and its arguments */
    int argument_count;
};

struct command {
    const char *name;
    const char *summary;   /* one line */
    const char *arguments; /* "LOG..." */
    const char *options;   /* names of its options, separated by spaces */
    int (*run)(struct settings *settings);
};

/* ---- options.c ---- */
extern const struct command tool_commands[];
const struct command *tool_find_command(const char *name);
/* 0, or an exit code after a message. */
int tool_parse(const struct command *command, int argc, char **argv, struct settings *settings);
void tool_help(const struct command *command, FILE *to);
void tool_usage(FILE *to);
/* describe.c: the man page wick(1) and the completion for bash, from the same table. */
void tool_man(FILE *to);
void tool_completion(FILE *to);
/* "" or ", did you mean X?" with X from NULL-terminated words. */
const char *tool_suggest(const char *word, const char *const *words);
/* 1.5ms, 200us, 3 (seconds): false when it is none. */
bool tool_duration(const char *text, int64_t *duration_ns);

/* ---- host.c ---- */
extern const struct wick_allocator tool_allocator;
uint32_t tool_vector(void);
uint32_t tool_columns(FILE *to);
/* Make room in an array (given by the address of its pointer) for `index`; new items are zero. */
bool tool_grow(void *items, uint32_t *count, uint32_t index, size_t bytes);
bool tool_colours(const struct settings *settings, FILE *to);
extern const struct wick_text_out tool_stdout, tool_stderr;
void tool_error(const struct settings *settings, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void tool_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Close what was written to --output. False: not all of it is there, which is said, and the rest removed. */
bool tool_close_output(const struct settings *settings, FILE *to);
/* Remove --output, if it is a file: a device or a pipe stays. */
void tool_remove_output(const struct settings *settings);

/* ---- input.c: the bytes of a log, plain or compressed ---- */
struct input;
/* NULL after a message. "-" is standard input. */
struct input *input_open(const struct settings *settings, const char *path);
/* Bytes read, 0 at the end, < 0 after a message. */
long input_read(struct input *input, char *to, size_t bytes);
void input_close(struct input *input);
/* The log may grow: its end is an end for now, of compressed data too. */
void input_follow(struct input *input);
/* Whether it is an uncompressed wire. */
bool input_is_wire(const struct input *input);
/* Whether the file can be read at any offset, and its size. */
bool input_is_plain_file(const struct input *input, int *fd, uint64_t *bytes);

/* ---- read_zstd.c ---- */
struct zstd_reader;
struct zstd_reader *zstd_reader_create(void);
void zstd_reader_destroy(struct zstd_reader *reader);
/* Decompress from from (both are advanced); bytes written, < 0: corrupt, *error says how. */
long zstd_reader_read(struct zstd_reader *reader, const char **from, size_t *from_bytes, char *to,
                      size_t bytes, const char **error);
/* Whether the stream ended in the middle of a frame. */
bool zstd_reader_is_inside(const struct zstd_reader *reader);

/* ---- load.c: logs into a tree ---- */
struct select;
struct load {
    const struct settings *settings;
    struct wick_names *names;
    struct wick_tree *tree;
    struct wick_reader *reader;
    uint64_t bytes, lines, records, problems;
    uint32_t logs;
    struct select *select; /* NULL: nothing is left out */
    struct symbols *symbols; /* names of instrumented functions */
    bool into_tree;
    int bar; /* percent that the progress bar shows; -1: it does not */
};
/* 0, or an exit code after a message; load_end in any case. */
int load_begin(struct load *load, const struct settings *settings);
/* The same, with the records to somebody else than the tree. */
int load_begin_to(struct load *load, const struct settings *settings, const struct wick_record_out *out);
int load_log(struct load *load, const char *path);
int load_all(struct load *load, const struct settings *settings);
void load_end(struct load *load);
/* The bar on a terminal, for logs that take a while. */
void load_progress(struct load *load, uint64_t done, uint64_t all);

/* ---- load_parallel.c ---- */
struct load_file {
    int fd;
    uint64_t bytes;
    bool wire;
};
int load_file_parallel(struct load *load, const struct load_file *file, uint32_t threads);

/* Records of every log, one log after the other, to somebody else than the tree of `load`. */
int load_records(struct load *load, const struct settings *settings, const struct wick_record_out *out);
/* Standard input into a file, for what reads its log twice: the path to read, NULL after a message. */
const char *load_spool(const struct settings *settings, const char *path);
void load_report_problems(struct load *load, const char *path);
const char *load_problem_text(uint8_t kind);
/* What is not whole in a wire. */
void load_note_wire(const char *path, const struct wick_reader_stats *stats);

/* ---- symbols.c: MODULE+0xOFFSET of instrumented functions into names ---- */
struct symbols *symbols_create(void); /* NULL: no memory */
void symbols_destroy(struct symbols *symbols);
/* struct wick_renamer; any thread. What cannot be named keeps its address, with one message per module. */
void symbols_rename(void *symbols, struct wick_site_info *site);

/* ---- select.c: --thread, --path, --from, --until ---- */
/* false after a message. *select is NULL when nothing is left out. */
bool select_create(const struct load *load, const struct settings *settings, struct select **select,
                   const struct wick_record_out *out);
int select_records(void *select, const struct wick_record *records, size_t count);
void select_destroy(struct select *select);
/* Glob with * and ?: a pattern without '/' is matched with the last name of the path alone. */
bool select_path(const char *pattern, const char *path);
/* Has this thread an open scope, now, that --path asks for? True without --path. */
bool select_open(const struct load *load, uint32_t track);
/* For each node: not wanted by --path, neither itself nor above nor below. The caller frees it. */
uint8_t *select_hidden(const struct load *load, const struct settings *settings);

/* ---- named.c: what people call nodes and tracks ---- */
const char *name_of_site(const struct load *load, uint32_t site);
const char *name_of_track(const struct load *load, uint32_t track);
/* "main/load/parse" below the thread, in a buffer of the caller's; returns it. */
char *name_path(const struct load *load, uint32_t node, char *path, size_t bytes);
/* Short forms for people: "12.3 ms"; in a buffer that is used again after 8 calls. */
const char *name_duration(int64_t duration_ns);
const char *name_number(uint64_t number);

/* ---- table.c: rows as text, CSV or JSON ---- */
enum column_type { COLUMN_TEXT, COLUMN_COUNT, COLUMN_NS, COLUMN_SHARE, COLUMN_TIME, COLUMN_NUMBER };
struct column {
    const char *name; /* in CSV and JSON and for --where and --sort: with its unit */
    const char *title;
    enum column_type type;
};
struct table;
struct table *table_create(const struct settings *settings, const struct column *columns, uint32_t count);
/* One cell after the other, row by row. */
void table_text(struct table *table, const char *text);
void table_count(struct table *table, uint64_t count);
void table_ns(struct table *table, int64_t ns);
void table_number(struct table *table, double number);
/* Sort by --sort (or the column named here, longest first), apply --where and --limit, print, free. */
int table_print(struct table *table, const char *sort, uint32_t limit);
/* For what does not fit a table. */
bool tool_is_json(const struct settings *settings);
void tool_json_text(FILE *to, const char *text, size_t bytes);

/* ---- forms.c: one form of a log into the other ---- */
/* A converter; NULL: no memory. */
struct wick_converter *convert_create(uint32_t to, const struct wick_text_out *out);
/* A whole log in the form `to` (enum wick_form), to a file: 0, or an exit code after a message. */
int convert_log(const struct settings *settings, const char *path, uint32_t to, FILE *file);
/* A stream: lines that are written to it go to `to` as wire; closing it closes both. NULL: no memory. */
FILE *convert_stream(FILE *to);
/* Does a file of this name have the form of the wire? */
bool convert_is_wire(const char *name);

/* ---- lines.c: whole lines of a log; of a wire, the lines that it stands for ---- */
struct text_line {
    char *text; /* without its LF; until the next call */
    size_t bytes;
    uint64_t number; /* 1 = first */
    int64_t time_ns;
    bool has_time, has_newline, too_long;
};
struct text_field {
    const char *text;
    size_t bytes;
};
struct line_source;
struct line_source *lines_open(const struct settings *settings, const char *path);
void lines_close(struct line_source *source);
bool lines_next(struct line_source *source, struct text_line *line);
bool lines_split(const struct text_line *line, struct text_field fields[7]);
bool lines_time(const char *text, size_t bytes, int64_t *time_ns);
size_t lines_character(const char *text, size_t left);

/* ---- cmd_*.c ---- */
int cmd_tree(struct settings *settings);
int cmd_run(struct settings *settings);
int cmd_view(struct settings *settings);
int cmd_report(struct settings *settings);
int cmd_hist(struct settings *settings);
int cmd_slow(struct settings *settings);
int cmd_locks(struct settings *settings);
int cmd_postmortem(struct settings *settings);
int cmd_check(struct settings *settings);
int cmd_export(struct settings *settings);
int cmd_flame(struct settings *settings);
int cmd_timeline(struct settings *settings);
int cmd_repair(struct settings *settings);
int cmd_merge(struct settings *settings);
int cmd_doctor(struct settings *settings);
/* The tree as the settings ask for it. */
int show_tree(const struct load *load, const struct settings *settings, FILE *to);

#endif
