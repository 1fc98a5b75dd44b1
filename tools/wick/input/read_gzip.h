/*
 * SPDX-License-Identifier: MIT
 * Decompression of gzip; a build without zlib has it too, but cannot create a reader.
 * Must not read files. Invariant: see read_gzip.c.
 */
#ifndef WICK_TOOLS_WICK_INPUT_READ_GZIP_H
#define WICK_TOOLS_WICK_INPUT_READ_GZIP_H

#include <stdbool.h>
#include <stddef.h>

struct gzip_reader;

struct gzip_reader *gzip_reader_create(void); /* NULL: no memory, or built without zlib */
void gzip_reader_destroy(struct gzip_reader *reader);
/* Decompress from *from, which is advanced. The number of bytes written; < 0: the data is broken, *error says how. */
long gzip_reader_read(struct gzip_reader *reader, const char **from, size_t *from_bytes, char *to, size_t bytes,
                      const char **error);
/* Did the data end in the middle of a frame? */
bool gzip_reader_is_inside(const struct gzip_reader *reader);

#endif
