/*
 * SPDX-License-Identifier: MIT
 * What a compression module offers: one function, wick_module_v1, gives this table.
 * A module links neither libwick nor the model, and is loaded only when a log asks for it.
 */
#ifndef WICK_LIB_SINK_CODEC_H
#define WICK_LIB_SINK_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the host offers to a module; grows at its end. */
struct wk_module_host {
    uint32_t size;
    uint32_t version; /* of the library, as WICK_VERSION */
};

struct wk_codec {
    uint32_t size;    /* sizeof this struct, as the module was built */
    const char *name;
    void *(*create)(void);
    /* Largest output of one call for `bytes` of input. */
    size_t (*bound)(size_t bytes);
    /* Compress all of the input such that a reader can decode it; `end` closes the frame too.
     * Gives the bytes written to `out` (of at least bound(bytes) + 64), 0 on failure. */
    size_t (*compress)(void *codec, void *out, size_t out_bytes, const void *in, size_t bytes, bool end);
    void (*destroy)(void *codec);
};

typedef const struct wk_codec *(*wk_module_function)(const struct wk_module_host *host);
#define WK_MODULE_SYMBOL "wick_module_v1"

/* The codec module `wick-<name>.so`, or NULL with the reason in `why`. For lib/sink; a module has its own. */
const struct wk_codec *wk_codec_load(const char *name, char *why, size_t why_bytes);

#endif
