/*
 * SPDX-License-Identifier: MIT
 * Responses: all have the same security headers, and errors are JSON. Requests that wait for one.
 */
#include "server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool wk_request_refuse(struct request *request, unsigned status, const char *text)
{
    request->refused = true;
    request->status = status;
    snprintf(request->text, sizeof request->text, "%s", text);
    return false;
}

/* ---- waiting --------------------------------------------------------------------------------- */

void wk_request_wait(struct request *request, int64_t until_ms)
{
    struct server *server = request->server;

    if (server->stopping) {
        return;
    }
    request->until_ms = until_ms;
    request->waiting = true;
    request->previous = NULL;
    request->next = server->waiting;
    if (request->next) {
        request->next->previous = request;
    }
    server->waiting = request;
    MHD_suspend_connection(request->connection);
}

static void unlink_waiting(struct request *request)
{
    *(request->previous ? &request->previous->next : &request->server->waiting) = request->next;
    if (request->next) {
        request->next->previous = request->previous;
    }
    request->waiting = false;
}

void wk_request_wake(struct request *request)
{
    unlink_waiting(request);
    MHD_resume_connection(request->connection);
}

void wk_request_forget(struct request *request)
{
    if (request->waiting) {
        unlink_waiting(request);
    }
}

/* ---- responses ------------------------------------------------------------------------------- */

static void add_headers(struct request *request, const char *type, struct MHD_Response *response)
{
    static const char *const headers[][2] = {
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cache-Control", "no-store"},
    };

    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        MHD_add_response_header(response, headers[i][0], headers[i][1]);
    }
    MHD_add_response_header(response, "Content-Security-Policy", wk_page_csp);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    if (request->null_origin && !request->refused) { /* the token was checked */
        MHD_add_response_header(response, "Access-Control-Allow-Origin", "null");
        MHD_add_response_header(response, "Access-Control-Expose-Headers", "Wick-Sequence, Wick-Retained-From-Ns");
    }
}

enum MHD_Result wk_reply_queue(struct request *request, unsigned status, const char *type, struct MHD_Response *response)
{
    if (!response) {
        return MHD_NO;
    }
    add_headers(request, type, response);
    if (request->peer) {
        request->peer->deadline_ms = INT64_MAX; /* libmicrohttpd's timeout ends clients that do not read */
    }
    enum MHD_Result result = MHD_queue_response(request->connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static struct MHD_Response *copy_of(const char *text, size_t bytes)
{
    return MHD_create_response_from_buffer(bytes, (void *)(uintptr_t)text, MHD_RESPMEM_MUST_COPY);
}

enum MHD_Result wk_reply_text(struct request *request, const char *type, const char *text)
{
    return wk_reply_queue(request, 200, type, copy_of(text, strlen(text)));
}

enum MHD_Result wk_reply_page(struct request *request)
{
    return wk_reply_queue(request, 200, "text/html; charset=utf-8",
                          MHD_create_response_from_buffer((size_t)(wk_page_end - wk_page_start),
                                                          (void *)(uintptr_t)wk_page_start, MHD_RESPMEM_PERSISTENT));
}

enum MHD_Result wk_reply_error(struct request *request, unsigned status, const char *text)
{
    const struct wk_http_values values = {.text = text, .status = status};
    const struct wk_http_host *host = &request->server->host;
    char body[2048];

    request->refused = true;
    size_t bytes = host->message(host->user, WK_HTTP_ERROR, &values, body, sizeof body - 1);
    body[bytes++] = '\n';
    struct MHD_Response *response = copy_of(body, bytes);
    if (response && status == 405) {
        MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, wk_routes_allow(request->route));
    }
    if (response && status == 401) {
        MHD_add_response_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer");
    }
    if (response && status == 503) {
        MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, "2");
    }
    if (response && (status == 400 || status == 413 || status == 431 || status == 414 || status == 503)) {
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    }
    return wk_reply_queue(request, status, "application/json", response);
}

/* ---- bodies of the host ---------------------------------------------------------------------- */

struct body_reading {
    struct request *request;
    struct server *server;
    void *body;
};

static ssize_t read_body(void *user, uint64_t position, char *to, size_t bytes)
{
    struct body_reading *reading = user;
    struct server *server = reading->server;
    long got = server->host.read(server->host.user, reading->body, to, bytes);

    (void)position;
    server->work++;
    if (got > 0) {
        return got;
    }
    if (got == -1) {
        return MHD_CONTENT_READER_END_OF_STREAM;
    }
    if (got < 0 || server->stopping) {
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    wk_request_wait(reading->request, 0);
    return 0;
}

static void close_body(void *user)
{
    struct body_reading *reading = user;

    reading->server->host.close(reading->server->host.user, reading->body);
    free(reading);
}

enum MHD_Result wk_reply_answer(struct request *request, struct wk_http_answer *answer)
{
    struct server *server = request->server;
    struct body_reading *reading;
    struct MHD_Response *response = NULL;

    if (answer->status != 200) {
        return wk_reply_error(request, answer->status, answer->text);
    }
    if (!answer->body) {
        return wk_reply_text(request, answer->type, answer->text);
    }
    reading = malloc(sizeof *reading);
    if (reading) {
        *reading = (struct body_reading){request, server, answer->body};
        response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 16384, read_body, reading, close_body);
    }
    if (!response) {
        server->host.close(server->host.user, answer->body);
        free(reading);
        return wk_reply_error(request, 503, "no memory");
    }
    for (int i = 0; i < WK_HTTP_HEADERS && answer->headers[i].name; i++) {
        MHD_add_response_header(response, answer->headers[i].name, answer->headers[i].value);
    }
    return wk_reply_queue(request, 200, answer->type, response);
}
