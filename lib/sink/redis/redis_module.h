/*
 * SPDX-License-Identifier: MIT
 * The interface between the redis module (wick-redis.so: hiredis, pipelines, redirects of a cluster) and its host (libwick).
 * Each table begins with its size and grows at its end. One thread at a time per client; all its signals are blocked, since
 * hiredis writes to sockets that may be gone.
 */
#ifndef WICK_LIB_SINK_REDIS_REDIS_MODULE_H
#define WICK_LIB_SINK_REDIS_REDIS_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sink/module.h"

enum { WK_REDIS_SLOTS = 16384 };

/* Where the server is. Texts are copied. */
struct wk_redis_server {
    const char *host, *port;
    const char *user;      /* "": none */
    const char *password;  /* "": none */
    uint32_t database;
    uint32_t timeout_ms;   /* of a connection, and of each wait for bytes */
};

struct wk_redis_host {
    uint32_t size;
    /* Connect a blocking socket whose reads and writes time out; -1 with the reason in `why`. */
    int (*connect)(const char *host, const char *port, uint32_t timeout_ms, char *why, size_t why_bytes);
};

/* One command in Redis's own form: the host has written its lengths. */
struct wk_redis_command {
    const char *bytes;
    size_t count;
    uint32_t slot;         /* of its key in a cluster */
};

struct wk_redis_batch {
    const struct wk_redis_command *commands;
    size_t count;
    /* Each command has one reply, in any order; borrowed until this returns. NULL: not interested. */
    void (*reply)(void *user, size_t index, const void *reply);
    void *user;
};

enum wk_redis_kind { WK_REDIS_TEXT = 1, WK_REDIS_ARRAY, WK_REDIS_INTEGER, WK_REDIS_NIL, WK_REDIS_STATUS, WK_REDIS_ERROR };

/* A reply that is not an array, or how many items an array has. */
struct wk_redis_value {
    enum wk_redis_kind kind;
    int64_t integer;
    const char *text;      /* TEXT, STATUS, ERROR: borrowed; ends with NUL. Else "" */
    size_t bytes;
    size_t items;
};

/* A node of a cluster. */
struct wk_redis_node {
    char host[256], port[8];
};

struct wk_redis_module {
    struct wk_module module;
    /* Connect, authenticate, select the database, and hear from the server. NULL with the reason in `why`. */
    void *(*open)(const struct wk_redis_server *server, const struct wk_redis_host *host, char *why, size_t why_bytes);
    /* Send commands at once and read all replies; follows MOVED and ASK. False with the reason in `why`: a connection has
     * failed, and which commands were executed is not known; the client is of no use any more. */
    bool (*run)(void *client, const struct wk_redis_batch *batch, char *why, size_t why_bytes);
    void (*read)(const void *reply, struct wk_redis_value *value);
    const void *(*item)(const void *reply, size_t index);
    void (*close)(void *client);
    /* In a forked child: close descriptors, free nothing, write nothing. */
    void (*abandon)(void *client);
    /* The node of a cluster by its number, as the cluster told when the client was opened; false: there are no more. */
    bool (*node)(void *client, uint32_t number, struct wk_redis_node *node);
};

#endif
