/*
 * SPDX-License-Identifier: MIT
 * The interface between the amqp module (wick-amqp.so: librabbitmq) and its host (libwick). The table begins with its size and grows
 * at its end. One thread at a time per client; all its signals are blocked.
 */
#ifndef WICK_LIB_SINK_AMQP_AMQP_MODULE_H
#define WICK_LIB_SINK_AMQP_AMQP_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sink/module.h"

/* What is declared, and from where messages come. Texts are borrowed for the call. */
struct wk_amqp_source {
    const char *url;      /* amqp://[user:password@]host[:port][/vhost] */
    const char *exchange; /* topic, durable */
    const char *queue;    /* durable, bound with # */
    uint16_t prefetch;
    uint32_t timeout_ms;  /* of the connection, and of each answer */
};

/* A message. Both texts end with NUL, which is not counted; borrowed until it is settled. */
struct wk_amqp_message {
    const char *key, *body;
    size_t key_bytes, body_bytes;
};

struct wk_amqp_module {
    struct wk_module module;
    /* Say what is wrong with a URL, and how it is shown: without user and password. NULL: nothing. */
    const char *(*check)(const char *url, char *shown, size_t shown_bytes);
    /* Connect, declare, begin to consume. NULL with the reason in `why`. */
    void *(*open)(const struct wk_amqp_source *source, char *why, size_t why_bytes);
    /* Wait for the next message: 1; 0: none came in time; -1 with the reason in `why`: the client is of no use any more. */
    int (*next)(void *client, uint32_t timeout_ms, struct wk_amqp_message *message);
    /* Acknowledge the last message, or reject it for good. False: likewise. */
    bool (*settle)(void *client, bool taken);
    /* Why the last call failed; borrowed until the next one. */
    const char *(*why)(void *client);
    /* What is not settled goes back to the server. */
    void (*close)(void *client);
};

#endif
