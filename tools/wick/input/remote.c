/*
 * SPDX-License-Identifier: MIT
 * Asks a server of wick's. See remote.h.
 */
#include "input/remote.h"

#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/host.h"
#include "base/messages.h"
#include "model/base/json.h"

enum { PATIENCE_S = 30 };

static const char scheme[] = "http://";

/* ---- links ------------------------------------------------------------------------------------ */

bool remote_is_link(const char *text)
{
    return strncmp(text, scheme, sizeof scheme - 1) == 0;
}

static bool copy_part(char *to, size_t room, const char *from, size_t bytes)
{
    bool good = bytes > 0 && bytes < room;
    memcpy(to, from, good ? bytes : 0);
    to[good ? bytes : 0] = 0;
    return good;
}

/* `t=` of the fragment or the query. */
static bool find_token(const char *link, char *to, size_t room)
{
    const char *at = strstr(link, "#t=");
    at = at ? at : strstr(link, "?t=");
    at = at ? at : strstr(link, "&t=");
    const char *given = getenv("WICK_STATUS_TOKEN");
    return at ? copy_part(to, room, at + 3, strcspn(at + 3, "&#")) : given && copy_part(to, room, given, strlen(given));
}

int remote_read_link(const struct settings *settings, const char *link, struct remote_server *server)
{
    link = link ? link : getenv("WICK_STATUS_URL");
    if (!link || !remote_is_link(link)) {
        tool_error(settings, "give the link that the server printed, http://...; below `wick run --live` it is in WICK_STATUS_URL");
        return EXIT_USAGE;
    }
    const char *host = link + sizeof scheme - 1;
    bool bracket = *host == '[';
    size_t bytes = strcspn(host, bracket ? "]" : ":/?#");
    const char *port = host + bytes + bracket;
    if (!copy_part(server->host, sizeof server->host, host + bracket, bytes - bracket) || *port != ':' ||
        !copy_part(server->port, sizeof server->port, port + 1, strspn(port + 1, "0123456789"))) {
        tool_error(settings, "%s: expected http://HOST:PORT/#t=TOKEN", link);
        return EXIT_USAGE;
    }
    if (!find_token(link, server->token, sizeof server->token)) {
        tool_error(settings, "%s: there is no token in it (#t=...), nor in WICK_STATUS_TOKEN", link);
        return EXIT_USAGE;
    }
    return EXIT_FINE;
}

/* ---- one request ------------------------------------------------------------------------------ */

/* Bytes that grow. */
struct received {
    char *bytes;
    uint32_t room;
    size_t count;
};

static int open_connection(const struct remote_server *server)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    const struct timeval patience = {.tv_sec = PATIENCE_S};
    struct addrinfo *found = NULL;
    int fd = -1;
    if (getaddrinfo(server->host, server->port, &hints, &found) != 0) {
        errno = ENOENT;
        return -1;
    }
    for (const struct addrinfo *at = found; at && fd < 0; at = at->ai_next) {
        fd = socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC, 0);
        if (fd >= 0) {
            setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
            setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        }
        if (fd >= 0 && connect(fd, at->ai_addr, at->ai_addrlen) != 0) {
            int error = errno;
            close(fd);
            errno = error;
            fd = -1;
        }
    }
    freeaddrinfo(found);
    return fd;
}

static bool send_all(int fd, const char *bytes, size_t count)
{
    while (count) {
        ssize_t sent = send(fd, bytes, count, MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR) {
            return false;
        }
        bytes += sent > 0 ? sent : 0;
        count -= sent > 0 ? (size_t)sent : 0;
    }
    return true;
}

/* A key in an address: bytes that mean something there are escaped. */
static void put_key(FILE *to, const char *key)
{
    for (; *key; key++) {
        unsigned char c = (unsigned char)*key;
        bool plain = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || strchr("-._~", c);
        fprintf(to, plain ? "%c" : "%%%02X", c);
    }
}

static bool send_question(int fd, const struct remote_server *server, const struct remote_question *question)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *to = open_memstream(&text, &bytes);
    bool six = strchr(server->host, ':') != NULL;
    if (!to) {
        return false;
    }
    fprintf(to, "%s /status%s", question->method, question->key ? "/" : "");
    put_key(to, question->key ? question->key : "");
    fprintf(to, "%s%s HTTP/1.1\r\nHost: %s%s%s:%s\r\nAuthorization: Bearer %s\r\nConnection: close\r\n", *question->query ? "?" : "",
            question->query, six ? "[" : "", server->host, six ? "]" : "", server->port, server->token);
    if (question->body) {
        fprintf(to, "Content-Type: application/json\r\nContent-Length: %zu\r\n", question->body_bytes);
    }
    fputs("\r\n", to);
    fwrite(question->body ? question->body : "", 1, question->body ? question->body_bytes : 0, to);
    bool good = fclose(to) == 0 && send_all(fd, text, bytes);
    free(text);
    return good;
}

static bool receive_all(int fd, struct received *all)
{
    for (;;) {
        if (all->count + 65536 > UINT32_MAX / 2 || !tool_grow(&all->bytes, &all->room, (uint32_t)all->count + 65536, 1)) {
            errno = ENOMEM;
            return false;
        }
        ssize_t got = recv(fd, all->bytes + all->count, 65536, 0);
        if (got <= 0 && !(got < 0 && errno == EINTR)) {
            all->bytes[all->count] = 0;
            return got == 0 || all->count; /* an answer that came before a reset is one, if it is whole */
        }
        all->count += got > 0 ? (size_t)got : 0;
    }
}

/* ---- its answer ------------------------------------------------------------------------------- */

/* The value of a header, in the head of an answer; NULL: none. */
static const char *header_of(const char *head, const char *name)
{
    size_t length = strlen(name);
    for (const char *line = strstr(head, "\r\n"); line; line = strstr(line, "\r\n")) {
        line += 2;
        if (strncasecmp(line, name, length) == 0 && line[length] == ':') {
            return line + length + 1 + strspn(line + length + 1, " ");
        }
    }
    return NULL;
}

/* Chunks become one text, in place; false: the last one is missing. */
static bool join_chunks(char *body, size_t bytes, size_t *joined)
{
    char *from = body, *end = body + bytes, *to = body;
    for (;;) {
        char *line;
        unsigned long count = strtoul(from, &line, 16);
        if (line == from || end - line < 2 || count > (size_t)(end - line - 2)) {
            return false;
        }
        from = line + 2;
        if (!count) {
            *to = 0;
            *joined = (size_t)(to - body);
            return true;
        }
        memmove(to, from, count);
        to += count;
        from += count + 2;
        if (from > end) {
            return false;
        }
    }
}

/* Take the head off; false: the answer is not whole. */
static bool read_answer(const struct received *all, struct remote_answer *answer)
{
    char *end = all->count > 12 && strncmp(all->bytes, "HTTP/1.1 ", 9) == 0 ? strstr(all->bytes, "\r\n\r\n") : NULL;
    if (!end) {
        return false;
    }
    *end = 0;
    const char *length = header_of(all->bytes, "Content-Length");
    answer->status = (int)strtol(all->bytes + 9, NULL, 10);
    answer->bytes = all->count - (size_t)(end + 4 - all->bytes);
    bool whole = header_of(all->bytes, "Transfer-Encoding") ? join_chunks(end + 4, answer->bytes, &answer->bytes)
                                                            : length && strtoull(length, NULL, 10) == answer->bytes;
    memmove(all->bytes, end + 4, answer->bytes + 1);
    answer->body = all->bytes;
    return whole;
}

int remote_ask(const struct settings *settings, const struct remote_server *server, const struct remote_question *question,
               struct remote_answer *answer)
{
    struct received all = {0};
    *answer = (struct remote_answer){0};
    errno = 0;
    int fd = open_connection(server);
    bool connected = fd >= 0;
    bool good = connected && send_question(fd, server, question) && receive_all(fd, &all);
    int error = errno;
    if (connected) {
        close(fd);
    }
    if (good && read_answer(&all, answer)) {
        return EXIT_FINE;
    }
    free(all.bytes);
    *answer = (struct remote_answer){0};
    if (!question->quiet) {
        tool_error(settings, "http://%s:%s: %s", server->host, server->port,
                   !connected ? error == ENOENT ? "there is no such host" : strerror(error)
                              : good ? "the answer was cut off" : error == EAGAIN ? "no answer" : strerror(error));
    }
    return EXIT_USAGE;
}

int remote_refused(const struct settings *settings, const struct remote_answer *answer)
{
    char text[1024];
    struct wk_json document = {answer->body, answer->body + answer->bytes};
    struct wk_json_error error;
    bool json = wk_json_check(document, 0, &error) == 0 && *answer->body == '{';
    uint32_t bytes = json ? wk_json_text(wk_json_find(document, "message"), text, sizeof text - 1) : 0;
    text[bytes] = 0;
    tool_error(settings, "%s (HTTP %d)", bytes ? text : "the server refused", answer->status);
    return answer->status == 400 || answer->status == 409 || answer->status == 413 ? EXIT_FOUND : EXIT_USAGE;
}
