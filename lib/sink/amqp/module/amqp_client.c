/*
 * SPDX-License-Identifier: MIT
 * The amqp module: a consumer of one queue, with librabbitmq. Must not know what messages mean.
 */
#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_tcp_socket.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sink/amqp/amqp_module.h"

enum { CHANNEL = 1, FRAME_MOST = 131072, HEARTBEAT_S = 30 };

struct amqp_consumer {
    amqp_connection_state_t connection;
    amqp_envelope_t envelope;
    bool has_message;
    char key[256], *body; /* of the message, with a NUL */
    char why[256];
};

/* An empty vhost, which no server has, means the first one. */
static const char *vhost_of(const struct amqp_connection_info *info)
{
    return info->vhost[0] ? info->vhost : "/";
}

static const char *check_url(const char *url, char *shown, size_t shown_bytes)
{
    struct amqp_connection_info info;
    char *copy = strdup(url);
    int rc = copy ? amqp_parse_url(copy, &info) : AMQP_STATUS_NO_MEMORY;
    const char *wrong = rc != AMQP_STATUS_OK || !info.host[0] ? "expected amqp://[user:password@]host[:port][/vhost]"
                        : info.ssl ? "TLS (amqps://) is not supported: use a tunnel" : NULL;

    snprintf(shown, shown_bytes, "amqp://%s:%d/%s", wrong ? "" : info.host, wrong ? 0 : info.port, wrong ? "" : strcmp(info.vhost, "/") == 0 ? "" : info.vhost);
    free(copy);
    return wrong;
}

/* ---- errors ---------------------------------------------------------------------------------- */

/* The text of a close that the server sent: of a connection or of a channel. */
static void say_closed(struct amqp_consumer *client, const amqp_method_t *method)
{
    const amqp_connection_close_t *connection = method->decoded; /* both begin with code and text */

    if (method->id == AMQP_CONNECTION_CLOSE_METHOD || method->id == AMQP_CHANNEL_CLOSE_METHOD) {
        snprintf(client->why, sizeof client->why, "%.*s", (int)connection->reply_text.len, (const char *)connection->reply_text.bytes);
    } else {
        snprintf(client->why, sizeof client->why, "the server ended it");
    }
}

/* True: the answer is good. */
static bool look_at(struct amqp_consumer *client, amqp_rpc_reply_t reply)
{
    if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION) {
        snprintf(client->why, sizeof client->why, "%s", amqp_error_string2(reply.library_error));
    } else if (reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION) {
        say_closed(client, &reply.reply);
    } else if (reply.reply_type == AMQP_RESPONSE_NONE) {
        snprintf(client->why, sizeof client->why, "no answer");
    }
    return reply.reply_type == AMQP_RESPONSE_NORMAL;
}

static bool answered(struct amqp_consumer *client)
{
    return look_at(client, amqp_get_rpc_reply(client->connection));
}

static bool did(struct amqp_consumer *client, int status)
{
    if (status != AMQP_STATUS_OK) {
        snprintf(client->why, sizeof client->why, "%s", amqp_error_string2(status));
    }
    return status == AMQP_STATUS_OK;
}

/* ---- opening --------------------------------------------------------------------------------- */

static struct timeval time_of(uint32_t ms)
{
    return (struct timeval){.tv_sec = ms / 1000, .tv_usec = (suseconds_t)(ms % 1000) * 1000};
}

static bool connect_to(struct amqp_consumer *client, const struct amqp_connection_info *info, uint32_t timeout_ms)
{
    const struct timeval timeout = time_of(timeout_ms);
    amqp_socket_t *socket = amqp_tcp_socket_new(client->connection);

    if (!socket) {
        return did(client, AMQP_STATUS_NO_MEMORY);
    }
    if (!did(client, amqp_set_handshake_timeout(client->connection, &timeout)) ||
        !did(client, amqp_set_rpc_timeout(client->connection, &timeout)) ||
        !did(client, amqp_socket_open_noblock(socket, info->host, info->port, &timeout)) ||
        !look_at(client, amqp_login(client->connection, vhost_of(info), 0, FRAME_MOST, HEARTBEAT_S, AMQP_SASL_METHOD_PLAIN, info->user, info->password))) {
        return false;
    }
    amqp_channel_open(client->connection, CHANNEL);
    return answered(client);
}

static bool declare(struct amqp_consumer *client, const struct wk_amqp_source *source)
{
    const amqp_bytes_t exchange = amqp_cstring_bytes(source->exchange), queue = amqp_cstring_bytes(source->queue);

    amqp_exchange_declare(client->connection, CHANNEL, exchange, amqp_cstring_bytes("topic"), 0, 1, 0, 0, amqp_empty_table);
    if (!answered(client)) {
        return false;
    }
    amqp_queue_declare(client->connection, CHANNEL, queue, 0, 1, 0, 0, amqp_empty_table);
    if (!answered(client)) {
        return false;
    }
    amqp_queue_bind(client->connection, CHANNEL, queue, exchange, amqp_cstring_bytes("#"), amqp_empty_table);
    if (!answered(client)) {
        return false;
    }
    amqp_basic_qos(client->connection, CHANNEL, 0, source->prefetch, 0);
    if (!answered(client)) {
        return false;
    }
    amqp_basic_consume(client->connection, CHANNEL, queue, amqp_empty_bytes, 0, 0, 0, amqp_empty_table);
    return answered(client);
}

static void settle_none(struct amqp_consumer *client)
{
    if (client->has_message) {
        amqp_destroy_envelope(&client->envelope);
        free(client->body);
        client->body = NULL;
        client->has_message = false;
    }
}

/* Without a farewell: the server puts back what is not settled when the connection ends, and may not answer. */
static void close_client(void *handle)
{
    struct amqp_consumer *client = handle;

    settle_none(client);
    (void)amqp_destroy_connection(client->connection);
    free(client);
}

static void *open_client(const struct wk_amqp_source *source, char *why, size_t why_bytes)
{
    struct amqp_consumer *client = calloc(1, sizeof *client);
    char *url = strdup(source->url);
    struct amqp_connection_info info;

    snprintf(why, why_bytes, "no memory");
    if (client && url && (client->connection = amqp_new_connection()) != NULL) {
        if (did(client, amqp_parse_url(url, &info)) && connect_to(client, &info, source->timeout_ms) && declare(client, source)) {
            free(url);
            return client;
        }
        snprintf(why, why_bytes, "%s", client->why);
        close_client(client);
        client = NULL;
    }
    free(client);
    free(url);
    return NULL;
}

/* ---- messages -------------------------------------------------------------------------------- */

static int next_message(void *handle, uint32_t timeout_ms, struct wk_amqp_message *message)
{
    struct amqp_consumer *client = handle;
    const struct timeval timeout = time_of(timeout_ms);

    settle_none(client);
    amqp_maybe_release_buffers(client->connection);
    amqp_rpc_reply_t reply = amqp_consume_message(client->connection, &client->envelope, &timeout, 0);
    if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION && reply.library_error == AMQP_STATUS_TIMEOUT) {
        return 0;
    }
    if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION && reply.library_error == AMQP_STATUS_UNEXPECTED_STATE) {
        snprintf(client->why, sizeof client->why, "the server ended it: the queue was removed, or it is going down");
        return -1;
    }
    if (!look_at(client, reply)) {
        return -1;
    }
    const amqp_bytes_t *key = &client->envelope.routing_key, *body = &client->envelope.message.body;
    client->has_message = true;
    client->body = malloc(body->len + 1);
    if (!client->body) {
        (void)did(client, AMQP_STATUS_NO_MEMORY);
        return -1;
    }
    memcpy(client->body, body->len ? body->bytes : "", body->len);
    client->body[body->len] = 0;
    memcpy(client->key, key->len ? key->bytes : "", key->len); /* at most 255 bytes: a short string */
    client->key[key->len] = 0;
    *message = (struct wk_amqp_message){.key = client->key, .body = client->body, .key_bytes = key->len, .body_bytes = body->len};
    return 1;
}

static bool settle(void *handle, bool taken)
{
    struct amqp_consumer *client = handle;
    uint64_t tag = client->envelope.delivery_tag;

    return did(client, taken ? amqp_basic_ack(client->connection, CHANNEL, tag, 0) : amqp_basic_reject(client->connection, CHANNEL, tag, 0));
}

static const char *why_of(void *handle)
{
    return ((struct amqp_consumer *)handle)->why;
}

const struct wk_module *wick_module_v1(const struct wk_module_host *host)
{
    static const struct wk_amqp_module table = {.module = {.size = sizeof table, .name = "amqp"},
                                                .check = check_url,
                                                .open = open_client,
                                                .next = next_message,
                                                .settle = settle,
                                                .why = why_of,
                                                .close = close_client};

    (void)host;
    return &table.module;
}
