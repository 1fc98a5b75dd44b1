/*
 * SPDX-License-Identifier: MIT
 * Redis URLs. See redis_url.h.
 */
#include "redis_url.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCHEME "redis://"
#define FORM "expected redis://[user:password@]host:port/db"

static int hex_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* Copy a part, with %xx decoded; false: too long, a NUL, or no hexadecimal digits. */
static bool decode(const char *from, const char *end, char *to, size_t bytes)
{
    for (; from < end && bytes > 1; bytes--) {
        int high = *from == '%' && end - from > 2 ? hex_of(from[1]) : -1, low = high < 0 ? -1 : hex_of(from[2]);
        if (*from == '%' && (low < 0 || high + low == 0)) {
            return false;
        }
        *to++ = low < 0 ? *from : (char)(high << 4 | low);
        from += low < 0 ? 1 : 3;
    }
    *to = 0;
    return from == end;
}

static bool read_user(const char *from, const char *at, struct wk_redis_url *url)
{
    const char *colon = memchr(from, ':', (size_t)(at - from));
    return decode(from, colon ? colon : at, url->user, sizeof url->user) &&
           (!colon || decode(colon + 1, at, url->password, sizeof url->password));
}

/* host, host:port, [address]:port */
static bool read_host(const char *from, const char *end, struct wk_redis_url *url)
{
    const char *close = *from == '[' ? memchr(from, ']', (size_t)(end - from)) : NULL;
    const char *colon = close ? close + 1 : memchr(from, ':', (size_t)(end - from));
    const char *host_end = close ? close : colon ? colon : end;
    if (*from == '[' && (!close || (close + 1 < end && close[1] != ':'))) {
        return false;
    }
    from += close != NULL;
    if (host_end == from || !decode(from, host_end, url->host, sizeof url->host)) {
        return false;
    }
    snprintf(url->port, sizeof url->port, "6379");
    if (!colon || colon >= end) {
        return true;
    }
    return decode(colon + 1, end, url->port, sizeof url->port) && url->port[0] && strspn(url->port, "0123456789") == strlen(url->port) &&
           strtoul(url->port, NULL, 10) - 1 < 65535;
}

const char *wk_redis_url_read(const char *text, struct wk_redis_url *url)
{
    *url = (struct wk_redis_url){0};
    if (strncmp(text, "rediss://", 9) == 0) {
        return "rediss:// (TLS) is not supported: hiredis has none; use redis:// to a local TLS proxy such as stunnel";
    }
    if (strncmp(text, SCHEME, sizeof SCHEME - 1) != 0) {
        return FORM;
    }
    const char *from = text + sizeof SCHEME - 1, *at = strrchr(from, '@'), *host = at ? at + 1 : from;
    const char *slash = strchr(host, '/'), *end = slash ? slash : host + strlen(host);
    if ((at && !read_user(from, at, url)) || host == end || !read_host(host, end, url)) {
        return FORM;
    }
    const char *number = slash ? slash + 1 : "";
    if (strlen(number) > 5 || strspn(number, "0123456789") != strlen(number)) {
        return FORM;
    }
    url->database = (uint32_t)strtoul(number, NULL, 10);
    bool six = strchr(url->host, ':') != NULL;
    snprintf(url->shown, sizeof url->shown, SCHEME "%s%s%s:%s/%u", six ? "[" : "", url->host, six ? "]" : "", url->port, url->database);
    return NULL;
}
