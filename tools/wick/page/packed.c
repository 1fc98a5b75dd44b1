/*
 * SPDX-License-Identifier: MIT
 * Writes bytes into HTML. See packed.h.
 * Invariant: no more than a piece is buffered; padding comes once, at the end.
 */
#include "page/packed.h"

#include <stdlib.h>

#include "wick/error.h"

#define PIECE_BYTES 32768u

/* Up to three bytes as four digits; padding stands for missing ones. */
static void put_group(struct packed *packed)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint8_t *b = packed->rest;
    uint32_t word = (uint32_t)b[0] << 16 | (uint32_t)b[1] << 8 | b[2];
    const char four[4] = {digits[word >> 18], digits[word >> 12 & 63],
                          packed->rests > 1 ? digits[word >> 6 & 63] : '=',
                          packed->rests > 2 ? digits[word & 63] : '='};
    fwrite(four, 1, sizeof four, packed->to);
    packed->rests = 0;
    packed->rest[1] = packed->rest[2] = 0;
}

static void put_base64(struct packed *packed, const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        packed->rest[packed->rests++] = bytes[i];
        if (packed->rests == 3) {
            put_group(packed);
        }
    }
}

static int end_base64(struct packed *packed)
{
    if (packed->rests) {
        put_group(packed);
    }
    return ferror(packed->to) ? WICK_E_IO : 0;
}

#ifdef WICK_HAVE_ZLIB
#include <zlib.h>

const char *packed_encoding(void)
{
    return "gzip";
}

int packed_begin(struct packed *packed, FILE *to)
{
    *packed = (struct packed){.to = to};
    z_stream *stream = calloc(1, sizeof *stream);
    packed->stream = stream;
    /* 15 + 16: the largest window, with gzip's header. */
    return stream && deflateInit2(stream, 6, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) == Z_OK ? 0 : WICK_E_NOMEM;
}

static int deflate_all(struct packed *packed, int flush)
{
    z_stream *stream = packed->stream;
    uint8_t piece[PIECE_BYTES];
    do {
        stream->next_out = piece;
        stream->avail_out = sizeof piece;
        if (deflate(stream, flush) == Z_STREAM_ERROR) {
            return WICK_E_INTERNAL;
        }
        put_base64(packed, piece, sizeof piece - stream->avail_out);
    } while (stream->avail_out == 0);
    return ferror(packed->to) ? WICK_E_IO : 0;
}

int packed_write(struct packed *packed, const void *bytes, size_t count)
{
    z_stream *stream = packed->stream;
    stream->next_in = (z_const Bytef *)(uintptr_t)bytes;
    stream->avail_in = (uInt)count;
    return deflate_all(packed, Z_NO_FLUSH);
}

int packed_end(struct packed *packed)
{
    int rc = deflate_all(packed, Z_FINISH);
    return rc < 0 ? rc : end_base64(packed);
}

void packed_fini(struct packed *packed)
{
    if (packed->stream) {
        deflateEnd(packed->stream);
        free(packed->stream);
        packed->stream = NULL;
    }
}
#else
const char *packed_encoding(void)
{
    return "identity";
}

int packed_begin(struct packed *packed, FILE *to)
{
    *packed = (struct packed){.to = to};
    return 0;
}

int packed_write(struct packed *packed, const void *bytes, size_t count)
{
    put_base64(packed, bytes, count);
    return ferror(packed->to) ? WICK_E_IO : 0;
}

int packed_end(struct packed *packed)
{
    return end_base64(packed);
}

void packed_fini(struct packed *packed)
{
    (void)packed;
}
#endif
