/*
 * SPDX-License-Identifier: MIT
 * The files of a log: names, locks, append, rotation, writing. It starts no threads.
 * Invariant: a file ends with a whole line or frame; after a failed write it is cut back to one.
 */
#ifndef WICK_LIB_SINK_LOG_LOG_FILE_H
#define WICK_LIB_SINK_LOG_LOG_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { WK_LOG_OWNER_BYTES = 128 };

struct wk_log_file {
    char path[PATH_MAX];      /* the current file; absolute */
    char stem[PATH_MAX];      /* path up to the suffix */
    char suffix[32];          /* .ctxt, .ctxt.zst, ... or "" */
    char owner[WK_LOG_OWNER_BYTES]; /* `host pid start` of the live run that has locked the name, or "" */
    int fd;
    int direct_fd;            /* the same file with O_DIRECT; -1: not possible here */
    bool named;               /* a copy of a descriptor of the program's (wk_descriptor_named), not a file of ours */
    bool regular;             /* it can be cut, locked, renamed */
    bool unnamed;             /* a new file with the pid in its name, which it gets with its first bytes: an exec leaves no empty one */
    bool stale;               /* contains an earlier log, which the first write removes */
    bool compressed;
    uint32_t mode;            /* of the files, if WICK_LOG_MODE says so; 0: 0600 for new ones */
    bool wire;                /* frames, by the suffix; otherwise lines */
    dev_t device;             /* of fd at open: the host may close and reuse its number */
    ino_t inode;
    uint64_t bytes;           /* in the current file */
    uint64_t rotated_bytes;   /* in the rotated ones that still exist */
    uint32_t first_rotated;   /* numbers of the rotated files that still exist: first .. next - 1 */
    uint32_t next_rotated;
};

/* Open as configured. `pattern` may hold %p and %h. 0, or -errno with a message in `why`. */
struct wk_log_open {
    const char *pattern;
    const char *host;
    uint32_t pid;
    uint32_t mode;            /* 0: 0600 for new files */
    bool append;
    bool beside;              /* open NAME.<pid>.SUFFIX, unless the pattern has the pid already */
    int64_t start_ns;         /* appending is refused when the log ends later */
};
int wk_log_file_open(struct wk_log_file *file, const struct wk_log_open *how, char *why, size_t why_bytes);

/* Alignment of the memory, length and position of a write that bypasses the page cache. */
enum { WK_LOG_BLOCK_BYTES = 4096 };

/* Remove an earlier log: truncating some GB takes some 100 ms, so only the writer thread does it. */
int wk_log_file_empty(struct wk_log_file *file);

/* Write all, or cut back and return -errno. The first write empties the file. */
int wk_log_file_write(struct wk_log_file *file, const char *data, size_t bytes);

/* Can these bytes bypass the page cache? Their memory and length, and the file's, must be whole blocks. */
bool wk_log_file_can_direct(const struct wk_log_file *file, const char *data, size_t bytes);
int wk_log_file_write_direct(struct wk_log_file *file, const char *data, size_t bytes);

/* Move the current file to NAME.<n>.SUFFIX and begin a new one; remove the oldest beyond `total_bytes` (0: none),
 * but never the one that has just been moved. */
int wk_log_file_rotate(struct wk_log_file *file, uint64_t total_bytes);

/* Was the file removed while it was being written? */
bool wk_log_file_removed(const struct wk_log_file *file);

void wk_log_file_close(struct wk_log_file *file);

#endif
