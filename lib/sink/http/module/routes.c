/*
 * SPDX-License-Identifier: MIT
 * The endpoints: a fixed table, compared with the target as it was sent; no file path is ever made from a request.
 * Invariant: checks come in one order: size, length, Host and Origin, endpoint, method, body, Sec-Fetch-Site and token;
 * then the host is asked.
 */
#include "server.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { GET = 1, POST = 2, DELETE = 4 };
#define CHUNKED ULLONG_MAX

struct route {
    const char *path;
    enum { WHOLE, NUMBER, KEY } form; /* NUMBER: digits follow; KEY: anything but nothing */
    uint8_t methods;
    bool data;                    /* needs the token */
    size_t body_bytes;            /* of a POST, at most */
    enum { PAGE, EVENTS, ASK } does;
    enum wk_http_what what;
};

static const struct route routes[] = {
    {"/", WHOLE, GET, false, 0, PAGE, 0},
    {"/health", WHOLE, GET, false, 0, ASK, WK_HTTP_HEALTH},
    {"/events", WHOLE, GET, true, 0, EVENTS, 0},
    {"/api/snapshot", WHOLE, GET, true, 0, ASK, WK_HTTP_SNAPSHOT},
    {"/api/range", WHOLE, GET, true, 0, ASK, WK_HTTP_RANGE},
    {"/api/rollup", WHOLE, GET, true, 0, ASK, WK_HTTP_ROLLUP},
    {"/api/stats", WHOLE, GET, true, 0, ASK, WK_HTTP_STATS},
    {"/api/blob/", NUMBER, GET, true, 0, ASK, WK_HTTP_BLOB},
    {"/api/control", WHOLE, POST, true, 4096, ASK, WK_HTTP_CONTROL},
    {"/api/runs", WHOLE, GET, true, 0, ASK, WK_HTTP_RUNS},
    {"/metrics", WHOLE, GET, true, 0, ASK, WK_HTTP_METRICS},
    {"/status", WHOLE, GET, true, 0, ASK, WK_HTTP_STATUS},
    {"/status/", KEY, GET | POST | DELETE, true, WK_HTTP_POST_BYTES, ASK, WK_HTTP_STATUS},
};

const char *wk_routes_allow(const struct route *route)
{
    return !route || route->methods == GET ? "GET, HEAD" : route->methods == POST ? "POST" : "GET, HEAD, POST, DELETE";
}

static const struct route *find(const char *target)
{
    size_t bytes = strcspn(target, "?");

    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        size_t path = strlen(routes[i].path);

        if (bytes < path || memcmp(target, routes[i].path, path) != 0) {
            continue;
        }
        if (routes[i].form == WHOLE ? bytes == path
                                    : bytes > path && (routes[i].form == KEY || strspn(target + path, "0123456789") == bytes - path)) {
            return &routes[i];
        }
    }
    return NULL;
}

/* ---- the query ------------------------------------------------------------------------------- */

/* What follows `name=` in the query; NULL: it is not there. */
static const char *value_of(const char *target, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = strchr(target, '?'); at; at = strchr(at, '&')) {
        if (strncmp(++at, name, length) == 0 && at[length] == '=') {
            return at + length + 1;
        }
    }
    return NULL;
}

/* Read `name=` of the query as a number; true also when it is missing. */
static bool number_of(const char *target, const char *name, int64_t *number)
{
    const char *value = value_of(target, name);
    char *end;

    if (!value) {
        return true;
    }
    errno = 0;
    *number = strtoll(value, &end, 10);
    return !errno && end > value && (*end == 0 || *end == '&');
}

/* Is `name` in the query, as it stands? */
static bool has_word(const char *target, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = strchr(target, '?'); at; at = strchr(at, '&')) {
        if (strncmp(++at, name, length) == 0 && (at[length] == 0 || at[length] == '&')) {
            return true;
        }
    }
    return false;
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* Decode a key up to one of the characters `ends`, once; `to` has room for the whole target. Gives what is wrong with it, NULL:
 * nothing. */
static const char *decode_key(const char *at, const char *ends, char *to, uint32_t *bytes)
{
    const char *end = at + strcspn(at, ends);

    for (*bytes = 0; at < end; at++) {
        int high = *at == '%' && end - at > 2 ? digit(at[1]) : -1, low = high >= 0 ? digit(at[2]) : -1;

        if (*at == '%' && low < 0) {
            return "an escape of the address is none: % and two digits";
        }
        to[(*bytes)++] = *at == '%' ? (char)(high << 4 | low) : *at;
        at += *at == '%' ? 2 : 0;
    }
    return NULL;
}

/* The part of a question that is in the address. Gives what is wrong with it, NULL: nothing. */
static const char *read_address(const struct request *request, struct wk_http_question *question)
{
    const char *target = request->target;
    int64_t bytes = 0, depth = 1;
    bool good = true;

    if (question->what == WK_HTTP_BLOB) {
        errno = 0;
        question->offset = (uint64_t)strtoll(target + strlen(request->route->path), NULL, 10);
        good = !errno && number_of(target, "bytes", &bytes) && bytes >= 0;
    } else if (question->what == WK_HTTP_RANGE) {
        good = number_of(target, "from_ns", &question->from_ns) && number_of(target, "to_ns", &question->to_ns);
    } else if (question->what == WK_HTTP_STATUS) {
        good = number_of(target, "depth", &depth) && depth > 0;
        question->depth = depth < 65 ? (uint32_t)depth : 65; /* a key has 64 levels */
        question->lines = has_word(target, "form=lines");
    }
    question->bytes = (uint64_t)bytes;
    return good ? NULL : "a number of the address is none";
}

static enum wk_http_what what_of(const struct request *request)
{
    return request->route->form != KEY ? request->route->what
           : request->method == POST   ? WK_HTTP_POST
           : request->method == DELETE ? WK_HTTP_DELETE : WK_HTTP_STATUS;
}

/* Is a media type among those that the client asks for by name? */
static bool accepts(const struct request *request, const char *type)
{
    const char *accept = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT);

    return accept && strcasestr(accept, type);
}

static enum MHD_Result ask(struct request *request)
{
    struct server *server = request->server;
    struct wk_http_question question = {.what = what_of(request),
                                        .from_ns = INT64_MIN,
                                        .to_ns = INT64_MAX,
                                        .body = request->body ? request->body : "",
                                        .body_bytes = request->body_bytes};
    struct wk_http_answer answer = {.status = 500, .text = "no answer"};
    char key[PATH_BYTES];

    const char *wrong = read_address(request, &question);
    question.openmetrics = accepts(request, "application/openmetrics-text");
    if (!wrong && request->route->form == KEY) {
        question.key = key;
        wrong = decode_key(request->target + strlen(request->route->path), "?", key, &question.key_bytes);
    } else if (!wrong && question.what == WK_HTTP_ROLLUP && (question.run = value_of(request->target, "run")) != NULL) {
        uint32_t bytes;
        wrong = decode_key(question.run, "&", key, &bytes);
        key[bytes] = 0;
        question.run = key;
    }
    if (wrong) {
        return wk_reply_error(request, 400, wrong);
    }
    server->host.ask(server->host.user, &question, &answer);
    return wk_reply_answer(request, &answer);
}

/* The stream of the run, or of the trackers below a key, which is asked for first, so that it is known to be one. */
static enum MHD_Result open_stream(struct request *request)
{
    const char *value = value_of(request->target, "key");
    struct wk_http_question question = {.what = WK_HTTP_STATUS, .depth = 1};
    struct wk_http_answer answer = {.status = 500, .text = "no answer"};
    char key[PATH_BYTES];

    if (!value) {
        return wk_stream_open(request, NULL, 0);
    }
    const char *wrong = decode_key(value, "&", key, &question.key_bytes);
    if (wrong) {
        return wk_reply_error(request, 400, wrong);
    }
    question.key = key;
    request->server->host.ask(request->server->host.user, &question, &answer);
    if (answer.body) {
        request->server->host.close(request->server->host.user, answer.body);
    }
    return answer.status == 200 ? wk_stream_open(request, key, question.key_bytes) : wk_reply_error(request, answer.status, answer.text);
}

/* ---- checks ---------------------------------------------------------------------------------- */

static bool check_method(struct request *request, const char *method)
{
    uint8_t asked = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 ? GET
                  : strcmp(method, "POST") == 0 ? POST
                  : strcmp(method, "DELETE") == 0 ? DELETE : 0;

    request->method = asked;
    request->head = strcmp(method, "HEAD") == 0;
    return request->route->methods & asked || wk_request_refuse(request, 405, "this endpoint has no such method");
}

/* Size of the body by the request's headers; CHUNKED: unknown. */
static unsigned long long declared_body(const struct request *request)
{
    const char *length = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);

    if (MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_TRANSFER_ENCODING)) {
        return CHUNKED;
    }
    return length ? strtoull(length, NULL, 10) : 0;
}

static size_t most_of_body(const struct request *request)
{
    return request->method == POST ? request->route->body_bytes : 0;
}

/* A body of known size is refused before it is sent. */
static bool check_body(struct request *request)
{
    unsigned long long bytes = declared_body(request);
    size_t most = most_of_body(request);

    return bytes <= most || (bytes == CHUNKED && most) ||
           wk_request_refuse(request, 413, "the request's body is too large");
}

static bool check(struct request *request, const char *method)
{
    if (request->refused || !wk_guard_size(request) || !wk_guard_length(request) || !wk_guard_host(request)) {
        return false;
    }
    if (!request->peer || request->peer->surplus) {
        return wk_request_refuse(request, 503, "too many connections");
    }
    request->route = find(request->target);
    if (!request->route) {
        return wk_request_refuse(request, 404, "there is nothing here");
    }
    if (!check_method(request, method) || !check_body(request)) {
        return false;
    }
    if (!request->route->data) {
        return !request->null_origin || wk_request_refuse(request, 403, "pages of other origins may not ask");
    }
    return wk_guard_data(request);
}

/* Append a piece of the body; the limit is checked again, since a chunked body has no known size. */
static void take_body(struct request *request, const char *data, size_t bytes)
{
    if (request->refused) {
        return;
    }
    if (request->body_bytes + bytes > most_of_body(request)) {
        wk_request_refuse(request, 413, "the request's body is too large");
        return;
    }
    char *grown = realloc(request->body, request->body_bytes + bytes + 1);
    if (!grown) {
        wk_request_refuse(request, 503, "no memory");
        return;
    }
    memcpy(grown + request->body_bytes, data, bytes);
    request->body = grown;
    request->body_bytes += bytes;
    grown[request->body_bytes] = 0;
}

enum MHD_Result wk_routes_handle(struct request *request, const char *method, const char *data, size_t *bytes)
{
    if (!request->begun) { /* the headers are complete */
        request->begun = true;
        bool good = check(request, method);
        bool unsure = request->refused && request->status == 400; /* where does the request end? */
        if (good || request->waiting || (!declared_body(request) && !unsure)) {
            return MHD_YES; /* answer when the request is complete: an early answer ends the connection */
        }
        return wk_reply_error(request, request->status, request->text);
    }
    if (*bytes) {
        take_body(request, data, *bytes);
        *bytes = 0;
        return MHD_YES;
    }
    if (request->refused) {
        return wk_reply_error(request, request->status, request->text);
    }
    if (request->route->does == PAGE) {
        return wk_reply_page(request);
    }
    if (request->route->does == EVENTS) {
        return open_stream(request);
    }
    return ask(request);
}
