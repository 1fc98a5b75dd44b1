/*
 * SPDX-License-Identifier: MIT
 * The live page: serves records to browsers while they arrive. WICK_SERVE does this in the recording program; `wick
 * view` and `wick run --live` do it for logs, with the functions here. Experimental: they may change with each minor
 * release.
 */
#ifndef WICK_SERVE_H
#define WICK_SERVE_H

#include "control.h"
#include "model.h"

WICK_I_EXTERN_BEGIN

/* A log that can be read from its beginning, for ranges of time that are not retained. */
struct wick_serve_log {
    /* Open the index-th log; NULL: no more, or not readable. All of these are called in the server's thread. */
    void *(*open)(void *user, uint32_t index);
    long (*read)(void *log, char *to, size_t bytes); /* 0: the end; < 0: an error */
    void (*close)(void *log);
    /* Read a long text that the log references as `wick+file:...#offset bytes`; < 0: not found. NULL: no such texts. */
    long (*text)(void *user, uint64_t offset, char *to, size_t bytes);
};

/* Size first; every zero field means its default. Strings are copied, pointers to functions too. */
struct wick_serve_options {
    uint32_t size;             /* sizeof(struct wick_serve_options) */
    uint32_t clients_max;      /* 0: 64; event streams, that is pages, at once */
    const char *address;       /* NULL: 127.0.0.1:0; ADDRESS:PORT, port 0: any free one */
    const char *token;         /* NULL: a random one; else 16 to 128 letters, digits, - and _ */
    const char *hosts;         /* NULL: none; further names of this server, separated by commas */
    const char *link_path;     /* NULL: none; a file for the link, mode 0600, removed at the end */
    const char *module_dir;    /* NULL: none; searched for wick-http.so after WICK_MODULE_DIR */
    uint64_t retain_bytes;     /* 0: 64 MiB; detail kept for late pages */
    uint8_t wide;              /* allow an address that other machines can reach */
    uint8_t live;              /* the page's now is the wall clock; else the time of the last record */
    uint8_t store;             /* posts are what it is for: /health fails while `posted` does */
    uint8_t reserved[5];
    struct wick_serve_log log; /* all NULL: there is none */
    /* Carry out a command of the page: 0, or an error with wick_error_detail set. NULL: no commands. Called in the
     * server's thread. */
    int (*control)(void *user, const char *command, const char *text);
    void *user;                /* borrowed until wick_serve_stop */
    /* Write down what was posted about trackers: `time_ns` and text of a `tracker` line of a log. First with a text of NULL: can
     * you? 0, or a negative number: the post is refused. NULL: nothing can be posted. Called by one
     * thread at a time: the server's, or that of `amqp`. */
    int (*posted)(void *user, int64_t time_ns, const char *text);
    const char *redis;         /* NULL: none; redis://[user:password@]host:port/db: all runs that are mirrored there are served */
    const char *amqp;          /* NULL: none; amqp://[user:password@]host:port/vhost: messages are posts (see `posted`) */
};

/* Counters of the server. */
struct wick_serve_counts {
    uint32_t size;             /* set by the caller */
    uint32_t clients;          /* event streams: visible pages */
    uint64_t streams;          /* event streams since the start */
    uint64_t quiet_ms;         /* since the last stream or request with a good token; 0: a stream is open */
    uint8_t dead;              /* the program closed the server's descriptors */
    uint8_t reserved[7];
};

struct wick_server;

/*
 * Start a server in a thread of its own. NULL on failure: wick_error_detail has the reason.
 *
 * options    copies; user is borrowed until wick_serve_stop
 * Threads    any     Signals   not safe
 * Since      0.1
 */
WICK_API struct wick_server *wick_serve_start(const struct wick_serve_options *options);

/* Return the page's link with its token; borrowed until wick_serve_stop. Since 0.1 */
WICK_API const char *wick_serve_link(const struct wick_server *server);

/*
 * Lock the server's table of names, which its thread reads, to add what the next records name; site 0 is none. Between the
 * two no other function of the server may be called.
 *
 * Returns    borrows until wick_serve_unlock
 * Threads    one at a time per server, as the next     Signals   not safe
 * Since      0.1
 */
WICK_API struct wick_names *wick_serve_lock(struct wick_server *server);
WICK_API void wick_serve_unlock(struct wick_server *server);

/*
 * Pass records, lines about the run and the recorder's own counters to the server; wick_serve_tick sends them on.
 *
 * records    borrows until return; their indices are those of wick_serve_lock's table
 * line       RUN, STAT or BREAK
 * now_ns     not earlier than any record so far
 * Threads    one at a time per server     Signals   not safe
 * Errors     none: records that find no memory are counted, and the page shows the count
 * Since      0.1
 */
WICK_API void wick_serve_records(struct wick_server *server, const struct wick_record *records, size_t count);
WICK_API void wick_serve_line(struct wick_server *server, int64_t time_ns, enum wick_line line, const char *text);
WICK_API void wick_serve_stats(struct wick_server *server, const struct wick_stats *stats);
WICK_API void wick_serve_tick(struct wick_server *server, int64_t now_ns);

/* Read the server's counters. Threads: any. Since 0.1 */
WICK_API void wick_serve_counts_read(struct wick_server *server, struct wick_serve_counts *counts);

/*
 * Stop the server; every page shows `reason`, a few plain words.
 *
 * Errors     TIMEOUT when it did not stop in time: its memory is never freed
 * Since      0.1
 */
WICK_API int wick_serve_stop(struct wick_server *server, const char *reason, uint32_t deadline_ms);

/* In a forked child: close the descriptors of the parent's server. Nothing is freed or sent. Since 0.1 */
WICK_API void wick_serve_abandon(struct wick_server *server);

WICK_I_EXTERN_END

#endif
