/*
 * SPDX-License-Identifier: MIT
 * Decompression of logs: the only file of the tool that knows zstd.
 * Must not read files. Invariant: built without zstd, creating a reader fails and no other function is called.
 */
#include "input/read_zstd.h"

#if defined(WICK_HAVE_ZSTD)
#include <stdlib.h>
#include <zstd.h>

struct zstd_reader {
    ZSTD_DStream *stream;
    size_t hint; /* 0: between two frames */
};

struct zstd_reader *zstd_reader_create(void)
{
    struct zstd_reader *reader = calloc(1, sizeof *reader);
    if (reader) {
        reader->stream = ZSTD_createDStream();
    }
    if (!reader || !reader->stream) {
        free(reader);
        return NULL;
    }
    return reader;
}

void zstd_reader_destroy(struct zstd_reader *reader)
{
    ZSTD_freeDStream(reader->stream);
    free(reader);
}

long zstd_reader_read(struct zstd_reader *reader, const char **from, size_t *from_bytes, char *to,
                      size_t bytes, const char **error)
{
    ZSTD_inBuffer in = {*from, *from_bytes, 0};
    ZSTD_outBuffer out = {to, bytes, 0};
    if (!*from_bytes && !reader->hint) {
        return 0; /* between two frames the decoder would wait for a next one */
    }
    size_t rc = ZSTD_decompressStream(reader->stream, &out, &in);
    *from += in.pos;
    *from_bytes -= in.pos;
    if (ZSTD_isError(rc)) {
        *error = ZSTD_getErrorName(rc);
        return out.pos ? (long)out.pos : -1;
    }
    reader->hint = rc;
    return (long)out.pos;
}

bool zstd_reader_is_inside(const struct zstd_reader *reader)
{
    return reader->hint != 0;
}

#else

struct zstd_reader *zstd_reader_create(void)
{
    return NULL;
}

void zstd_reader_destroy(struct zstd_reader *reader)
{
    (void)reader;
}

long zstd_reader_read(struct zstd_reader *reader, const char **from, size_t *from_bytes, char *to,
                      size_t bytes, const char **error)
{
    (void)reader;
    (void)from;
    (void)from_bytes;
    (void)to;
    (void)bytes;
    *error = "built without zstd";
    return -1;
}

bool zstd_reader_is_inside(const struct zstd_reader *reader)
{
    (void)reader;
    return false;
}

#endif
