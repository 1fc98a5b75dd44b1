/*
 * SPDX-License-Identifier: MIT
 * Event streams: one ring of messages that all clients share, and a position per client. A client behind the ring is
 * served from the host's retained frames; a client behind those gets a `gap`. Must not look into frames.
 * Clients that watch trackers have messages of their own.
 * Invariants: clients that keep up share one base64 text per batch; a client holds one message at most.
 */
#include "server.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { JSON_BYTES = 32768 }; /* largest message of the host */

struct client {
    struct client *next, *previous;
    struct server *server;
    struct MHD_Connection *connection;
    bool suspended, in_ring;
    uint64_t number;      /* in_ring: number of the next message */
    uint64_t from;        /* sequence of the first frame not yet sent */
    uint64_t until;       /* not in_ring: sequence at which the ring takes over */
    struct text *text;    /* being sent; NULL: none */
    size_t at;            /* bytes of `text` already sent */
    int64_t sent_ms;
    struct wk_http_updates updates; /* key: it watches trackers; NULL: the run */
    bool due;             /* it may ask for updates again */
    bool said_bye;
};

/* ---- messages -------------------------------------------------------------------------------- */

static struct text *text_of(size_t room)
{
    struct text *text = malloc(sizeof *text + room);

    if (text) {
        *text = (struct text){.users = 1};
    }
    return text;
}

static void release(struct text *text)
{
    if (text && --text->users == 0) {
        free(text);
    }
}

static const char base64[64] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static char *put_base64(char *out, const unsigned char *from, size_t bytes)
{
    for (; bytes >= 3; bytes -= 3, from += 3) {
        *out++ = base64[from[0] >> 2];
        *out++ = base64[(from[0] & 3) << 4 | from[1] >> 4];
        *out++ = base64[(from[1] & 15) << 2 | from[2] >> 6];
        *out++ = base64[from[2] & 63];
    }
    if (bytes) {
        *out++ = base64[from[0] >> 2];
        *out++ = base64[(from[0] & 3) << 4 | (bytes == 2 ? from[1] >> 4 : 0)];
        *out++ = bytes == 2 ? base64[(from[1] & 15) << 2] : '=';
        *out++ = '=';
    }
    return out;
}

/* `id`, which clients send back as Last-Event-ID, is the sequence of the last frame in the message. */
static struct text *frames_text(uint64_t next, const char *frames, size_t bytes)
{
    struct text *text = text_of(bytes / 3 * 4 + 64);

    if (!text) {
        return NULL;
    }
    char *end = text->data + snprintf(text->data, 60, "id: %" PRIu64 "\nevent: b\ndata: ", next - 1);
    end = put_base64(end, (const unsigned char *)frames, bytes);
    *end++ = '\n';
    *end++ = '\n';
    text->bytes = (size_t)(end - text->data);
    return text;
}

/* A message of the host, after the text `before`. */
static struct text *host_text(struct server *server, const char *before, const char *event, enum wk_http_message what,
                              const struct wk_http_values *values)
{
    char json[JSON_BYTES];
    size_t bytes = server->host.message(server->host.user, what, values, json, sizeof json);
    struct text *text = text_of(bytes + 64);

    if (text) {
        text->bytes = (size_t)snprintf(text->data, bytes + 64, "%sevent: %s\ndata: %.*s\n\n", before, event, (int)bytes,
                                       json);
    }
    return text;
}

static struct text *gap_text(struct server *server, uint64_t from, uint64_t to)
{
    const struct wk_http_values values = {.from = from, .to = to};

    return host_text(server, "", "gap", WK_HTTP_GAP, &values);
}

static bool grow_batch(struct server *server, size_t bytes)
{
    char *grown = realloc(server->batch, bytes);

    if (grown) {
        server->batch = grown;
        server->batch_bytes = bytes;
    }
    return grown != NULL;
}

/* Copy frames from *from on into server->batch; 0: none; -1: dropped. */
static long take_frames(struct server *server, uint64_t *from, uint64_t until)
{
    for (;;) {
        long got = server->host.frames(server->host.user, from, until, server->batch, server->batch_bytes);

        if (got <= (long)server->batch_bytes) {
            return got;
        }
        if (!grow_batch(server, (size_t)got)) {
            return 0;
        }
    }
}

/* ---- the ring -------------------------------------------------------------------------------- */

static struct message *slot(struct server *server, uint64_t number)
{
    return &server->ring[number % RING_MESSAGES];
}

static void drop_oldest(struct server *server)
{
    struct message *oldest = slot(server, server->ring_tail++);

    server->ring_bytes -= oldest->text->bytes;
    release(oldest->text);
}

/* Append a message; the ring owns its text. A NULL text (no memory) empties the ring, so that clients get the frames
 * from the host. */
static void publish(struct server *server, struct message message)
{
    size_t bytes = message.text ? message.text->bytes : RING_BYTES;

    while (server->ring_tail < server->ring_head &&
           (server->ring_head - server->ring_tail == RING_MESSAGES || server->ring_bytes + bytes > RING_BYTES)) {
        drop_oldest(server);
    }
    if (message.text) {
        *slot(server, server->ring_head++) = message;
        server->ring_bytes += bytes;
    }
    server->work++;
}

static void publish_host(struct server *server, const char *event, enum wk_http_message what)
{
    struct text *text = host_text(server, "", event, what, NULL);

    if (text) {
        publish(server, (struct message){server->pumped, server->pumped, text});
    }
}

/* What a client that watches trackers is sent next; NULL: nothing yet. */
static struct text *updates_text(struct client *client, const char *before)
{
    struct server *server = client->server;
    struct text *text = NULL;
    long got;

    do {
        got = server->host.updates(server->host.user, &client->updates, server->batch, server->batch_bytes);
    } while (got > (long)server->batch_bytes && grow_batch(server, (size_t)got));
    client->due = client->updates.more;
    if (got < 0) {
        text = gap_text(server, 0, 0);
    } else if (got > 0 && got <= (long)server->batch_bytes && (text = text_of((size_t)got + 64)) != NULL) {
        text->bytes = (size_t)snprintf(text->data, (size_t)got + 64, "%sevent: update\ndata: %.*s\n\n", before, (int)got, server->batch);
    }
    return text;
}

static void resume(struct client *client)
{
    if (client->suspended) {
        client->suspended = false;
        MHD_resume_connection(client->connection);
    }
}

void wk_stream_wake_all(struct server *server)
{
    for (struct client *client = server->clients; client; client = client->next) {
        resume(client);
    }
}

void wk_stream_pump(struct server *server)
{
    uint64_t head = server->ring_head;
    long got;

    if (!server->clients) {
        server->pumped = server->host.next(server->host.user);
        return;
    }
    do {
        struct message message = {.first = server->pumped};

        got = take_frames(server, &server->pumped, UINT64_MAX);
        message.next = server->pumped;
        if (got > 0) {
            message.text = frames_text(message.next, server->batch, (size_t)got);
        } else if (got < 0) { /* dropped before they were taken */
            message.text = gap_text(server, message.first, message.next);
        }
        if (got != 0) {
            publish(server, message);
        }
    } while (got != 0);
    if (server->now_ms - server->stat_ms >= STAT_MS) {
        server->stat_ms = server->now_ms;
        publish_host(server, "stat", WK_HTTP_STAT);
    }
    if (server->ring_head != head) {
        wk_stream_wake_all(server);
    }
}

void wk_stream_update(struct server *server)
{
    for (struct client *client = server->watchers ? server->clients : NULL; client; client = client->next) {
        client->due = true;
        if (client->updates.key && client->suspended && (client->text = updates_text(client, "")) != NULL) {
            client->at = 0;
            resume(client);
        }
    }
}

void wk_stream_bye(struct server *server)
{
    if (server->clients) {
        publish_host(server, "bye", WK_HTTP_BYE);
    }
}

/* ---- one client ------------------------------------------------------------------------------ */

/* Find the client's place in the ring. False: it must first be served from the host, up to `until`. */
static bool enter_ring(struct client *client)
{
    struct server *server = client->server;

    client->until = server->pumped;
    for (uint64_t number = server->ring_tail; number < server->ring_head; number++) {
        const struct message *message = slot(server, number);

        if (message->first >= client->from) {
            client->until = message->first;
            client->number = number;
            return client->in_ring = message->first == client->from;
        }
        if (message->next > client->from) { /* it begins within this message */
            client->until = message->next;
            return client->in_ring = false;
        }
    }
    client->number = server->ring_head;
    return client->in_ring = client->from >= server->pumped;
}

/* The next message for a client behind the ring; NULL: none yet. */
static struct text *retained_text(struct client *client)
{
    struct server *server = client->server;
    uint64_t wanted = client->from;
    long got = take_frames(server, &client->from, client->until);

    if (got < 0) { /* after a gap the page loads a new snapshot: go on with new frames */
        client->from = server->pumped > client->from ? server->pumped : client->from;
        return gap_text(server, wanted, client->from);
    }
    return got ? frames_text(client->from, server->batch, (size_t)got) : NULL;
}

static struct text *ring_text(struct client *client)
{
    struct server *server = client->server;
    const struct message *message = slot(server, client->number);

    if (client->number == server->ring_head) {
        return NULL;
    }
    message->text->users++;
    client->from = message->next;
    client->number++;
    return message->text;
}

static bool find_update(struct client *client)
{
    if (client->server->stopping) {
        client->text = client->said_bye ? NULL : host_text(client->server, "", "bye", WK_HTTP_BYE, NULL);
        client->said_bye = true;
    } else if (client->due) {
        client->text = updates_text(client, "");
    }
    return client->text != NULL;
}

/* Make client->text the message to send; false: there is none. */
static bool find_text(struct client *client)
{
    if (client->text) {
        return true;
    }
    client->at = 0;
    if (client->updates.key) {
        return find_update(client);
    }
    if (client->in_ring && client->number < client->server->ring_tail) {
        client->in_ring = false; /* lapped */
    }
    client->text = client->in_ring || enter_ring(client) ? ring_text(client) : retained_text(client);
    return client->text != NULL;
}

static size_t send_some(struct client *client, char *to, size_t room)
{
    size_t left = client->text->bytes - client->at;
    size_t part = left < room ? left : room;

    memcpy(to, client->text->data + client->at, part);
    client->at += part;
    if (part == left) {
        release(client->text);
        client->text = NULL;
    }
    return part;
}

static ssize_t read_stream(void *user, uint64_t position, char *to, size_t room)
{
    struct client *client = user;
    struct server *server = client->server;
    size_t used = 0;

    (void)position;
    server->work++;
    while (used < room && find_text(client)) {
        used += send_some(client, to + used, room - used);
    }
    if (used == 0 && !server->stopping && server->now_ms - client->sent_ms >= HEARTBEAT_MS && room > 8) {
        memcpy(to, ": hb\n\n", 6);
        used = 6;
    }
    if (used) {
        client->sent_ms = server->now_ms;
        return (ssize_t)used;
    }
    if (server->stopping) {
        return MHD_CONTENT_READER_END_OF_STREAM;
    }
    client->suspended = true;
    MHD_suspend_connection(client->connection);
    return 0;
}

static void unlink_client(struct client *client)
{
    struct server *server = client->server;

    *(client->previous ? &client->previous->next : &server->clients) = client->next;
    if (client->next) {
        client->next->previous = client->previous;
    }
    server->watchers -= client->updates.key != NULL;
    /* Relaxed: for display only. */
    __atomic_store_n(&server->client_count, server->client_count - 1, __ATOMIC_RELAXED);
    __atomic_store_n(&server->seen_ms, wk_server_now_ms(), __ATOMIC_RELAXED);
}

static void close_stream(void *user)
{
    struct client *client = user;

    unlink_client(client);
    client->server->work++;
    release(client->text);
    free((char *)(uintptr_t)client->updates.key);
    free(client);
}

/* libmicrohttpd does not watch suspended connections: a closed one is noticed when something is sent. */
void wk_stream_look(struct server *server)
{
    for (struct client *client = server->clients; client; client = client->next) {
        if (server->now_ms - client->sent_ms >= HEARTBEAT_MS) {
            resume(client);
        }
    }
}

/* ---- opening --------------------------------------------------------------------------------- */

/* The first frame to send: after Last-Event-ID or ?from=; without either, the next new one. */
static uint64_t first_wanted(const struct request *request)
{
    const char *text = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "Last-Event-ID");
    const char *query = strstr(request->target, "?from=");
    uint64_t pumped = request->server->pumped;
    char *end;

    if (!query) {
        query = strstr(request->target, "&from=");
    }
    if (!text && query) {
        text = query + 6;
    }
    if (!text || text[0] < '0' || text[0] > '9') {
        return pumped;
    }
    unsigned long long has = strtoull(text, &end, 10);
    return has + 1 < pumped ? has + 1 : pumped; /* a number from the future is another run's */
}

static struct client *create(struct request *request, const char *key, uint32_t key_bytes)
{
    struct server *server = request->server;
    struct client *client = calloc(1, sizeof *client);
    char *kept = client && key ? strndup(key, key_bytes) : NULL;

    if (!client || (key && !kept)) {
        free(client);
        return NULL;
    }
    client->updates = (struct wk_http_updates){.key = kept, .key_bytes = key_bytes};
    server->watchers += key != NULL;
    client->server = server;
    client->connection = request->connection;
    wk_stream_pump(server); /* put frames that a snapshot may contain into the ring before `pumped` is read */
    client->from = first_wanted(request);
    client->sent_ms = server->now_ms;
    client->next = server->clients;
    if (client->next) {
        client->next->previous = client;
    }
    server->clients = client;
    /* Relaxed: for display only. */
    __atomic_store_n(&server->client_count, server->client_count + 1, __ATOMIC_RELAXED);
    __atomic_store_n(&server->streams, server->streams + 1, __ATOMIC_RELAXED);
    return client;
}

enum MHD_Result wk_stream_open(struct request *request, const char *key, uint32_t key_bytes)
{
    static const char type[] = "text/event-stream; charset=utf-8";
    struct server *server = request->server;
    struct MHD_Response *response;

    if (request->head) {
        return wk_reply_text(request, type, "");
    }
    if (server->client_count >= server->clients_max || server->stopping) {
        return wk_reply_error(request, 503, "too many pages are connected");
    }
    struct client *client = create(request, key, key_bytes);
    if (!client) {
        return wk_reply_error(request, 503, "no memory");
    }
    client->text = key ? updates_text(client, "retry: 1000\n\n") : host_text(server, "retry: 1000\n\n", "hello", WK_HTTP_HELLO, NULL);
    response = client->text ? MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, read_stream, client, close_stream)
                                                 : NULL;
    if (!response) {
        close_stream(client);
        return wk_reply_error(request, 503, "no memory");
    }
    return wk_reply_queue(request, 200, type, response);
}

void wk_stream_free(struct server *server)
{
    while (server->ring && server->ring_tail < server->ring_head) {
        drop_oldest(server);
    }
    free(server->ring);
    free(server->batch);
}
