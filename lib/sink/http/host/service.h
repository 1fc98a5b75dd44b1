/*
 * SPDX-License-Identifier: MIT
 * The host's side of the server: the retained data, the options, the loaded module. Must not know libmicrohttpd.
 * The module's questions are answered in its thread; the lock of `retained` is held only briefly.
 */
#ifndef WICK_LIB_SINK_HTTP_HOST_SERVICE_H
#define WICK_LIB_SINK_HTTP_HOST_SERVICE_H

#include "sink/http/http_module.h"
#include "retained.h"
#include "growing.h"
#include "wick/json.h"

struct wick_server {
    struct wk_retained retained;
    struct wick_serve_options options; /* its strings are not valid after start */
    const struct wk_http_module *module;
    void *handle;          /* the module's */
    char token[129];
    char link[400];
    char log[256];         /* name of the run's log without its directory; "": none, or it is too long */
    bool link_written;     /* to WICK_SERVE_LINK */
    char reason[80];       /* why the page ends */
    int64_t posts_start_ns; /* of a server without a drain */
    bool posts_failed;     /* a fact was not written down */
    char run[64];          /* WICK_RUN; "": not said */
    pthread_mutex_t posts_lock; /* of posts and `posted`; the board's lock is taken inside */
    struct wk_amqp_ingress *amqp; /* whose messages are posts; NULL: none */
    struct wk_fleet *fleet; /* the runs in Redis that it follows; NULL: none */
};

/* wick_serve_start for a run whose names and tree another one owns, as the drain. */
struct wick_server *wk_serve_start(const struct wick_serve_options *options, struct wk_run_tree *run_tree);

/* answers.c: struct wk_http_host's functions; user is a struct wick_server. */
void wk_answers_ask(void *user, const struct wk_http_question *question, struct wk_http_answer *answer);
long wk_answers_read(void *user, void *body, char *to, size_t bytes);
void wk_answers_close(void *user, void *body);
size_t wk_answers_message(void *user, enum wk_http_message what, const struct wk_http_values *values, char *to,
                          size_t bytes);

/* answer_updates.c: `updates` of struct wk_http_host. */
long wk_answer_updates(void *user, struct wk_http_updates *updates, char *to, size_t bytes);

/* answer_trackers.c: append a frame with the trackers from *entry on; false: those were the last ones. */
bool wk_snapshot_trackers(uint32_t *entry, struct wk_growing *to);

/* posts.c: what clients say about trackers. Of a server without a drain, `posted` of its options writes the facts down. */
void wk_posts_begin(struct wick_server *server);
void wk_posts_post(struct wick_server *server, const struct wk_http_question *question, struct wk_http_answer *answer);
/* 1: it was there, 0: it was not; < 0: a refusal is in `answer`. */
int wk_posts_remove(struct wick_server *server, const struct wk_http_question *question, struct wk_http_answer *answer);

/* Can the owner write down posts? */
bool wk_posts_can(struct wick_server *server);
/* Take the messages of a queue as posts. True also when there is none to be asked; false: the error is set. */
bool wk_posts_listen(struct wick_server *server, const char *url);
/* False: it hangs, and the server must never be freed. */
bool wk_posts_listen_no_more(struct wick_server *server, int64_t deadline_ns);

/* answer_tree.c: the rollup, node by node. False: complete. The caller holds the lock. */
struct wk_rollup {
    uint32_t node;            /* the next */
    int64_t now_ns;           /* until which open scopes count */
    struct wk_growing depths; /* uint32_t for each node that was written */
};
void wk_answer_tree_begin(const struct wk_retained *retained, struct wick_json *json);
bool wk_answer_tree_node(const struct wk_retained *retained, struct wk_rollup *rollup, struct wick_json *json);
void wk_answer_stats(const struct wk_retained *retained, const char *name, struct wick_json *json);

/* answer_log.c: a range of time from the logs on disk. NULL: no memory, or no log that can be read. */
struct wk_log_range;
struct wk_log_range *wk_log_range_create(const struct wick_serve_options *options, int64_t from_ns, int64_t to_ns);
/* Read on for a few ms and append frames to `out`; false: complete. */
bool wk_log_range_step(struct wk_log_range *range, struct wk_growing *out);
void wk_log_range_destroy(struct wk_log_range *range);

#endif
