/*
 * SPDX-License-Identifier: MIT
 * The server's thread: libmicrohttpd on wick's own loop, connections and their deadlines, start and stop.
 * Invariants: while the thread runs, only it calls libmicrohttpd; nothing calls libmicrohttpd after the host closed the
 * server's descriptors.
 */
#include "server.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    LOOK_MS = 250,      /* between checks of deadlines, while there is a connection */
    IDLE_TURNS = 16,    /* turns of the loop without any work: then libmicrohttpd is spinning */
    PAUSE_MS = 20,
    FAREWELL_MS = 30,   /* longest wait for clients to read their bye */
    HIGH_FD = 200       /* above the numbers that hosts use and close */
};

int64_t wk_server_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- connections ----------------------------------------------------------------------------- */

static uint8_t hash_of(const struct sockaddr *address)
{
    const struct sockaddr_in *v4 = (const void *)address;
    const struct sockaddr_in6 *v6 = (const void *)address;
    const uint8_t *byte = address->sa_family == AF_INET6 ? v6->sin6_addr.s6_addr : (const void *)&v4->sin_addr;
    size_t bytes = address->sa_family == AF_INET6 ? 8 : 4; /* one network of IPv6 is one client */
    uint32_t hash = 0;

    for (size_t i = 0; i < bytes; i++) {
        hash = hash * 31 + byte[i];
    }
    return (uint8_t)(hash % ADDRESSES);
}

static void end_peer(struct peer *peer)
{
    peer->ended = true;
    shutdown(peer->fd, SHUT_RDWR);
}

/* Which of two connections is ended first: one without the token, one of the address that holds more, the older one. */
static bool ends_first(const struct server *server, const struct peer *a, const struct peer *b)
{
    if (a->known != b->known) {
        return b->known;
    }
    uint32_t a_held = server->held[a->address], b_held = server->held[b->address];
    return a_held != b_held ? a_held > b_held : a->since < b->since;
}

/* End a connection in favour of a new one. False: each is answering a client that has shown the token. */
static bool make_room(struct server *server)
{
    struct peer *first = NULL;

    for (uint32_t i = 0; i < server->peer_max; i++) {
        struct peer *peer = &server->peers[i];

        if (peer->fd >= 0 && !peer->ended && !(peer->known && peer->deadline_ms == INT64_MAX) &&
            (!first || ends_first(server, peer, first))) {
            first = peer;
        }
    }
    if (first) {
        end_peer(first);
    }
    return first != NULL;
}

static struct peer *free_peer(struct server *server)
{
    for (uint32_t i = 0; i < server->peer_max; i++) {
        if (server->peers[i].fd < 0) {
            return &server->peers[i];
        }
    }
    return NULL;
}

static void accepted(struct server *server, struct peer *peer, struct MHD_Connection *connection)
{
    int bytes = SEND_BUFFER_BYTES;
    bool room = server->peer_count < server->peer_max - RESERVE || make_room(server);

    *peer = (struct peer){
        .fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd,
        .deadline_ms = wk_server_now_ms() + HEADER_DEADLINE_MS,
        .since = ++server->arrivals,
        .address = hash_of(MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr),
        .surplus = !room,
    };
    setsockopt(peer->fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
    server->held[peer->address]++;
    server->peer_count++;
}

static void connected(void *user, struct MHD_Connection *connection, void **context,
                      enum MHD_ConnectionNotificationCode what)
{
    struct server *server = user;
    struct peer *peer = *context;

    server->work++;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        *context = peer = free_peer(server);
        if (peer) {
            accepted(server, peer, connection);
        }
    } else if (peer) {
        peer->fd = -1;
        server->held[peer->address]--;
        server->peer_count--;
    }
}

/* libmicrohttpd's first call for a request, with the target before it is decoded. */
static void *requested(void *user, const char *target, struct MHD_Connection *connection)
{
    struct server *server = user;
    struct request *request = calloc(1, sizeof *request);
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    server->work++;
    if (!request) {
        return NULL;
    }
    request->server = server;
    request->connection = connection;
    request->peer = info ? info->socket_context : NULL;
    if (strlen(target) > PATH_BYTES) {
        wk_request_refuse(request, 414, "the address is too long");
    } else {
        request->target = strdup(target);
    }
    return request;
}

static enum MHD_Result handle(void *user, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *data, size_t *bytes, void **context)
{
    struct server *server = user;
    struct request *request = *context;

    (void)connection;
    (void)url; /* decoded, and cut at a NUL: request->target has it as sent */
    (void)version;
    server->work++;
    if (!request || (!request->target && !request->refused)) {
        return MHD_NO; /* no memory */
    }
    return wk_routes_handle(request, method, data, bytes);
}

static void completed(void *user, struct MHD_Connection *connection, void **context,
                      enum MHD_RequestTerminationCode how)
{
    struct server *server = user;
    struct request *request = *context;

    (void)connection;
    (void)how;
    server->work++;
    if (!request) {
        return;
    }
    wk_request_forget(request);
    if (request->peer) {
        request->peer->deadline_ms = wk_server_now_ms() + IDLE_S * SECOND_MS + HEADER_DEADLINE_MS;
        request->peer->since = ++server->arrivals;
    }
    free((char *)(uintptr_t)request->target);
    free(request->body);
    free(request);
    *context = NULL;
}

/* A client that ended its side behind half a request. libmicrohttpd misses an end that came together with bytes, since
 * its epoll reports both as one edge. */
static bool is_gone(const struct peer *peer)
{
    char byte;
    ssize_t got = recv(peer->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

    return got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
}

static void end_idle(struct server *server)
{
    for (uint32_t i = 0; i < server->peer_max; i++) {
        struct peer *peer = &server->peers[i];

        if (peer->fd >= 0 && peer->deadline_ms != INT64_MAX && (peer->deadline_ms <= server->now_ms || is_gone(peer))) {
            end_peer(peer);
        }
    }
}

/* ---- the loop -------------------------------------------------------------------------------- */

static const int *own_fd(const struct server *server, int i)
{
    return i == 0 ? &server->listen_fd : &server->wake_fds[i - 1];
}

static bool is_ours(const struct server *server, int i)
{
    struct stat now;

    return fstat(*own_fd(server, i), &now) == 0 && now.st_ino == server->identities[i].st_ino &&
           now.st_dev == server->identities[i].st_dev;
}

/* A program that becomes a daemon closes every descriptor and may reuse their numbers. */
static bool lost_descriptors(struct server *server, const struct pollfd fds[2])
{
    if (!((fds[0].revents | fds[1].revents) & POLLNVAL) && is_ours(server, 0) && is_ours(server, 1)) {
        return false;
    }
    __atomic_store_n(&server->dead, true, __ATOMIC_RELAXED); /* for display only */
    server->host.say(server->host.user, "the program has closed the live page's descriptors: it is served no more");
    return true;
}

static int timeout_ms(struct server *server)
{
    MHD_UNSIGNED_LONG_LONG asked;
    int64_t least = server->peer_count ? LOOK_MS : -1;

    if (MHD_get_timeout(server->daemon, &asked) == MHD_YES && (least < 0 || (int64_t)asked < least)) {
        least = (int64_t)asked;
    }
    if (server->watchers && (least < 0 || least > UPDATE_MS)) {
        least = UPDATE_MS;
    }
    for (const struct request *request = server->waiting; request; request = request->next) {
        int64_t left = request->until_ms ? request->until_ms - server->now_ms : 0;

        if (least < 0 || left < least) {
            least = left > 0 ? left : 0;
        }
    }
    return (int)least;
}

static void wake_waiting(struct server *server)
{
    struct request *next;

    for (struct request *request = server->waiting; request; request = next) {
        next = request->next;
        if (server->stopping || request->until_ms <= server->now_ms) {
            wk_request_wake(request);
        }
    }
}

/* Sleep a little where libmicrohttpd would spin (no descriptor is left for accept). */
static void notice_spinning(struct server *server, uint64_t work_before, int64_t slept_ms)
{
    struct pollfd fd = {server->wake_fds[0], POLLIN, 0};

    if (server->work != work_before || slept_ms > 0) {
        server->idle_turns = 0;
    } else if (++server->idle_turns > IDLE_TURNS) {
        server->idle_turns = 0;
        poll(&fd, 1, PAUSE_MS);
    }
}

static bool turn(struct server *server)
{
    struct pollfd fds[2] = {{server->epoll_fd, POLLIN, 0}, {server->wake_fds[0], POLLIN, 0}};
    uint64_t work = server->work;
    int64_t before_ms = server->now_ms;
    char bytes[64];

    (void)poll(fds, 2, timeout_ms(server));
    server->now_ms = wk_server_now_ms();
    if (lost_descriptors(server, fds)) {
        return false;
    }
    if (fds[1].revents) {
        /* Pairs with the exchange in wake: the pump below sees frames that were published before it. */
        __atomic_store_n(&server->woken, false, __ATOMIC_SEQ_CST);
        while (recv(server->wake_fds[0], bytes, sizeof bytes, MSG_DONTWAIT) > 0) {
            server->work++;
        }
    }
    wk_stream_pump(server);
    if (server->now_ms - server->update_ms >= UPDATE_MS) {
        server->update_ms = server->now_ms;
        wk_stream_update(server);
    }
    wake_waiting(server);
    if (server->now_ms - server->second_ms >= LOOK_MS) {
        server->second_ms = server->now_ms;
        end_idle(server);
        wk_stream_look(server);
    }
    MHD_run(server->daemon);
    notice_spinning(server, work, server->now_ms - before_ms);
    return true;
}

static void farewell(struct server *server)
{
    struct timespec now;
    int64_t until_ms = wk_server_now_ms() + FAREWELL_MS;

    clock_gettime(CLOCK_MONOTONIC, &now);
    if (until_ms > server->deadline_ns / 1000000) {
        until_ms = server->deadline_ns / 1000000;
    }
    server->stopping = true; /* from here on no request is suspended */
    wk_stream_pump(server);
    wk_stream_bye(server);
    wake_waiting(server);
    wk_stream_wake_all(server);
    MHD_run(server->daemon);
    while (server->clients && wk_server_now_ms() < until_ms) {
        struct pollfd fd = {server->epoll_fd, POLLIN, 0};

        poll(&fd, 1, 1);
        MHD_run(server->daemon);
    }
    MHD_stop_daemon(server->daemon);
    server->daemon = NULL;
}

static void close_own(struct server *server)
{
    for (int i = 0; i < 3; i++) {
        if (*own_fd(server, i) >= 0 && is_ours(server, i)) {
            close(*own_fd(server, i));
        }
    }
}

static void *serve(void *argument)
{
    struct server *server = argument;
    bool lost = false;

    /* Pairs with the release in stop, which writes the deadline first. */
    while (!lost && !__atomic_load_n(&server->stop_asked, __ATOMIC_ACQUIRE)) {
        lost = !turn(server);
    }
    if (!lost && is_ours(server, 0) && is_ours(server, 1)) {
        farewell(server);
    }
    while (!__atomic_load_n(&server->stop_asked, __ATOMIC_ACQUIRE)) { /* as above; wk_alone counts this thread */
        poll(NULL, 0, LOOK_MS);
    }
    __atomic_store_n(&server->ended, true, __ATOMIC_RELEASE); /* pairs with the acquire in stop */
    return NULL;
}

/* ---- start and stop -------------------------------------------------------------------------- */

static bool move_up(int *fd)
{
    int high = fcntl(*fd, F_DUPFD_CLOEXEC, HIGH_FD);

    if (high >= 0) {
        close(*fd);
        *fd = high;
    }
    return *fd >= 0;
}

static bool open_own(struct server *server)
{
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, server->wake_fds) != 0) {
        return false;
    }
    for (int i = 0; i < 3; i++) {
        int *fd = i == 0 ? &server->listen_fd : &server->wake_fds[i - 1];

        if (!move_up(fd) || fstat(*fd, &server->identities[i]) != 0) {
            return false;
        }
    }
    return true;
}

static bool start_daemon(struct server *server)
{
    const union MHD_DaemonInfo *info;

    /* Without MHD_USE_ERROR_LOG libmicrohttpd writes nothing to stderr; it starts no thread of its own. */
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, handle, server,
        MHD_OPTION_LISTEN_SOCKET, server->listen_fd,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)server->peer_max,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL_BYTES,
        MHD_OPTION_URI_LOG_CALLBACK, requested, server,
        MHD_OPTION_NOTIFY_COMPLETED, completed, server,
        MHD_OPTION_NOTIFY_CONNECTION, connected, server, MHD_OPTION_END);
    info = server->daemon ? MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD) : NULL;
    server->epoll_fd = info ? info->epoll_fd : -1;
    return info != NULL;
}

static void destroy(struct server *server)
{
    if (server->daemon) {
        MHD_stop_daemon(server->daemon);
    }
    wk_stream_free(server);
    close_own(server);
    free(server->peers);
    free(server->hosts);
    free(server);
}

static struct server *create(const struct wk_http_options *options, const struct wk_http_host *host)
{
    struct server *server = calloc(1, sizeof *server);

    if (!server) {
        return NULL;
    }
    server->listen_fd = options->listen_fd;
    server->wake_fds[0] = server->wake_fds[1] = -1;
    server->host = *host;
    server->clients_max = options->clients_max;
    server->peer_max = options->clients_max + SPARE_CONNECTIONS;
    server->peers = calloc(server->peer_max, sizeof *server->peers);
    server->hosts = strdup(options->hosts ? options->hosts : "");
    server->ring = calloc(RING_MESSAGES, sizeof *server->ring);
    snprintf(server->token, sizeof server->token, "%s", options->token);
    server->now_ms = server->seen_ms = wk_server_now_ms();
    for (uint32_t i = 0; server->peers && i < server->peer_max; i++) {
        server->peers[i].fd = -1;
    }
    return server;
}

static void *start(const struct wk_http_options *options, const struct wk_http_host *host, char *why, size_t why_bytes)
{
    struct server *server = NULL;

    if (options->size < sizeof *options || host->size < sizeof *host) {
        snprintf(why, why_bytes, "wick-http.so is newer than the library");
        close(options->listen_fd);
        return NULL;
    }
    server = create(options, host);
    if (!server) {
        close(options->listen_fd);
        snprintf(why, why_bytes, "no memory");
        return NULL;
    }
    server->worker = (struct wk_worker){.name = "wick-http", .run = serve, .user = server};
    if (server->peers && server->hosts && server->ring && open_own(server) && start_daemon(server) &&
        server->host.start(&server->worker)) {
        return server;
    }
    snprintf(why, why_bytes, "no memory, descriptors or thread for the server (%s)", strerror(errno));
    destroy(server);
    return NULL;
}

static void wake(void *handle)
{
    struct server *server = handle;

    /* Pairs with the store in turn: either the thread sees the published frames, or the byte wakes it. */
    if (__atomic_exchange_n(&server->woken, true, __ATOMIC_SEQ_CST)) {
        return;
    }
    if (is_ours(server, 2)) {
        (void)send(server->wake_fds[1], "", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
    }
}

static void counts(void *handle, struct wk_http_counts *out)
{
    struct server *server = handle;
    /* Relaxed: for display only. */
    int64_t seen_ms = __atomic_load_n(&server->seen_ms, __ATOMIC_RELAXED);
    uint32_t clients = __atomic_load_n(&server->client_count, __ATOMIC_RELAXED);

    *out = (struct wk_http_counts){.size = sizeof *out,
                                   .clients = clients,
                                   .streams = __atomic_load_n(&server->streams, __ATOMIC_RELAXED),
                                   .quiet_ms = clients ? 0 : (uint64_t)(wk_server_now_ms() - seen_ms),
                                   .dead = __atomic_load_n(&server->dead, __ATOMIC_RELAXED)};
}

static bool stop(void *handle, int64_t deadline_ns)
{
    const struct timespec moment = {0, 200000};
    struct server *server = handle;

    server->deadline_ns = deadline_ns;
    __atomic_store_n(&server->stop_asked, true, __ATOMIC_RELEASE); /* pairs with the acquire in serve */
    __atomic_store_n(&server->woken, false, __ATOMIC_SEQ_CST);     /* as in turn */
    wake(server);
    while (!__atomic_load_n(&server->ended, __ATOMIC_ACQUIRE)) { /* pairs with the release in serve */
        if (wk_server_now_ms() > deadline_ns / 1000000) {
            return false;
        }
        nanosleep(&moment, NULL);
    }
    pthread_join(server->worker.thread, NULL);
    if (server->dead) { /* libmicrohttpd cannot be stopped without its descriptors: its memory is never freed */
        static struct server *left;

        server->next = left;
        left = server; /* reachable, so that leak checkers do not report it */
        return true;
    }
    destroy(server);
    return true;
}

static void abandon(void *handle)
{
    struct server *server = handle;

    for (uint32_t i = 0; i < server->peer_max; i++) {
        if (server->peers[i].fd >= 0) {
            close(server->peers[i].fd);
        }
    }
    close_own(server);
    close(server->epoll_fd);
}

const struct wk_module *wick_module_v1(const struct wk_module_host *host)
{
    static const struct wk_http_module module = {
        .module = {sizeof module, "http"},
        .start = start,
        .wake = wake,
        .counts = counts,
        .stop = stop,
        .abandon = abandon,
    };

    return host && host->size >= sizeof *host ? &module.module : NULL;
}
