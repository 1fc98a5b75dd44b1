/*
 * SPDX-License-Identifier: MIT
 * Decompression of logs; a build without zstd has it too, but cannot create a reader.
 * Must not read files. Invariant: see read_zstd.c.
 */
#ifndef WICK_TOOLS_WICK_INPUT_READ_ZSTD_H
#define WICK_TOOLS_WICK_INPUT_READ_ZSTD_H

#include <stdbool.h>
#include <stddef.h>

struct zstd_reader;

struct zstd_reader *zstd_reader_create(void); /* NULL: no memory, or built without zstd */
void zstd_reader_destroy(struct zstd_reader *reader);
/* Decompress from *from, which is advanced. The number of bytes written; < 0: the data is broken, *error says how. */
long zstd_reader_read(struct zstd_reader *reader, const char **from, size_t *from_bytes, char *to, size_t bytes,
                      const char **error);
/* Did the data end in the middle of a frame? */
bool zstd_reader_is_inside(const struct zstd_reader *reader);

#endif
