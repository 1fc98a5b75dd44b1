/*
 * SPDX-License-Identifier: MIT
 * The contract between the http module (wick-http.so: sockets, HTTP, security, SSE) and its host (libwick:
 * what is served). Neither knows the other's types. Invariant: tables begin with their size and grow at
 * their end; the module calls the host in its own thread only.
 */
#ifndef WICK_LIB_SINK_HTTP_HTTP_MODULE_H
#define WICK_LIB_SINK_HTTP_HTTP_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sink/module.h"

/* What can be asked of the host. */
enum wk_http_what {
    WK_HTTP_HEALTH,
    WK_HTTP_SNAPSHOT,
    WK_HTTP_RANGE,
    WK_HTTP_ROLLUP,
    WK_HTTP_STATS,
    WK_HTTP_BLOB,
    WK_HTTP_CONTROL
};

/* A request that has passed every check. Strings are borrowed for the call. */
struct wk_http_question {
    enum wk_http_what what;
    int64_t from_ns, to_ns;  /* RANGE; INT64_MIN, INT64_MAX when not given */
    uint64_t offset, bytes;  /* BLOB */
    const char *body;        /* CONTROL; ends with NUL */
    size_t body_bytes;
};

enum { WK_HTTP_HEADERS = 2 };

/* What the host makes of it: a body to read, or an error text. */
struct wk_http_answer {
    unsigned status;         /* 200, or an error's */
    const char *type;        /* of the body: a literal */
    void *body;              /* NULL: the text below is the answer */
    char text[256];          /* status 200: the whole body; else what is wrong, plain text */
    struct {
        const char *name;    /* a literal, NULL: none */
        char value[32];
    } headers[WK_HTTP_HEADERS];
};

/* The three messages that the module sends besides frames; their data is one line of JSON. */
enum wk_http_message { WK_HTTP_HELLO, WK_HTTP_STAT, WK_HTTP_BYE };

struct wk_http_host {
    uint32_t size;
    void *user;
    /* The first call of the server's thread. */
    void (*begin)(void *user);
    void (*ask)(void *user, const struct wk_http_question *question, struct wk_http_answer *answer);
    /* Bytes of a body: 0: none yet, ask again soon; < 0: the end, -1 good, -2 torn. Short: a few ms. */
    long (*read)(void *user, void *body, char *to, size_t bytes);
    void (*close)(void *user, void *body);
    /* The sequence number that the next frame will get. */
    uint64_t (*next)(void *user);
    /* Copy whole frames from sequence *from on, up to but without `until`, as many as fit; *from becomes
     * the first that was not copied. More than `bytes` was given: so much is needed for one, nothing was
     * copied. -1: *from is not retained any more, it becomes the first that is. */
    long (*frames)(void *user, uint64_t *from, uint64_t until, char *to, size_t bytes);
    size_t (*message)(void *user, enum wk_http_message what, char *to, size_t bytes);
    /* One line for the person who runs the program. */
    void (*say)(void *user, const char *text);
};

struct wk_http_options {
    uint32_t size;
    int listen_fd;           /* gives */
    const char *token;       /* copies, as the next */
    const char *hosts;       /* further allowed names, separated by commas; NULL: none */
    uint32_t clients_max;    /* of event streams */
};

/* Who is there. */
struct wk_http_counts {
    uint32_t size;
    uint32_t clients;        /* event streams */
    uint64_t streams;        /* event streams since the start */
    uint64_t quiet_ms;       /* since an event stream was open, or a request with a good token came */
    bool dead;               /* its descriptors are gone: it serves nobody any more */
};

struct wk_http_module {
    struct wk_module module;
    /* NULL with the reason in `why`. `host` is copied, its user borrowed until stop. */
    void *(*start)(const struct wk_http_options *options, const struct wk_http_host *host, char *why, size_t why_bytes);
    /* There are new frames. Any thread. */
    void (*wake)(void *server);
    void (*counts)(void *server, struct wk_http_counts *out);
    /* Say bye to everybody and end, at the deadline (CLOCK_MONOTONIC) at the latest. False: it hangs, and
     * the host must stay as it is for ever. */
    bool (*stop)(void *server, int64_t deadline_ns);
    /* In a forked child: close descriptors, free nothing, write nothing. */
    void (*abandon)(void *server);
};

#endif
