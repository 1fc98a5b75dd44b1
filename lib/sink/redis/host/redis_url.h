/*
 * SPDX-License-Identifier: MIT
 * `redis://[user:password@]host[:port][/db]`, taken apart. What it says may be secret: it is shown through base/redact alone.
 */
#ifndef WICK_LIB_SINK_REDIS_HOST_REDIS_URL_H
#define WICK_LIB_SINK_REDIS_HOST_REDIS_URL_H

#include <stdint.h>

struct wk_redis_url {
    char host[256]; /* without brackets */
    char port[8];
    char user[256], password[512]; /* "": none */
    uint32_t database;
    char shown[320]; /* without user and password */
};

/* NULL, or what is wrong with it: one sentence. */
const char *wk_redis_url_read(const char *text, struct wk_redis_url *url);

#endif
