/*
 * SPDX-License-Identifier: MIT
 * The inside of the http module: what its files share. libmicrohttpd is known in this directory only.
 * Must not include the model or the runtime. Invariant: everything but wake, counts and abandon happens in
 * the server's one thread, so that nothing here needs a lock.
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
    SECOND_MS = 1000,
    STAT_MS = 500,
    SEND_BUFFER_BYTES = 65536, /* of the kernel, per client: without it a stuck one holds 3.75 MB */
    POOL_BYTES = 32768,        /* of MHD, per connection */
    HEADERS_BYTES = 16384,     /* of a request: more is answered with 431 */
    PATH_BYTES = 2048,         /* of a request's target: more is answered with 414 */
    SPARE_CONNECTIONS = 32,    /* for requests that are no event streams */
    RING_BYTES = 4 << 20,      /* of messages that clients share */
    RING_MESSAGES = 4096,
    BATCH_BYTES = 65536
};

/* A connection, from accept to close. */
struct peer {
    int fd;               /* -1: free */
    int64_t deadline_ms;  /* of its next request; INT64_MAX while one is being answered */
};

/* One request. */
struct request {
    struct request *next, *previous; /* in the list of those that wait */
    struct server *server;
    struct MHD_Connection *connection;
    struct peer *peer;
    const char *target;   /* as it was sent, with its query */
    const struct route *route;
    char *body;
    size_t body_bytes;
    bool begun, refused, null_origin, waiting, head;
    unsigned status;      /* of a refusal */
    char text[256];
    int64_t until_ms;     /* while it waits: for the delay of a wrong token; 0: for the host's body */
};

/* What is sent: shared by the ring and by those who are in the middle of it. */
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
    struct server *next;  /* of those that were left as they are */
    struct wk_http_host host;
    struct MHD_Daemon *daemon;
    pthread_t thread;
    char token[129];
    char *hosts;
    uint32_t clients_max;
    int listen_fd, epoll_fd;
    int wake_fds[2];      /* [0] is read by the thread, [1] written by anybody */
    struct stat identities[3]; /* of listen_fd and wake_fds: a host that closes all descriptors is noticed */
    struct peer *peers;   /* peer_max; an array, so that a forked child can close them */
    uint32_t peer_max, peer_count;
    struct request *waiting;
    struct client *clients;
    struct message *ring; /* RING_MESSAGES, used round and round */
    uint64_t ring_head, ring_tail; /* numbers of messages; head is the next */
    size_t ring_bytes;
    uint64_t pumped;      /* sequence of the next frame to put into the ring */
    char *batch;
    size_t batch_bytes;
    int64_t stat_ms, second_ms, now_ms;
    uint64_t work;        /* what was done, to notice a loop that does nothing */
    uint32_t idle_turns;
    bool stopping;
    /* Shared with other threads, relaxed: values for people, no order. */
    bool stop_asked, woken, dead, ended;
    uint32_t client_count;
    uint64_t streams;
    int64_t seen_ms;
    int64_t deadline_ns;  /* of the stop; written before stop_asked */
};

/* ---- server.c ---- */
int64_t wk_server_now_ms(void);

/* ---- guard.c: who may ask ---- */
/* Is the request's Host ours, and its Origin? False: the refusal is in `request`. */
bool wk_guard_host(struct request *request);
bool wk_guard_size(struct request *request);
/* Sec-Fetch-Site and the token, for what is not for everybody. */
bool wk_guard_data(struct request *request);
/* ---- routes.c: the endpoints ---- */
const char *wk_routes_allow(const struct route *route);
enum MHD_Result wk_routes_handle(struct request *request, const char *method, const char *data, size_t *bytes);

/* ---- reply.c: responses with our headers ---- */
enum MHD_Result wk_reply_error(struct request *request, unsigned status, const char *text);
enum MHD_Result wk_reply_text(struct request *request, const char *type, const char *text);
enum MHD_Result wk_reply_page(struct request *request);
enum MHD_Result wk_reply_answer(struct request *request, struct wk_http_answer *answer);
/* Add our headers, queue and let go of it. */
enum MHD_Result wk_reply_queue(struct request *request, unsigned status, const char *type, struct MHD_Response *response);
bool wk_request_refuse(struct request *request, unsigned status, const char *text);
/* Suspend a request until then (0: for a moment), and let it go on; forget it when it is over. */
void wk_request_wait(struct request *request, int64_t until_ms);
void wk_request_wake(struct request *request);
void wk_request_forget(struct request *request);

/* ---- stream.c: event streams ---- */
enum MHD_Result wk_stream_open(struct request *request);
/* Take new frames from the host, and wake whoever waits for them. */
void wk_stream_pump(struct server *server);
/* Now and then: heartbeats. */
void wk_stream_look(struct server *server);
void wk_stream_bye(struct server *server);
void wk_stream_wake_all(struct server *server);
void wk_stream_free(struct server *server);

/* ---- page.S ---- */
extern const char wk_page_start[], wk_page_end[];
extern const char wk_page_csp[]; /* ends with NUL */

#endif
