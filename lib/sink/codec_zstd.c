/*
 * SPDX-License-Identifier: MIT
 * The zstd module: the only file that uses libzstd for writing. See codec.h.
 */
#include <zstd.h>

#include "codec.h"

static void *create(void)
{
    ZSTD_CCtx *context = ZSTD_createCCtx();

    /* Level 1: a tenth of the text at about 900 MB/s; the checksum detects damage. */
    if (context && (ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, 1)) ||
                    ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)))) {
        ZSTD_freeCCtx(context);
        context = NULL;
    }
    return context;
}

static size_t bound(size_t bytes)
{
    return ZSTD_compressBound(bytes);
}

static size_t compress(void *codec, void *out, size_t out_bytes, const void *in, size_t bytes, bool end)
{
    ZSTD_inBuffer input = {in, bytes, 0};
    ZSTD_outBuffer output = {out, out_bytes, 0};
    size_t left = ZSTD_compressStream2(codec, &output, &input, end ? ZSTD_e_end : ZSTD_e_flush);

    return left == 0 ? output.pos : 0;
}

static void destroy(void *codec)
{
    ZSTD_freeCCtx(codec);
}

const struct wk_module *wick_module_v1(const struct wk_module_host *host)
{
    static const struct wk_codec codec = {{sizeof codec, "zstd"}, create, bound, compress, destroy};

    return host && host->size >= sizeof *host ? &codec.module : NULL;
}
