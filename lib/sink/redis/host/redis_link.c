/*
 * SPDX-License-Identifier: MIT
 * Connections to Redis. See redis_link.h.
 */
#include "redis_link.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/heap.h"
#include "model/base/number.h"

/* ---- sockets --------------------------------------------------------------------------------- */

static bool is_connected(int fd, const struct addrinfo *address, uint32_t timeout_ms)
{
    int error = 0;
    socklen_t bytes = sizeof error;
    struct pollfd wait = {fd, POLLOUT, 0};
    if (connect(fd, address->ai_addr, address->ai_addrlen) == 0) {
        return true;
    }
    if (errno != EINPROGRESS) {
        return false;
    }
    int ready = poll(&wait, 1, (int)timeout_ms);
    if (ready <= 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &bytes) != 0) {
        errno = ready == 0 ? ETIMEDOUT : errno;
        return false;
    }
    errno = error;
    return error == 0;
}

static int connect_address(const struct addrinfo *address, uint32_t timeout_ms)
{
    const struct timeval timeout = {timeout_ms / 1000, timeout_ms % 1000 * 1000};
    int on = 1, fd = wk_descriptor_socket(address->ai_family);
    if (fd < 0) {
        return -1;
    }
    if (is_connected(fd, address, timeout_ms) && fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK) == 0 &&
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) == 0 &&
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout) == 0) {
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        return fd;
    }
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

static int connect_host(const char *host, const char *port, uint32_t timeout_ms, char *why, size_t why_bytes)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *all = NULL;
    int fd = -1, rc = getaddrinfo(host, port, &hints, &all);
    for (const struct addrinfo *a = all; rc == 0 && a && fd < 0; a = a->ai_next) {
        fd = connect_address(a, timeout_ms);
    }
    if (fd < 0) {
        char text[128];
        snprintf(why, why_bytes, "%s:%s: %s", host, port, rc ? gai_strerror(rc) : strerror_r(errno, text, sizeof text));
    }
    if (all) {
        freeaddrinfo(all);
    }
    return fd;
}

/* ---- the client ------------------------------------------------------------------------------ */

bool wk_redis_link_load(struct wk_redis_link *link)
{
    char why[256];
    if (!link->module) {
        link->module = (const struct wk_redis_module *)(const void *)wk_module_load("redis", sizeof *link->module, NULL, why, sizeof why);
    }
    if (!link->module) {
        snprintf(link->why, sizeof link->why, "it needs the module wick-redis.so (built with hiredis; WICK_MODULE_DIR names its directory): %.160s",
                 why);
    }
    return link->module != NULL;
}

static bool open_at(struct wk_redis_link *link, const char *node, const char *port, char *why, size_t why_bytes)
{
    static const struct wk_redis_host host = {sizeof host, connect_host};
    const struct wk_redis_url *url = &link->url;
    const struct wk_redis_server server = {node, port, url->user, url->password, url->database, link->timeout_ms};
    /* Relaxed: read by a forked child alone. */
    __atomic_store_n(&link->client, link->module->open(&server, &host, why, why_bytes), __ATOMIC_RELAXED);
    return link->client != NULL;
}

bool wk_redis_link_open(struct wk_redis_link *link)
{
    char other[sizeof link->why];
    wk_redis_link_close(link);
    bool open = open_at(link, link->url.host, link->url.port, link->why, sizeof link->why);
    for (uint32_t i = 0; !open && i < link->node_count; i++) {
        open = open_at(link, link->nodes[i].host, link->nodes[i].port, other, sizeof other);
    }
    if (open) {
        struct wk_redis_node node;
        link->node_count = 0;
        for (uint32_t i = 0; link->node_count < WK_REDIS_NODES && link->module->node(link->client, i, &node); i++) {
            link->nodes[link->node_count++] = node;
        }
    }
    return open;
}

void wk_redis_link_close(struct wk_redis_link *link)
{
    void *client = link->client;
    __atomic_store_n(&link->client, NULL, __ATOMIC_RELAXED); /* as above */
    if (client) {
        link->module->close(client);
    }
}

bool wk_redis_link_run(struct wk_redis_link *link, const struct wk_commands *commands,
                       void (*reply)(void *user, size_t index, const void *reply), void *user)
{
    const struct wk_command_place *places = commands->list.items;
    uint32_t count = commands->list.count;
    struct wk_redis_command *all = commands->failed ? NULL : malloc((count + 1) * sizeof *all);
    if (!all) {
        snprintf(link->why, sizeof link->why, "no memory");
        wk_redis_link_close(link);
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        all[i] = (struct wk_redis_command){(const char *)commands->bytes.items + places[i].at, places[i].bytes, places[i].slot};
    }
    const struct wk_redis_batch batch = {all, count, reply, user};
    bool good = link->module->run(link->client, &batch, link->why, sizeof link->why);
    free(all);
    if (!good) {
        wk_redis_link_close(link);
    }
    return good;
}

/* ---- commands -------------------------------------------------------------------------------- */

/* CRC-16 of XMODEM, as a cluster places keys: of what is between the first braces, else of the whole key. */
static uint32_t slot_of(const char *key, size_t bytes)
{
    const char *open = memchr(key, '{', bytes), *close = open ? memchr(open, '}', bytes - (size_t)(open - key)) : NULL;
    uint32_t crc = 0;
    if (close && close > open + 1) {
        key = open + 1;
        bytes = (size_t)(close - key);
    }
    for (size_t i = 0; i < bytes; i++) {
        crc ^= (uint32_t)(unsigned char)key[i] << 8;
        for (int bit = 0; bit < 8; bit++) {
            crc = crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1;
        }
    }
    return crc % WK_REDIS_SLOTS;
}

void wk_commands_fini(struct wk_commands *commands)
{
    wk_array_free(&commands->bytes, &wk_heap_allocator, 1);
    wk_array_free(&commands->words, &wk_heap_allocator, 1);
    wk_array_free(&commands->list, &wk_heap_allocator, sizeof(struct wk_command_place));
}

void wk_commands_clear(struct wk_commands *commands)
{
    commands->bytes.count = commands->words.count = commands->list.count = 0;
    commands->failed = false;
}

static void append(struct wk_commands *c, struct wk_array *to, const char *bytes, size_t count)
{
    c->failed = wk_array_append(to, &wk_heap_allocator, bytes, count) < 0 || c->failed;
}

/* `$3\r\n` or `*3\r\n` */
static void append_length(struct wk_commands *c, struct wk_array *to, char sign, size_t length)
{
    char text[32] = {sign};
    char *end = wk_number_put_unsigned(text + 1, length);
    *end++ = '\r';
    *end++ = '\n';
    append(c, to, text, (size_t)(end - text));
}

void wk_command_word(struct wk_commands *c, const char *bytes, size_t count)
{
    append_length(c, &c->words, '$', count);
    append(c, &c->words, bytes, count);
    append(c, &c->words, "\r\n", 2);
    c->count++;
}

void wk_command_text(struct wk_commands *c, const char *text)
{
    wk_command_word(c, text, strlen(text));
}

void wk_command_number(struct wk_commands *c, int64_t number)
{
    char text[32];
    int bytes = snprintf(text, sizeof text, "%lld", (long long)number);
    wk_command_word(c, text, (size_t)bytes);
}

void wk_command_begin(struct wk_commands *c, const char *name, const char *key, size_t key_bytes)
{
    c->words.count = 0;
    c->count = 0;
    c->optional = false;
    c->slot = slot_of(key, key_bytes);
    wk_command_text(c, name);
    if (key_bytes) {
        wk_command_word(c, key, key_bytes);
    }
}

uint32_t wk_command_end(struct wk_commands *c)
{
    size_t at = c->bytes.count;
    append_length(c, &c->bytes, '*', c->count);
    append(c, &c->bytes, c->words.items, c->words.count);
    const struct wk_command_place place = {at, c->bytes.count - at, c->slot, c->optional};
    if (wk_array_reserve(&c->list, &wk_heap_allocator, c->list.count + 1, sizeof place) < 0) {
        c->failed = true;
        return 0;
    }
    ((struct wk_command_place *)c->list.items)[c->list.count] = place;
    return c->list.count++;
}
