/*
 * SPDX-License-Identifier: MIT
 * Several logs in the order in which they are read: by time, the files of one rotated log one behind the other.
 * Must not read more than the head of a log. Invariant: see series.c.
 */
#ifndef WICK_TOOLS_WICK_INPUT_SERIES_H
#define WICK_TOOLS_WICK_INPUT_SERIES_H

#include "tool.h"

enum { RUN_BYTES = 320 };

/* What the head of a log says. */
struct log_head {
    int64_t first_ns; /* time of its first line; INT64_MAX: it has none */
    uint32_t part;    /* number of the file in a rotated log; 0: not said */
    char run[RUN_BYTES];    /* "host pid start"; "": not said */
    int64_t run_start_ns; /* 0: not said */
    bool goes_on;     /* it is the file behind the one before */
    bool ours;        /* written by wick: nothing in it is earlier than its first line */
};

/* Sort logs. Returns their heads in that order, freed by the caller; NULL after a message. */
struct log_head *series_sort(const struct settings *settings, char **paths, int count);
/* The number of files from `at` on, of `count`, that are parts of one log. */
int series_length(const struct log_head *heads, int at, int count);
/* The number of files that are missing before this one. */
uint32_t series_missing(const struct log_head *heads, int at);
/* The file of a growing log `path` that is written behind the one that `fd` is open on: of a rotation, or `path`. */
void series_next_file(const char *path, int fd, char *next, size_t bytes);
enum { SERIES_PATH_BYTES = 4300 };
/* The name of the log of what was posted about the trackers of a log: LOG.posted.ctxt; "": it can have none. True: it is there, and is
 * not of an earlier run with the same log. */
bool series_posted(const struct settings *settings, const char *path, char posted[SERIES_PATH_BYTES]);
/* The logs that the settings name, those of posts first. The caller frees it; it ends with NULL. Itself NULL: out of memory, said. */
char **series_with_posted(const struct settings *settings, int *count);
/* Say which are missing. */
void series_note_missing(const struct log_head *heads, int at, const char *path);

#endif
