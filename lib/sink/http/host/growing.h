/*
 * SPDX-License-Identifier: MIT
 * Bytes that grow: answers of the server. Invariant: when memory ran out it is marked, and the rest is missing.
 */
#ifndef WICK_LIB_SINK_HTTP_HOST_GROWING_H
#define WICK_LIB_SINK_HTTP_HOST_GROWING_H

#include <stdbool.h>
#include <stddef.h>

/* Zeroed: empty. */
struct wk_growing {
    char *bytes;
    size_t used, capacity;
    bool failed;
};

/* Append; 0 or WICK_E_NOMEM. Its type is that of struct wick_text_out's `write`. */
int wk_growing_put(void *growing, const char *bytes, size_t count);
/* Copy them and end it. More than `bytes`: nothing was copied, so many they are. 0 also where memory ran out. */
long wk_growing_move(struct wk_growing *growing, char *to, size_t bytes);
void wk_growing_fini(struct wk_growing *growing);

#endif
