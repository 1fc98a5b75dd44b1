/*
 * SPDX-License-Identifier: MIT
 * Decides which requests are allowed: Host, Origin, Sec-Fetch-Site, token, size of the headers. ../README.md lists the
 * attack that each check stops, and its test. Must not parse addresses: names are compared as strings.
 */
#include "server.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* All headers of one name, counted: a request with two of them is not trusted. */
struct header {
    const char *name;
    const char *value;   /* of the first */
    size_t bytes;
    uint32_t count;
};

static enum MHD_Result take(void *user, enum MHD_ValueKind kind, const char *key, size_t key_bytes, const char *value,
                            size_t value_bytes)
{
    struct header *header = user;

    (void)kind;
    if (key_bytes != strlen(header->name) || strncasecmp(key, header->name, key_bytes) != 0) {
        return MHD_YES;
    }
    if (header->count++ == 0) {
        header->value = value ? value : "";
        header->bytes = value ? value_bytes : 0;
    }
    return MHD_YES;
}

static struct header find(const struct request *request, const char *name)
{
    struct header header = {.name = name};

    MHD_get_connection_values_n(request->connection, MHD_HEADER_KIND, take, &header);
    return header;
}

/* ---- Host and Origin ------------------------------------------------------------------------- */

static bool is_port(const char *text, size_t bytes)
{
    if (bytes == 0) {
        return true;
    }
    if (text[0] != ':' || bytes < 2 || bytes > 6) {
        return false;
    }
    for (size_t i = 1; i < bytes; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
    }
    return true;
}

static bool is_name(const char *name, size_t bytes, const char *allowed, size_t allowed_bytes)
{
    return allowed_bytes && bytes == allowed_bytes && strncasecmp(name, allowed, bytes) == 0;
}

/* Names are compared exactly and never resolved; any port is allowed, since ports may be forwarded. */
static bool host_allowed(const struct server *server, const char *host, size_t bytes)
{
    static const char *const own[] = {"127.0.0.1", "localhost", "[::1]"};
    const char *bracket = bytes && host[0] == '[' ? memchr(host, ']', bytes) : NULL;
    const char *colon = bracket ? bracket + 1 : memchr(host, ':', bytes);
    size_t name_bytes = colon ? (size_t)(colon - host) : bytes;

    if (!is_port(host + name_bytes, bytes - name_bytes)) {
        return false;
    }
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        if (is_name(host, name_bytes, own[i], strlen(own[i]))) {
            return true;
        }
    }
    for (const char *name = server->hosts; *name;) {
        size_t length = strcspn(name, ",");

        if (is_name(host, name_bytes, name, length)) {
            return true;
        }
        name += length + (name[length] == ',');
    }
    return false;
}

bool wk_guard_host(struct request *request)
{
    struct header host = find(request, "Host");
    struct header origin = find(request, "Origin");

    if (host.count != 1 || host.bytes != strlen(host.value) || !host_allowed(request->server, host.value, host.bytes)) {
        return wk_request_refuse(request, 403, "this name is not served here: use the printed link, or add the name to "
                                               "WICK_SERVE_HOSTS");
    }
    if (origin.count == 0) {
        return true;
    }
    if (origin.count == 1 && origin.bytes == 4 && strcmp(origin.value, "null") == 0) {
        request->null_origin = true; /* a page from disk: needs the token, gets data only */
        return true;
    }
    if (origin.count == 1 && strncasecmp(origin.value, "http://", 7) == 0 && origin.bytes == host.bytes + 7 &&
        strncasecmp(origin.value + 7, host.value, host.bytes) == 0) {
        return true;
    }
    return wk_request_refuse(request, 403, "pages of other origins may not ask");
}

/* ---- size ------------------------------------------------------------------------------------ */

static enum MHD_Result add(void *user, enum MHD_ValueKind kind, const char *key, size_t key_bytes, const char *value,
                           size_t value_bytes)
{
    (void)kind;
    (void)key;
    *(size_t *)user += key_bytes + (value ? value_bytes : 0) + 4;
    return MHD_YES;
}

bool wk_guard_size(struct request *request)
{
    size_t bytes = 0;

    MHD_get_connection_values_n(request->connection, MHD_HEADER_KIND, add, &bytes);
    return bytes <= HEADERS_BYTES || wk_request_refuse(request, 431, "the request's headers are too large");
}

/* What reads two lengths may take the rest of a body for a request. */
bool wk_guard_length(struct request *request)
{
    return find(request, "Content-Length").count + find(request, "Transfer-Encoding").count <= 1 ||
           wk_request_refuse(request, 400, "the length of the body is said more than once");
}

/* ---- token ----------------------------------------------------------------------------------- */

static bool same(const char *given, size_t bytes, const char *token)
{
    size_t length = strlen(token);
    unsigned char difference = 0;

    if (bytes != length) { /* the length is not secret */
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        difference |= (unsigned char)(given[i] ^ token[i]);
    }
    return difference == 0;
}

/* `?t=` of the target, exactly one; false: there is none. */
static bool token_in_target(const char *target, const char **token, size_t *bytes)
{
    const char *at = strchr(target, '?');
    uint32_t count = 0;

    while (at) {
        if (strncmp(++at, "t=", 2) == 0) {
            *token = at + 2;
            *bytes = strcspn(at + 2, "&");
            count++;
        }
        at = strchr(at, '&');
    }
    return count == 1;
}

static bool token_in_header(const struct header *header, const char **token, size_t *bytes)
{
    if (header->count != 1 || header->bytes < 7 || strncasecmp(header->value, "Bearer ", 7) != 0) {
        return false;
    }
    *token = header->value + 7;
    *bytes = header->bytes - 7;
    return true;
}

static bool guard_token(struct request *request)
{
    struct server *server = request->server;
    struct header header = find(request, "Authorization");
    const char *token = "";
    size_t bytes = 0;
    bool given = header.count ? token_in_header(&header, &token, &bytes) : token_in_target(request->target, &token, &bytes);

    if (given && same(token, bytes, server->token)) {
        __atomic_store_n(&server->seen_ms, server->now_ms, __ATOMIC_RELAXED); /* for display only */
        if (request->peer) {
            request->peer->known = true;
        }
        return true;
    }
    wk_request_refuse(request, given ? 403 : 401, given ? "this is not the token of this run: use the link that it printed"
                                                        : "a token is needed: Authorization: Bearer, or ?t=");
    if (given) { /* the delay slows guessing without locking anybody out */
        wk_request_wait(request, wk_server_now_ms() + WRONG_TOKEN_MS);
    }
    return false;
}

bool wk_guard_data(struct request *request)
{
    struct header site = find(request, "Sec-Fetch-Site");
    bool own = site.count == 0 || (site.count == 1 && (strcasecmp(site.value, "same-origin") == 0 ||
                                                       strcasecmp(site.value, "none") == 0));

    if (!own && !request->null_origin) {
        return wk_request_refuse(request, 403, "pages of other sites may not ask");
    }
    return guard_token(request);
}
