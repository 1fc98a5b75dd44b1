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
    bool help, no_times, all, combine, follow, no_header, keep;
    uint32_t width, depth, children, limit;
    int64_t min_ns;
    const char *sort, *by, *format, *color, *log, *to, *output, *thread, *path, *from, *until, *where,
        *lock, *shift, *interval;
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
/* "" or ", did you mean X?" with X from NULL-terminated words. */
const char *tool_suggest(const char *word, const char *const *words);
/* 1.5ms, 200us, 3 (seconds): false when it is none. */
bool tool_duration(const char *text, int64_t *duration_ns);

/* ---- host.c ---- */
extern const struct wick_allocator tool_allocator;
uint32_t tool_vector(void);
uint32_t tool_columns(FILE *to);
bool tool_colours(const struct settings *settings, FILE *to);
extern const struct wick_text_out tool_stdout, tool_stderr;
void tool_error(const struct settings *settings, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void tool_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ---- input.c: the bytes of a log, plain or compressed ---- */
struct input;
/* NULL after a message. "-" is standard input. */
struct input *input_open(const struct settings *settings, const char *path);
/* Bytes read, 0 at the end, < 0 after a message. */
long input_read(struct input *input, char *to, size_t bytes);
void input_close(struct input *input);
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
struct load {
    const struct settings *settings;
    struct wick_names *names;
    struct wick_tree *tree;
    struct wick_reader *reader;
    uint64_t bytes, lines, records, problems;
    uint32_t logs;
    int bar; /* percent that the progress bar shows; -1: it does not */
};
/* 0, or an exit code after a message; load_end in any case. */
int load_begin(struct load *load, const struct settings *settings);
int load_log(struct load *load, const char *path);
int load_all(struct load *load, const struct settings *settings);
void load_end(struct load *load);
/* The bar on a terminal, for logs that take a while. */
void load_progress(struct load *load, uint64_t done, uint64_t all);

/* ---- load_parallel.c ---- */
int load_file_parallel(struct load *load, int fd, uint64_t bytes, uint32_t threads);

/* ---- cmd_*.c ---- */
int cmd_tree(struct settings *settings);
int cmd_run(struct settings *settings);
/* The tree as the settings ask for it. */
int show_tree(const struct load *load, const struct settings *settings, FILE *to);

#endif
