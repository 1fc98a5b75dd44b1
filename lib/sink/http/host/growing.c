/*
 * SPDX-License-Identifier: MIT
 * Bytes that grow; see growing.h.
 */
#include "growing.h"

#include <stdlib.h>
#include <string.h>

#include <wick/error.h>

int wk_growing_put(void *growing, const char *bytes, size_t count)
{
    struct wk_growing *to = growing;

    if (to->capacity - to->used < count) {
        size_t capacity = to->used + count > 2 * to->capacity ? to->used + count : 2 * to->capacity;
        char *grown = to->failed ? NULL : realloc(to->bytes, capacity);

        if (!grown) {
            to->failed = true;
            return WICK_E_NOMEM;
        }
        to->bytes = grown;
        to->capacity = capacity;
    }
    memcpy(to->bytes + to->used, bytes, count);
    to->used += count;
    return 0;
}

long wk_growing_move(struct wk_growing *growing, char *to, size_t bytes)
{
    size_t used = growing->failed ? 0 : growing->used;

    if (used && used <= bytes) {
        memcpy(to, growing->bytes, used);
    }
    wk_growing_fini(growing);
    return (long)used;
}

void wk_growing_fini(struct wk_growing *growing)
{
    free(growing->bytes);
    *growing = (struct wk_growing){0};
}
