/*
 * SPDX-License-Identifier: MIT
 * The live page: serve records to browsers while they come in. WICK_SERVE does this for the program that
 * records; `wick view` and `wick run --live` do it for logs, with the functions here. Experimental: they may
 * change with each minor release.
 */
#ifndef WICK_SERVE_H
#define WICK_SERVE_H

#include "control.h"
#include "model.h"

WICK_I_EXTERN_BEGIN

/* A log that can be read from its beginning, for ranges of time that are not retained. */
struct wick_serve_log {
    /* The index-th log; NULL: there are no more, or it cannot be read. Threads: the server's, as the next. */
    void *(*open)(void *user, uint32_t index);
    long (*read)(void *log, char *to, size_t bytes); /* 0: the end; < 0: an error */
    void (*close)(void *log);
    /* Bytes of a long text that a log names `wick+file:...#offset bytes`; < 0: there is none. NULL: none. */
    long (*text)(void *user, uint64_t offset, char *to, size_t bytes);
};

/* Size first; every zero field means its default. Strings are copied, pointers to functions too. */
struct wick_serve_options {
    uint32_t size;             /* sizeof(struct wick_serve_options) */
    uint32_t clients_max;      /* 0: 64; event streams, that is pages, at once */
    const char *address;       /* NULL: 127.0.0.1:0; ADDRESS:PORT, port 0: any free one */
    const char *token;         /* NULL: a random one; else 16 to 128 letters, digits, - and _ */
    const char *hosts;         /* NULL: none; further names of this server, separated by commas */
    const char *link_path;     /* NULL: none; the link is written to this file, mode 0600, while it is good */
    const char *module_dir;    /* NULL: none; where wick-http.so is looked for first */
    uint64_t retain_bytes;     /* 0: 64 MiB; detail that is kept for those who come late */
    uint8_t wide;              /* an address that is not the loopback's is allowed */
    uint8_t live;              /* now is now; else the time of the last record */
    uint8_t reserved[6];
    struct wick_serve_log log; /* all NULL: there is none */
    /* A command of the page: 0, or an error whose text wick_error_detail has. NULL: there are none. Called in
     * the server's thread. */
    int (*control)(void *user, const char *command, const char *text);
    void *user;                /* borrowed until wick_serve_stop */
};

/* Who is connected. */
struct wick_serve_counts {
    uint32_t size;             /* set by the caller */
    uint32_t clients;          /* event streams: visible pages */
    uint64_t streams;          /* event streams since the start */
    uint64_t quiet_ms;         /* since there was one, or a request with a good token; 0: there is one */
    uint8_t dead;              /* the program closed the server's descriptors */
    uint8_t reserved[7];
};

struct wick_server;

/*
 * Start a server in a thread of its own. NULL on failure: wick_error_detail says why.
 *
 * options    copied, but for its user
 * Threads    any     Signals   not safe
 * Since      0.1
 */
WICK_API struct wick_server *wick_serve_start(const struct wick_serve_options *options);

/* The link of the page, token included: borrowed until wick_serve_stop. Since 0.1 */
WICK_API const char *wick_serve_link(const struct wick_server *server);

/*
 * Take records, lines about the run, the recorder's own counters; hand out what was taken so far.
 *
 * names      borrows for the call: what the records' indices mean
 * word       run (`key value`), stat or break
 * now_ns     not earlier than any record so far
 * Threads    one at a time per server     Signals   not safe
 * Errors     none: what finds no memory is counted, and the page shows it
 * Since      0.1
 */
WICK_API void wick_serve_records(struct wick_server *server, const struct wick_names *names,
                                 const struct wick_record *records, size_t count);
WICK_API void wick_serve_line(struct wick_server *server, int64_t time_ns, const char *word, const char *text);
WICK_API void wick_serve_stats(struct wick_server *server, const struct wick_stats *stats);
WICK_API void wick_serve_tick(struct wick_server *server, int64_t now_ns);

/* Read who is connected. Threads: any. Since 0.1 */
WICK_API void wick_serve_counts_read(struct wick_server *server, struct wick_serve_counts *counts);

/*
 * Tell every page why it ends (a few plain words), then end.
 *
 * Errors     TIMEOUT: it did not end in time, and is left as it is
 * Since      0.1
 */
WICK_API int wick_serve_stop(struct wick_server *server, const char *reason, uint32_t deadline_ms);

/* In a forked child: let go of the parent's server. Nothing is freed or sent. Since 0.1 */
WICK_API void wick_serve_abandon(struct wick_server *server);

WICK_I_EXTERN_END

#endif
