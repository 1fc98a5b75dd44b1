/*
 * SPDX-License-Identifier: MIT
 * The table of a compression module (module.h).
 * Invariant: the output of each `compress` call can be decompressed in full, whatever happens later.
 */
#ifndef WICK_LIB_SINK_CODEC_H
#define WICK_LIB_SINK_CODEC_H

#include <stdbool.h>
#include <stddef.h>

#include "module.h"

struct wk_codec {
    struct wk_module module;
    void *(*create)(void);
    /* Largest output of one call for `bytes` of input. */
    size_t (*bound)(size_t bytes);
    /* Compress and flush all of the input; `end` closes the frame as well.
     * Returns the bytes written to `out` (of at least bound(bytes) + 64), 0 on failure. */
    size_t (*compress)(void *codec, void *out, size_t out_bytes, const void *in, size_t bytes, bool end);
    void (*destroy)(void *codec);
};

#endif
