/*
 * SPDX-License-Identifier: MIT
 * Messages of a queue as posts: the routing key is the tracker's key, the body that of POST /status/KEY.
 * Must not know AMQP. Invariants: a message is acknowledged after its post was taken; nobody waits for the server but the thread.
 */
#ifndef WICK_LIB_SINK_AMQP_HOST_AMQP_INGRESS_H
#define WICK_LIB_SINK_AMQP_HOST_AMQP_INGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/condition.h"
#include "base/worker.h"
#include "sink/amqp/amqp_module.h"

enum wk_amqp_post { WK_AMQP_TAKEN, WK_AMQP_MALFORMED, WK_AMQP_NOT_NOW };

struct wk_amqp_counts {
    uint64_t taken, rejected, connections;
    bool up;
};

struct wk_amqp_ingress {
    const struct wk_amqp_module *module; /* of the thread, as what follows */
    struct wk_worker worker;
    void *client;
    char *url, shown[320];
    bool told, told_rejected;            /* that it is down; of a message that was rejected */
    uint32_t pause_ms;                   /* before the next try */
    /* Take a post; the reason why not in `why`. In the thread. */
    enum wk_amqp_post (*post)(void *user, const struct wk_amqp_message *message, char *why, size_t why_bytes);
    void *user;

    pthread_mutex_t lock;                /* guards what follows */
    struct wk_condition changed;
    struct wk_amqp_counts counts;
    bool stop, ended;
};

/* Start it; post and user are set, the rest is zero. The URL is copied. False: the error is set. */
bool wk_amqp_start(struct wk_amqp_ingress *self, const char *url);
/* End it. False: it hangs beyond the deadline, and must never be freed. */
bool wk_amqp_stop(struct wk_amqp_ingress *self, int64_t deadline_ns);
void wk_amqp_counts_read(struct wk_amqp_ingress *self, struct wk_amqp_counts *counts);

#endif
