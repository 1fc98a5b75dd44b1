/*
 * SPDX-License-Identifier: MIT
 * wick_serve_*: checks the options, opens the socket, makes the token, loads the module, starts it.
 * Invariants: only a loopback address is bound unless `wide` is set; a token comes from the kernel or the options, and
 * is written to the link only.
 */
#include "service.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/descriptor.h"
#include "base/diag.h"
#include "base/error.h"
#include "base/worker.h"
#include "board/program_board.h"
#include "link_file.h"
#include "runtime/config.h"
#include "sink/fleet/fleet.h"

enum {
    CLIENTS_MOST = 65536,
    BACKLOG = 1024,
    TOKEN_LEAST = 16
};

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* ---- the socket ------------------------------------------------------------------------------ */

static bool parse_port(const char *text, uint16_t *port)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);

    *port = htons((uint16_t)number);
    return text[0] >= '0' && text[0] <= '9' && *end == 0 && number < 65536;
}

/* ADDRESS:PORT, [ADDRESS]:PORT, ADDRESS, PORT; `1` and `on` mean 127.0.0.1:0. Names are not resolved: addresses are
 * numeric, or localhost. */
static bool parse_address(const char *text, union address *out)
{
    char host[64];
    bool v6 = text[0] == '[';
    uint16_t port = 0;

    memset(out, 0, sizeof *out);
    if (strcmp(text, "1") == 0 || strcmp(text, "on") == 0) {
        text = "127.0.0.1";
    }
    if (text[0] && !text[strspn(text, "0123456789")]) {
        if (!parse_port(text, &port)) {
            return false;
        }
        text = "127.0.0.1";
    }
    text += v6;
    size_t bytes = strcspn(text, v6 ? "]" : ":");
    if (bytes >= sizeof host) {
        return false;
    }
    snprintf(host, sizeof host, "%.*s", (int)bytes, text);
    text += bytes;
    if (v6 && *text++ != ']') {
        return false;
    }
    if (*text && (*text != ':' || !parse_port(text + 1, &port))) {
        return false;
    }
    if (v6) {
        out->v6.sin6_family = AF_INET6;
        out->v6.sin6_port = port;
        return inet_pton(AF_INET6, host, &out->v6.sin6_addr) == 1;
    }
    out->v4.sin_family = AF_INET;
    out->v4.sin_port = port;
    return inet_pton(AF_INET, strcmp(host, "localhost") == 0 ? "127.0.0.1" : host, &out->v4.sin_addr) == 1;
}

static bool is_loopback(const union address *address)
{
    if (address->any.sa_family == AF_INET6) {
        return IN6_IS_ADDR_LOOPBACK(&address->v6.sin6_addr);
    }
    return ntohl(address->v4.sin_addr.s_addr) >> 24 == 127;
}

/* A listening socket; *address is the bound address. -1: the error is set. */
static int listen_at(const char *text, bool wide, union address *address)
{
    const int on = 1;
    socklen_t bytes = sizeof *address;

    if (!parse_address(text, address)) {
        wk_error_set(WICK_E_CONFIG, "%s: expected ADDRESS:PORT with a numeric address, such as 127.0.0.1:0 or [::1]:8642",
                     text);
        return -1;
    }
    if (!is_loopback(address) && !wide) {
        wk_error_set(WICK_E_CONFIG, "%s: can be reached from other machines; set WICK_SERVE_WIDE=1 if that is meant", text);
        return -1;
    }
    int fd = wk_descriptor_socket(address->any.sa_family);
    if (fd >= 0) {
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    }
    if (fd < 0 || bind(fd, &address->any, address->any.sa_family == AF_INET ? sizeof address->v4 : sizeof address->v6) != 0 ||
        listen(fd, BACKLOG) != 0 || getsockname(fd, &address->any, &bytes) != 0) {
        wk_error_set(WICK_E_NET, "%s: %s", text, strerror(errno));
        if (fd >= 0) {
            close(fd);
        }
        return -1;
    }
    return fd;
}

/* ---- token and link -------------------------------------------------------------------------- */

static int make_token(struct wick_server *server, const char *given)
{
    unsigned char random[16];
    size_t bytes = given ? strlen(given) : 0;

    if (given) {
        if (bytes < TOKEN_LEAST || bytes >= sizeof server->token ||
            strspn(given, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") != bytes) {
            return wk_error_set(WICK_E_CONFIG, "the token (WICK_SERVE_TOKEN): expected %d to 128 letters, digits, - and _",
                                TOKEN_LEAST);
        }
        memcpy(server->token, given, bytes + 1);
        return 0;
    }
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random) {
        return wk_error_set(WICK_E_IO, "no random numbers for a token: %s", strerror(errno));
    }
    for (size_t i = 0; i < sizeof random; i++) {
        snprintf(server->token + 2 * i, 3, "%02x", random[i]);
    }
    return 0;
}

/* The link for a browser on this machine: a wide address has no one name for other machines. */
static void make_link(struct wick_server *server, const union address *address)
{
    char host[INET6_ADDRSTRLEN + 2] = "127.0.0.1";
    unsigned port = ntohs(address->any.sa_family == AF_INET ? address->v4.sin_port : address->v6.sin6_port);

    if (address->any.sa_family == AF_INET6) {
        char text[INET6_ADDRSTRLEN] = "::1";

        if (!IN6_IS_ADDR_UNSPECIFIED(&address->v6.sin6_addr)) {
            inet_ntop(AF_INET6, &address->v6.sin6_addr, text, sizeof text);
        }
        snprintf(host, sizeof host, "[%s]", text);
    } else if (address->v4.sin_addr.s_addr != 0) {
        inet_ntop(AF_INET, &address->v4.sin_addr, host, sizeof host);
    }
    snprintf(server->link, sizeof server->link, "http://%s:%u/#t=%s", host, port, server->token);
}

/* For scripts, and where stderr is lost. */
static int write_link(struct wick_server *server, const char *path)
{
    int rc = path && path[0] ? wk_link_file_write(path, server->link) : 0;

    server->link_written = path && path[0] && rc == 0;
    return rc;
}

/* ---- start ----------------------------------------------------------------------------------- */

static uint64_t next(void *user)
{
    return wk_retained_next(&((struct wick_server *)user)->retained);
}

static long frames(void *user, uint64_t *from, uint64_t until, char *to, size_t bytes)
{
    return wk_retained_frames(&((struct wick_server *)user)->retained, from, until, to, bytes);
}

static void say(void *user, const char *text)
{
    (void)user;
    wk_diag("%s", text);
}

static int start_module(struct wick_server *server, const struct wick_serve_options *options, int *fd)
{
    const struct wk_http_host host = {.size = sizeof host,
                                      .user = server,
                                      .start = wk_worker_start,
                                      .ask = wk_answers_ask,
                                      .read = wk_answers_read,
                                      .close = wk_answers_close,
                                      .next = next,
                                      .frames = frames,
                                      .message = wk_answers_message,
                                      .say = say,
                                      .updates = wk_answer_updates};
    const struct wk_http_options asked = {.size = sizeof asked,
                                          .listen_fd = *fd,
                                          .token = server->token,
                                          .hosts = options->hosts,
                                          .clients_max = server->options.clients_max};
    char why[512];
    void *handle;

    /* The module's table begins with its struct wk_module. */
    server->module = (const struct wk_http_module *)(const void *)wk_module_load("http", sizeof *server->module,
                                                                                 options->module_dir, why, sizeof why);
    if (!server->module) {
        return wk_error_set(WICK_E_UNSUPPORTED, "the live page needs the module wick-http.so (built with libmicrohttpd; "
                                                "WICK_MODULE_DIR names its directory): %s", why);
    }
    *fd = -1; /* given to the module */
    handle = server->module->start(&asked, &host, why, sizeof why);
    __atomic_store_n(&server->handle, handle, __ATOMIC_RELAXED); /* pairs with the load in wick_serve_counts_read (answers.c) */
    return handle ? 0 : wk_error_set(WICK_E_NOMEM, "the live page: %s", why);
}

static void destroy(struct wick_server *server, int64_t deadline_ns)
{
    if (!wk_posts_listen_no_more(server, deadline_ns)) {
        return; /* it hangs, and still uses the server */
    }
    if (server->fleet) {
        wk_fleet_stop(server->fleet, deadline_ns);
    }
    if (server->link_written) {
        wk_link_file_remove();
    }
    wk_retained_fini(&server->retained);
    pthread_mutex_destroy(&server->posts_lock);
    free(server);
}

static int read_options(struct wick_server *server, const struct wick_serve_options *options)
{
    if (options->size < sizeof *options) {
        return wk_error_set(WICK_E_INVAL, "wick_serve_options.size is %u: another version's", options->size);
    }
    const char *run = getenv("WICK_RUN");

    server->options = *options;
    snprintf(server->run, sizeof server->run, "%s", run ? run : "");
    if (!server->options.clients_max) {
        server->options.clients_max = (uint32_t)wk_config_default("WICK_SERVE_CLIENTS");
    }
    if (server->options.clients_max > CLIENTS_MOST) {
        return wk_error_set(WICK_E_CONFIG, "%u pages at once: the most is %d", options->clients_max, CLIENTS_MOST);
    }
    return make_token(server, options->token && options->token[0] ? options->token : NULL);
}

/* True also when nothing is to be followed. */
static bool follow_redis(struct wick_server *server, const struct wick_serve_options *options)
{
    server->fleet = options->redis ? wk_fleet_start(options->redis) : NULL;
    return !options->redis || server->fleet;
}

struct wick_server *wk_serve_start(const struct wick_serve_options *options, struct wk_run_tree *run_tree)
{
    struct wick_server *server = calloc(1, sizeof *server);
    union address address;
    int fd = -1;

    if (!server) {
        wk_error_set(WICK_E_NOMEM, "no memory for the live page");
        return NULL;
    }
    pthread_mutex_init(&server->posts_lock, NULL);
    uint64_t retain_bytes = options->retain_bytes ? options->retain_bytes : wk_config_default("WICK_SERVE_RETAIN");
    if (!wk_retained_init(&server->retained, run_tree, retain_bytes, options->live != 0)) {
        wk_error_set(WICK_E_NOMEM, "no memory for the live page");
    } else if (read_options(server, options) == 0) {
        fd = listen_at(options->address && options->address[0] ? options->address : "127.0.0.1:0", options->wide != 0,
                       &address);
        if (fd >= 0) {
            make_link(server, &address);
            wk_posts_begin(server);
            if (follow_redis(server, options) && wk_posts_listen(server, options->amqp) && write_link(server, options->link_path) == 0 && start_module(server, options, &fd) == 0) {
                return server;
            }
        }
    }
    if (fd >= 0) {
        close(fd);
    }
    destroy(server, wk_clock_mono_ns());
    return NULL;
}

/* A server without a drain owns names and tree itself. */
struct wick_server *wick_serve_start(const struct wick_serve_options *options)
{
    struct wk_run_tree *own = wk_run_tree_create();
    struct wick_server *server = own ? wk_serve_start(options, own) : NULL;

    if (!own) {
        wk_error_set(WICK_E_NOMEM, "no memory for the live page");
    }
    wk_run_tree_release(own);
    return server;
}

/* ---- records of a server without a drain ------------------------------------------------------- */

struct wick_names *wick_serve_lock(struct wick_server *server)
{
    pthread_mutex_lock(server->retained.lock);
    return server->retained.names;
}

void wick_serve_unlock(struct wick_server *server)
{
    pthread_mutex_unlock(server->retained.lock);
}

void wick_serve_records(struct wick_server *server, const struct wick_record *records, size_t count)
{
    pthread_mutex_lock(server->retained.lock);
    wk_retained_records_locked(&server->retained, records, count);
    wk_run_tree_feed_locked(server->retained.run_tree, records, count);
    for (size_t i = 0; i < count; i++) {
        if (records[i].kind == WICK_RECORD_TRACKER) { /* what is no fact, the log's own readers report */
            (void)wk_board_feed(server->retained.names, &records[i]);
        }
    }
    pthread_mutex_unlock(server->retained.lock);
}

/* ---- the rest -------------------------------------------------------------------------------- */

const char *wick_serve_link(const struct wick_server *server)
{
    return server->link;
}

void wick_serve_line(struct wick_server *server, int64_t time_ns, enum wick_line line, const char *text)
{
    wk_retained_line(&server->retained, time_ns, line, text);
}

void wick_serve_stats(struct wick_server *server, const struct wick_stats *stats)
{
    pthread_mutex_lock(server->retained.lock);
    server->retained.stats = *stats;
    pthread_mutex_unlock(server->retained.lock);
}

void wick_serve_tick(struct wick_server *server, int64_t now_ns)
{
    if (wk_retained_tick(&server->retained, now_ns)) {
        server->module->wake(server->handle);
    }
}

int wick_serve_stop(struct wick_server *server, const char *reason, uint32_t deadline_ms)
{
    pthread_mutex_lock(server->retained.lock);
    snprintf(server->reason, sizeof server->reason, "%s", reason ? reason : "");
    wk_retained_flush_locked(&server->retained);
    pthread_mutex_unlock(server->retained.lock);
    const int64_t deadline_ns = wk_clock_mono_ns() + (int64_t)deadline_ms * 1000000;
    if (!server->module->stop(server->handle, deadline_ns)) {
        return wk_error_set(WICK_E_TIMEOUT, "the live page did not end in time");
    }
    destroy(server, deadline_ns);
    return 0;
}

void wick_serve_abandon(struct wick_server *server)
{
    server->module->abandon(server->handle);
}
