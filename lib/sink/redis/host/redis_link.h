/*
 * SPDX-License-Identifier: MIT
 * A connection to Redis: the module, loaded when it is first asked for, sockets with time-outs, and batches of commands.
 * One thread at a time per link; its signals are blocked (wk_worker_start), or SIGPIPE would end the program.
 */
#ifndef WICK_LIB_SINK_REDIS_HOST_REDIS_LINK_H
#define WICK_LIB_SINK_REDIS_HOST_REDIS_LINK_H

#include "model/base/mem.h"
#include "redis_url.h"
#include "sink/redis/redis_module.h"

enum { WK_REDIS_NODES = 16 };

struct wk_redis_link {
    const struct wk_redis_module *module;
    void *client; /* NULL: not connected */
    struct wk_redis_url url;
    uint32_t timeout_ms;
    char why[320];
    struct wk_redis_node nodes[WK_REDIS_NODES]; /* of the cluster, when it was connected last: one of them is asked when that of the
                                                 * URL does not answer */
    uint32_t node_count;
};

/* Load the module. False with the reason in link->why. */
bool wk_redis_link_load(struct wk_redis_link *link);
/* Connect. False with the reason in link->why. */
bool wk_redis_link_open(struct wk_redis_link *link);
void wk_redis_link_close(struct wk_redis_link *link);

/* Commands that are being collected. Zeroed: none. */
struct wk_commands {
    struct wk_array bytes;  /* char: of all of them */
    struct wk_array list;   /* struct wk_command_place */
    struct wk_array words;  /* char: of the one that is being written */
    uint32_t count;         /* its words */
    uint32_t slot;
    bool optional;          /* the one that is being written: an error of it is no error of the batch */
    bool failed;            /* no memory */
};

struct wk_command_place {
    size_t at, bytes;
    uint32_t slot;
    bool optional;
};

void wk_commands_fini(struct wk_commands *commands);
void wk_commands_clear(struct wk_commands *commands);
/* Begin a command about a key, add its words, end it. Returns its index. */
void wk_command_begin(struct wk_commands *commands, const char *name, const char *key, size_t key_bytes);
void wk_command_word(struct wk_commands *commands, const char *bytes, size_t count);
void wk_command_text(struct wk_commands *commands, const char *text);
void wk_command_number(struct wk_commands *commands, int64_t number);
uint32_t wk_command_end(struct wk_commands *commands);

/* Run what is collected; it stays collected. False: the connection has failed and is closed; the reason is in link->why. */
bool wk_redis_link_run(struct wk_redis_link *link, const struct wk_commands *commands,
                       void (*reply)(void *user, size_t index, const void *reply), void *user);

#endif
