/*
 * SPDX-License-Identifier: MIT
 * Structs and functions that the files of the http module share. libmicrohttpd is used in this directory only.
 * Must not include the model or the runtime. Invariant: while the server runs, only wake, counts, stop and abandon are
 * called in other threads, so that nothing here needs a lock.
 */
#ifndef WICK_LIB_SINK_HTTP_MODULE_SERVER_H
#define WICK_LIB_SINK_HTTP_MODULE_SERVER_H

#include <microhttpd.h>
#include <pthread.h>
#include <sys/stat.h>

#include "sink/http/http_module.h"

struct route;

enum {
    HEADER_DEADLINE_MS = 5000, /* from accept, or from the end of an idle time, to a whole request */
    IDLE_S = 15,
    WRONG_TOKEN_MS = 100,
    HEARTBEAT_MS = 10000,
    UPDATE_MS = 33,            /* changes of trackers in this time are one message */
    SECOND_MS = 1000,
    STAT_MS = 500,
    SEND_BUFFER_BYTES = 65536, /* of the kernel, per client: without this limit a stuck one holds 3.75 MB */
    POOL_BYTES = 32768,        /* of MHD, per connection */
    HEADERS_BYTES = 16384,     /* of a request: more is answered with 431 */
    PATH_BYTES = 4096,         /* of a request's target: more is answered with 414 */
    SPARE_CONNECTIONS = 64,    /* for requests other than event streams */
    RESERVE = 32,              /* of these: free places that new connections find; MHD accepts at most 11 per turn */
    ADDRESSES = 256,           /* hash values of clients' addresses */
    RING_BYTES = 4 << 20,      /* of messages that clients share */
    RING_MESSAGES = 4096,
    BATCH_BYTES = 65536
};

/* A connection, from accept to close. */
struct peer {
    int fd;               /* -1: free */
    int64_t deadline_ms;  /* of its next request; INT64_MAX while one is being answered */
    uint64_t since;       /* server->arrivals when it was accepted, or when its last answer ended */
    uint8_t address;      /* hash of the client's */
    bool known;           /* it has shown the token */
    bool surplus;         /* no other could be ended for it: its requests are refused */
    bool ended;           /* shut down, not yet closed */
};

/* One request. */
struct request {
    struct request *next, *previous; /* in server->waiting */
    struct server *server;
    struct MHD_Connection *connection;
    struct peer *peer;
    const char *target;   /* as it was sent, with its query */
    const struct route *route;
    char *body;
    size_t body_bytes;
    uint8_t method;       /* of routes.c */
    bool begun, refused, null_origin, waiting, head;
    unsigned status;      /* of a refusal */
    char text[256];
    int64_t until_ms;     /* waiting: end of the delay of a wrong token; 0: for more of the host's body */
};

/* The bytes of a message, shared by the ring and the clients that are sending it. */
struct text {
    uint32_t users;
    size_t bytes;
    char data[];
};

struct message {
    uint64_t first, next; /* sequence numbers of its frames; equal: it has none */
    struct text *text;
};

struct server {
    struct server *next;  /* in the list of dead ones (stop) */
    struct wk_http_host host;
    struct MHD_Daemon *daemon;
    struct wk_worker worker;
    char token[129];
    char *hosts;
    uint32_t clients_max;
    int listen_fd, epoll_fd;
    int wake_fds[2];      /* [0] is read by the server's thread, [1] written by any */
    struct stat identities[3]; /* of listen_fd and wake_fds, to notice a host that closes all descriptors */
    struct peer *peers;   /* peer_max entries; an array, so that a forked child can close them */
    uint32_t peer_max, peer_count;
    uint32_t held[ADDRESSES]; /* connections of the addresses with this hash */
    uint64_t arrivals;    /* counts connections and answers */
    struct request *waiting;
    struct client *clients;
    uint32_t watchers;    /* of the clients, those that watch trackers */
    struct message *ring; /* RING_MESSAGES entries */
    uint64_t ring_head, ring_tail; /* free-running numbers of messages; head is the next */
    size_t ring_bytes;
    uint64_t pumped;      /* sequence of the next frame to put into the ring */
    char *batch;
    size_t batch_bytes;
    int64_t stat_ms, second_ms, now_ms, update_ms;
    uint64_t work;        /* counts anything done, to notice a loop that spins */
    uint32_t idle_turns;
    bool stopping;
    /* Shared with other threads; of these, client_count, streams, seen_ms and dead are for display only (relaxed). */
    bool stop_asked, woken, dead, ended;
    uint32_t client_count;
    uint64_t streams;
    int64_t seen_ms;
    int64_t deadline_ns;  /* of the stop; written before stop_asked */
};

/* ---- server.c ---- */
int64_t wk_server_now_ms(void);

/* ---- guard.c: which requests are allowed ---- */
/* Check Host and Origin. False: the refusal is in `request`. */
bool wk_guard_host(struct request *request);
bool wk_guard_size(struct request *request);
/* Check that the length of the body is said once. */
bool wk_guard_length(struct request *request);
/* Check Sec-Fetch-Site and the token, for endpoints with data. */
bool wk_guard_data(struct request *request);
/* ---- routes.c: the endpoints ---- */
const char *wk_routes_allow(const struct route *route);
enum MHD_Result wk_routes_handle(struct request *request, const char *method, const char *data, size_t *bytes);

/* ---- reply.c: responses with wick's headers ---- */
enum MHD_Result wk_reply_error(struct request *request, unsigned status, const char *text);
enum MHD_Result wk_reply_text(struct request *request, const char *type, const char *text);
enum MHD_Result wk_reply_page(struct request *request);
enum MHD_Result wk_reply_answer(struct request *request, struct wk_http_answer *answer);
/* Add the headers, queue the response and release it. */
enum MHD_Result wk_reply_queue(struct request *request, unsigned status, const char *type, struct MHD_Response *response);
bool wk_request_refuse(struct request *request, unsigned status, const char *text);
/* Suspend a request until a time (0: until the next turn of the loop); resume it; unlink one that has ended. */
void wk_request_wait(struct request *request, int64_t until_ms);
void wk_request_wake(struct request *request);
void wk_request_forget(struct request *request);

/* ---- stream.c: event streams ---- */
/* `key`: trackers are watched; NULL: the run. */
enum MHD_Result wk_stream_open(struct request *request, const char *key, uint32_t key_bytes);
/* Take new frames from the host and wake the clients. */
void wk_stream_pump(struct server *server);
/* Called every LOOK_MS: wake clients whose heartbeat is due. */
void wk_stream_look(struct server *server);
/* Called every UPDATE_MS: messages for the clients that watch trackers. */
void wk_stream_update(struct server *server);
void wk_stream_bye(struct server *server);
void wk_stream_wake_all(struct server *server);
void wk_stream_free(struct server *server);

/* ---- page.S ---- */
extern const char wk_page_start[], wk_page_end[];
extern const char wk_page_csp[]; /* ends with NUL */

#endif
