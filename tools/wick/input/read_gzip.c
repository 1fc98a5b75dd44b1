/*
 * SPDX-License-Identifier: MIT
 * Decompression of gzip, with zlib.
 * Must not read files. Invariant: built without zlib, creating a reader fails and no other function is called.
 */
#include "input/read_gzip.h"

#if defined(WICK_HAVE_ZLIB)
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

struct gzip_reader {
    z_stream stream;
    bool inside; /* of a member; a file may have several, one after the other */
};

struct gzip_reader *gzip_reader_create(void)
{
    struct gzip_reader *reader = calloc(1, sizeof *reader);
    if (reader && inflateInit2(&reader->stream, 15 + 16) != Z_OK) {
        free(reader);
        return NULL;
    }
    return reader;
}

void gzip_reader_destroy(struct gzip_reader *reader)
{
    inflateEnd(&reader->stream);
    free(reader);
}

long gzip_reader_read(struct gzip_reader *reader, const char **from, size_t *from_bytes, char *to, size_t bytes,
                      const char **error)
{
    z_stream *s = &reader->stream;
    if (!*from_bytes) {
        return 0;
    }
    s->next_in = (Bytef *)(uintptr_t)*from;
    s->avail_in = (uInt)*from_bytes;
    s->next_out = (Bytef *)to;
    s->avail_out = (uInt)(bytes < UINT32_MAX ? bytes : UINT32_MAX);
    size_t room = s->avail_out;
    reader->inside = true;
    int rc = inflate(s, Z_NO_FLUSH);
    *from += *from_bytes - s->avail_in;
    *from_bytes = s->avail_in;
    size_t got = room - s->avail_out;
    if (rc == Z_STREAM_END) {
        reader->inside = false;
        inflateReset(s);
    } else if (rc != Z_OK && rc != Z_BUF_ERROR) {
        *error = s->msg ? s->msg : "not gzip";
        return got ? (long)got : -1;
    }
    return (long)got;
}

bool gzip_reader_is_inside(const struct gzip_reader *reader)
{
    return reader->inside;
}

#else

struct gzip_reader *gzip_reader_create(void)
{
    return NULL;
}

void gzip_reader_destroy(struct gzip_reader *reader)
{
    (void)reader;
}

long gzip_reader_read(struct gzip_reader *reader, const char **from, size_t *from_bytes, char *to, size_t bytes,
                      const char **error)
{
    (void)reader;
    (void)from;
    (void)from_bytes;
    (void)to;
    (void)bytes;
    *error = "built without zlib";
    return -1;
}

bool gzip_reader_is_inside(const struct gzip_reader *reader)
{
    (void)reader;
    return false;
}

#endif
