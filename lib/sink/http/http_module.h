/*
 * SPDX-License-Identifier: MIT
 * The interface between the http module (wick-http.so: sockets, HTTP, security, SSE) and its host (libwick: the data).
 * Each table begins with its size and grows at its end. The module calls the host in its own thread only.
 */
#ifndef WICK_LIB_SINK_HTTP_HTTP_MODULE_H
#define WICK_LIB_SINK_HTTP_HTTP_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/worker.h"
#include "sink/module.h"

/* Questions that the module asks the host. */
enum wk_http_what {
    WK_HTTP_HEALTH,
    WK_HTTP_SNAPSHOT,
    WK_HTTP_RANGE,
    WK_HTTP_ROLLUP,
    WK_HTTP_STATS,
    WK_HTTP_BLOB,
    WK_HTTP_CONTROL,
    WK_HTTP_STATUS,
    WK_HTTP_POST,   /* a status */
    WK_HTTP_DELETE, /* likewise */
    WK_HTTP_RUNS,
    WK_HTTP_METRICS
};

enum { WK_HTTP_POST_BYTES = 65536 }; /* of a status that is posted, at most */

/* A request that has passed every check. Strings are borrowed for the call. */
struct wk_http_question {
    enum wk_http_what what;
    int64_t from_ns, to_ns;  /* RANGE; INT64_MIN, INT64_MAX when not given */
    uint64_t offset, bytes;  /* BLOB */
    const char *body;        /* CONTROL, POST; ends with NUL */
    size_t body_bytes;
    const char *key;         /* STATUS, POST, DELETE; NULL: all roots */
    uint32_t key_bytes;
    uint32_t depth;          /* STATUS: levels of trackers */
    bool lines;              /* STATUS: facts, as a log has them */
    bool openmetrics;        /* METRICS: the client reads this form */
    const char *run;         /* ROLLUP: of a run in Redis; NULL: of the server itself */
};

enum { WK_HTTP_HEADERS = 2 };

/* The host's answer: a body to read, or a text. */
struct wk_http_answer {
    unsigned status;         /* of HTTP: 200, or an error */
    const char *type;        /* content type, a literal */
    void *body;              /* to be read piece by piece; NULL: `text` is the answer */
    char text[256];          /* status 200: the whole body; else the error, plain text */
    struct {
        const char *name;    /* a literal, NULL: none */
        char value[32];
    } headers[WK_HTTP_HEADERS];
};

/* Texts of JSON in one line: what the module sends besides frames, and its errors. */
enum wk_http_message { WK_HTTP_HELLO, WK_HTTP_STAT, WK_HTTP_BYE, WK_HTTP_GAP, WK_HTTP_ERROR };

/* What only the module knows about them. */
struct wk_http_values {
    uint64_t from, to; /* GAP: sequence numbers */
    const char *text;  /* ERROR */
    unsigned status;
};

/* A client that watches the trackers of a key. */
struct wk_http_updates {
    const char *key;
    uint32_t key_bytes;
    uint64_t at;       /* of the host; 0 at first: the tracker of the key is told, whatever it is */
    bool more;         /* out: there is more already */
};

struct wk_http_host {
    uint32_t size;
    void *user;
    /* Start the server's thread as one of wick's own; false: it was refused. */
    bool (*start)(struct wk_worker *thread);
    void (*ask)(void *user, const struct wk_http_question *question, struct wk_http_answer *answer);
    /* Read bytes of a body, in a few ms. 0: none yet, ask again soon; -1: complete; -2: torn. */
    long (*read)(void *user, void *body, char *to, size_t bytes);
    void (*close)(void *user, void *body);
    /* Sequence number of the next frame. */
    uint64_t (*next)(void *user);
    /* Copy as many whole frames as fit, from sequence *from on, below `until`; *from becomes the first that was not
     * copied. A result above `bytes`: nothing was copied, the next frame needs so many bytes. -1: frame *from was
     * dropped; *from becomes the oldest retained one. */
    long (*frames)(void *user, uint64_t *from, uint64_t until, char *to, size_t bytes);
    /* `values`: of GAP and ERROR. Returns the size; what does not fit is `{}`. */
    size_t (*message)(void *user, enum wk_http_message what, const struct wk_http_values *values, char *to, size_t bytes);
    /* Print a diagnostic line on stderr. */
    void (*say)(void *user, const char *text);
    /* Write the trackers below the key that have changed since the last call: an array in one line. 0: there is none. A result
     * above `bytes`: nothing was copied, it needs so many bytes. -1: changes were forgotten; the next call goes on behind them. */
    long (*updates)(void *user, struct wk_http_updates *updates, char *to, size_t bytes);
};

struct wk_http_options {
    uint32_t size;
    int listen_fd;           /* gives */
    const char *token;       /* copies, as the next */
    const char *hosts;       /* further allowed names, separated by commas; NULL: none */
    uint32_t clients_max;    /* of event streams */
};

/* Counters of the server. */
struct wk_http_counts {
    uint32_t size;
    uint32_t clients;        /* event streams */
    uint64_t streams;        /* event streams since the start */
    uint64_t quiet_ms;       /* since the last event stream or request with a good token; 0: a stream is open */
    bool dead;               /* the host closed the server's descriptors: nothing is served any more */
};

struct wk_http_module {
    struct wk_module module;
    /* NULL with the reason in `why`. `host` is copied, its user borrowed until stop. */
    void *(*start)(const struct wk_http_options *options, const struct wk_http_host *host, char *why, size_t why_bytes);
    /* Tell the server that there are new frames. Any thread. */
    void (*wake)(void *server);
    void (*counts)(void *server, struct wk_http_counts *out);
    /* Send `bye` to every client and end, at the deadline (CLOCK_MONOTONIC) at the latest. False: the thread hangs, and
     * the host must never be freed. */
    bool (*stop)(void *server, int64_t deadline_ns);
    /* In a forked child: close descriptors, free nothing, write nothing. */
    void (*abandon)(void *server);
};

#endif
