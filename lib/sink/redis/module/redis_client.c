/*
 * SPDX-License-Identifier: MIT
 * A client of one Redis server, or of the nodes of a cluster: pipelines of commands, MOVED and ASK followed by hand, since
 * hiredis 0.14 has no cluster client. Sockets are the host's, so that descriptors are where wick's are.
 * Invariant: after an error nothing is sent on a connection any more: a late reply would be taken for another's.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <hiredis/hiredis.h>

#include "sink/redis/redis_module.h"

enum {
    NODES_MOST = 64,
    ROUNDS_MOST = 16,       /* of redirects of one batch */
    PATIENCE_NS = 20000000, /* between later rounds: a slot that is moving */
    HOST_BYTES = sizeof ((struct wk_redis_node *)0)->host,
    PORT_BYTES = sizeof ((struct wk_redis_node *)0)->port
};

struct redis_node {
    struct wk_redis_node at;
    redisContext *context; /* NULL: not connected */
    struct stat socket;    /* as it was when it was connected */
    bool asked;            /* in this round */
};

struct redis_client {
    struct wk_redis_host host;
    struct wk_redis_server server;
    char *texts[4];                 /* of the server */
    struct redis_node nodes[NODES_MOST];
    uint32_t node_count;
    uint8_t slots[WK_REDIS_SLOTS];  /* which node has a slot: as far as redirects said; else the first */
};

/* A command that waits for its reply. */
struct redis_todo {
    uint32_t index;
    uint8_t node;
    bool asking;
};

/* One batch on its way. */
struct redis_round {
    struct redis_client *client;
    const struct wk_redis_batch *batch;
    struct redis_todo *todo, *again;
    size_t count, again_count;
    char *why;
    size_t why_bytes;
};

/* ---- connections ----------------------------------------------------------------------------- */

/* Write it all; false with the reason. Not hiredis: its redisBufferWrite crashes when it finds no memory for its next, empty buffer. */
static bool write_all(redisContext *context, const char *bytes, size_t count, char *why, size_t why_bytes)
{
    while (count) {
        ssize_t got = write(context->fd, bytes, count);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            char text[128];
            snprintf(why, why_bytes, "%s", got < 0 && errno != EAGAIN ? strerror_r(errno, text, sizeof text) : "no answer");
            return false;
        }
        bytes += got;
        count -= (size_t)got;
    }
    return true;
}

/* One command of words, and its reply; NULL with the reason. */
static redisReply *ask(redisContext *context, int argc, const char **argv, char *why, size_t why_bytes)
{
    char *text = NULL;
    void *reply = NULL;
    int bytes = redisFormatCommandArgv(&text, argc, argv, NULL);
    if (bytes < 0) {
        snprintf(why, why_bytes, "no memory");
        return NULL;
    }
    if (write_all(context, text, (size_t)bytes, why, why_bytes) && (redisGetReply(context, &reply) != REDIS_OK || !reply)) {
        snprintf(why, why_bytes, "%s", context->errstr[0] ? context->errstr : "no reply");
    }
    free(text);
    return reply;
}

/* 0, or -1 with the reason, which may be the server's. */
static int command(redisContext *context, int argc, const char **argv, char *why, size_t why_bytes)
{
    redisReply *reply = ask(context, argc, argv, why, why_bytes);
    int rc = reply && reply->type != REDIS_REPLY_ERROR ? 0 : -1;
    if (reply && rc < 0) {
        snprintf(why, why_bytes, "%s", reply->str);
    }
    if (reply) {
        freeReplyObject(reply);
    }
    return rc;
}

/* Say who we are, and hear from the server: a stopped one accepts connections, too. */
static int greet(const struct redis_client *client, redisContext *context, char *why, size_t why_bytes)
{
    const struct wk_redis_server *server = &client->server;
    char number[16];
    const char *named[] = {"AUTH", server->user, server->password}, *unnamed[] = {"AUTH", server->password};
    const char *choice[] = {"SELECT", number}, *ping[] = {"PING"};
    snprintf(number, sizeof number, "%u", server->database);
    int rc = 0;
    if (server->user[0]) {
        rc = command(context, 3, named, why, why_bytes);
    } else if (server->password[0]) {
        rc = command(context, 2, unnamed, why, why_bytes);
    }
    if (rc == 0 && server->database) {
        rc = command(context, 2, choice, why, why_bytes);
    }
    return rc == 0 ? command(context, 1, ping, why, why_bytes) : rc;
}

static void disconnect(struct redis_node *node)
{
    if (node->context) {
        redisFree(node->context);
        node->context = NULL;
    }
}

static int connect_node(struct redis_client *client, struct redis_node *node, char *why, size_t why_bytes)
{
    int fd = client->host.connect(node->at.host, node->at.port, client->server.timeout_ms, why, why_bytes);
    if (fd < 0) {
        return -1;
    }
    node->context = redisConnectFd(fd);
    if (!node->context || fstat(fd, &node->socket) != 0) {
        snprintf(why, why_bytes, "no memory");
        close(fd);
        if (node->context) {
            node->context->fd = -1;
            disconnect(node);
        }
        return -1;
    }
    node->context->reader->maxbuf = 0; /* or an idle buffer is made anew, and the program aborted when there is no memory for it */
    if (greet(client, node->context, why, why_bytes) < 0) {
        disconnect(node);
        return -1;
    }
    return 0;
}

/* Is the descriptor still ours? The program may have closed it, and opened something else. */
static bool is_own(struct redis_node *node)
{
    struct stat now;
    if (fstat(node->context->fd, &now) == 0 && now.st_ino == node->socket.st_ino && now.st_dev == node->socket.st_dev) {
        return true;
    }
    node->context->fd = -1; /* not ours to close */
    return false;
}

/* The number of the node of an address, which need not be connected; -1: there are too many. */
static int name_node(struct redis_client *client, const char *host, const char *port)
{
    uint32_t number = 0;
    while (number < client->node_count &&
           (strcmp(client->nodes[number].at.host, host) != 0 || strcmp(client->nodes[number].at.port, port) != 0)) {
        number++;
    }
    if (number == client->node_count && number < NODES_MOST) {
        struct redis_node *node = &client->nodes[client->node_count++];
        *node = (struct redis_node){.context = NULL};
        snprintf(node->at.host, sizeof node->at.host, "%s", host);
        snprintf(node->at.port, sizeof node->at.port, "%s", port);
    }
    return number < NODES_MOST ? (int)number : -1;
}

/* Likewise, connected; -1 with the reason. */
static int find_node(struct redis_client *client, const char *host, const char *port, char *why, size_t why_bytes)
{
    int number = name_node(client, host, port);
    if (number < 0) {
        snprintf(why, why_bytes, "more than %d nodes", NODES_MOST);
        return -1;
    }
    struct redis_node *node = &client->nodes[number];
    return node->context || connect_node(client, node, why, why_bytes) == 0 ? number : -1;
}

/* One range of slots: its first and last, and the nodes that have it, each with its host and port. */
static void learn_range(struct redis_client *client, const redisReply *range)
{
    for (size_t i = 2; range->type == REDIS_REPLY_ARRAY && i < range->elements; i++) {
        const redisReply *node = range->element[i];
        char port[PORT_BYTES];
        if (node->type == REDIS_REPLY_ARRAY && node->elements >= 2 && node->element[0]->type == REDIS_REPLY_STRING && node->element[0]->len &&
            strlen(node->element[0]->str) < HOST_BYTES && node->element[1]->type == REDIS_REPLY_INTEGER) {
            snprintf(port, sizeof port, "%u", (unsigned)node->element[1]->integer & 0xffff);
            (void)name_node(client, node->element[0]->str, port);
        }
    }
}

/* The other nodes, if it is a cluster: for the day on which the first one is gone. A server that does not tell has none. */
static bool learn_nodes(struct redis_client *client, redisContext *context, char *why, size_t why_bytes)
{
    const char *words[] = {"CLUSTER", "SLOTS"};
    redisReply *reply = ask(context, 2, words, why, why_bytes);
    if (!reply) {
        return false;
    }
    for (size_t i = 0; reply->type == REDIS_REPLY_ARRAY && i < reply->elements; i++) {
        learn_range(client, reply->element[i]);
    }
    freeReplyObject(reply);
    return true;
}

/* ---- a batch --------------------------------------------------------------------------------- */

/* Is this reply a redirect? Then the command comes again: MOVED is for good, ASK for this once. < 0: it leads nowhere. */
static int follow_redirect(struct redis_round *r, const struct redis_todo *todo, const redisReply *reply)
{
    struct redis_client *client = r->client;
    unsigned slot;
    char address[HOST_BYTES + PORT_BYTES], word[8];
    if (reply->type != REDIS_REPLY_ERROR || sscanf(reply->str, "%7s %u %263s", word, &slot, address) != 3 || slot >= WK_REDIS_SLOTS ||
        (strcmp(word, "MOVED") != 0 && strcmp(word, "ASK") != 0)) {
        return 0;
    }
    char *colon = strrchr(address, ':');
    if (!colon || strlen(colon + 1) >= PORT_BYTES) {
        return 0;
    }
    *colon = 0;
    const char *host = address[0] ? address : client->nodes[todo->node].at.host; /* "": the same host */
    int node = find_node(client, host, colon + 1, r->why, r->why_bytes);
    if (node < 0) {
        return -1;
    }
    bool asking = word[0] == 'A';
    if (!asking) {
        client->slots[slot] = (uint8_t)node;
    }
    r->again[r->again_count++] = (struct redis_todo){todo->index, (uint8_t)node, asking};
    return 1;
}

static int read_reply(struct redis_round *r, redisContext *context, redisReply **reply)
{
    void *got = NULL;
    if (redisGetReply(context, &got) != REDIS_OK || !got) {
        bool late = context->err == REDIS_ERR_IO && strstr(context->errstr, "temporarily");
        snprintf(r->why, r->why_bytes, "%s", late ? "no answer" : context->errstr[0] ? context->errstr : "no reply");
        return -1;
    }
    *reply = got;
    return 0;
}

static int read_one(struct redis_round *r, const struct redis_todo *todo)
{
    redisContext *context = r->client->nodes[todo->node].context;
    redisReply *reply;
    if (todo->asking) {
        if (read_reply(r, context, &reply) < 0) {
            return -1;
        }
        freeReplyObject(reply);
    }
    if (read_reply(r, context, &reply) < 0) {
        return -1;
    }
    int rc = follow_redirect(r, todo, reply);
    if (rc == 0 && r->batch->reply) {
        r->batch->reply(r->batch->user, todo->index, reply);
    }
    freeReplyObject(reply);
    return rc < 0 ? -1 : 0;
}

/* What is to be sent to a node, in one piece of memory: its bytes; to NULL: only count them. */
static size_t gather(const struct redis_round *r, uint32_t node, char *to)
{
    static const char asking[] = "*1\r\n$6\r\nASKING\r\n";
    size_t bytes = 0;
    for (size_t i = 0; i < r->count; i++) {
        const struct redis_todo *todo = &r->todo[i];
        const struct wk_redis_command *c = &r->batch->commands[todo->index];
        const size_t before = todo->asking ? sizeof asking - 1 : 0;
        if (todo->node != node) {
            continue;
        }
        if (to) {
            memcpy(to + bytes, asking, before);
            memcpy(to + bytes + before, c->bytes, c->count);
        }
        bytes += before + c->count;
    }
    return bytes;
}

static int send_to(struct redis_round *r, uint32_t number)
{
    struct redis_node *node = &r->client->nodes[number];
    size_t bytes = gather(r, number, NULL);
    if (!bytes) {
        return 0;
    }
    if (!node->context || !is_own(node)) {
        snprintf(r->why, r->why_bytes, "its connection was closed by the program");
        return -1;
    }
    char *text = malloc(bytes);
    if (!text) {
        snprintf(r->why, r->why_bytes, "no memory");
        return -1;
    }
    (void)gather(r, number, text);
    bool sent = write_all(node->context, text, bytes, r->why, r->why_bytes);
    free(text);
    node->asked = true;
    return sent ? 0 : -1;
}

/* Send what is to be done, and read all replies, node by node. */
static int run_round(struct redis_round *r)
{
    uint32_t nodes = r->client->node_count;
    for (uint32_t n = 0; n < nodes; n++) {
        r->client->nodes[n].asked = false;
    }
    int rc = 0;
    for (uint32_t n = 0; n < nodes && rc == 0; n++) {
        rc = send_to(r, n);
    }
    for (uint32_t n = 0; n < nodes && rc == 0; n++) {
        for (size_t i = 0; i < r->count && rc == 0 && r->client->nodes[n].asked; i++) {
            rc = r->todo[i].node == n ? read_one(r, &r->todo[i]) : 0;
        }
    }
    return rc;
}

static bool run_all(struct redis_round *r)
{
    for (uint32_t round = 0; r->count && round < ROUNDS_MOST; round++) {
        if (round > 1) {
            nanosleep(&(struct timespec){0, PATIENCE_NS}, NULL);
        }
        r->again_count = 0;
        if (run_round(r) < 0) {
            return false;
        }
        struct redis_todo *done = r->todo;
        r->todo = r->again;
        r->count = r->again_count;
        r->again = done;
    }
    if (r->count) {
        snprintf(r->why, r->why_bytes, "the cluster redirects in a circle");
    }
    return r->count == 0;
}

static bool run(void *user, const struct wk_redis_batch *batch, char *why, size_t why_bytes)
{
    struct redis_client *client = user;
    struct redis_todo *todo = malloc(2 * batch->count * sizeof *todo + 1);
    struct redis_round round = {client, batch, todo, todo + batch->count, batch->count, 0, why, why_bytes};
    if (!todo) {
        snprintf(why, why_bytes, "no memory");
        return false;
    }
    for (size_t i = 0; i < batch->count; i++) {
        todo[i] = (struct redis_todo){(uint32_t)i, client->slots[batch->commands[i].slot % WK_REDIS_SLOTS], false};
    }
    bool good = run_all(&round);
    free(todo);
    return good;
}

/* ---- replies --------------------------------------------------------------------------------- */

static void read_value(const void *reply, struct wk_redis_value *value)
{
    const redisReply *r = reply;
    *value = (struct wk_redis_value){.kind = (enum wk_redis_kind)r->type, .text = ""};
    if (r->type == REDIS_REPLY_INTEGER) {
        value->integer = r->integer;
    } else if (r->type == REDIS_REPLY_ARRAY) {
        value->items = r->elements;
    } else if (r->type != REDIS_REPLY_NIL) {
        value->text = r->str;
        value->bytes = (size_t)r->len;
    }
}

static const void *item(const void *reply, size_t index)
{
    return ((const redisReply *)reply)->element[index];
}

/* ---- life ------------------------------------------------------------------------------------ */

static void close_client(void *user)
{
    struct redis_client *client = user;
    for (uint32_t i = 0; i < client->node_count; i++) {
        if (client->nodes[i].context) {
            (void)is_own(&client->nodes[i]);
            disconnect(&client->nodes[i]);
        }
    }
    for (size_t i = 0; i < sizeof client->texts / sizeof client->texts[0]; i++) {
        free(client->texts[i]);
    }
    free(client);
}

static void *open_client(const struct wk_redis_server *server, const struct wk_redis_host *host, char *why, size_t why_bytes)
{
    struct redis_client *client = calloc(1, sizeof *client);
    if (!client) {
        snprintf(why, why_bytes, "no memory");
        return NULL;
    }
    const char **fields[] = {&client->server.host, &client->server.port, &client->server.user, &client->server.password};
    bool good = true;
    client->host = *host;
    client->server = *server;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        *fields[i] = client->texts[i] = strdup(*fields[i]);
        good = good && client->texts[i];
    }
    if (!good) {
        snprintf(why, why_bytes, "no memory");
    }
    if (!good || find_node(client, client->server.host, client->server.port, why, why_bytes) < 0 ||
        !learn_nodes(client, client->nodes[0].context, why, why_bytes)) {
        close_client(client);
        return NULL;
    }
    return client;
}

static void abandon(void *user)
{
    struct redis_client *client = user;
    for (uint32_t i = 0; i < client->node_count; i++) {
        if (client->nodes[i].context && is_own(&client->nodes[i])) {
            close(client->nodes[i].context->fd);
        }
    }
}

static bool node(void *user, uint32_t number, struct wk_redis_node *to)
{
    const struct redis_client *client = user;
    if (number < client->node_count) {
        *to = client->nodes[number].at;
    }
    return number < client->node_count;
}

const struct wk_module *wick_module_v1(const struct wk_module_host *host)
{
    static const struct wk_redis_module table = {.module = {sizeof table, "redis"},
                                                 .open = open_client,
                                                 .run = run,
                                                 .read = read_value,
                                                 .item = item,
                                                 .close = close_client,
                                                 .abandon = abandon,
                                                 .node = node};
    (void)host;
    return &table.module;
}
