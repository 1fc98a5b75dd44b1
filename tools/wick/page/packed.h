/*
 * SPDX-License-Identifier: MIT
 * Bytes into a report: packed with gzip where this build has zlib, then base64.
 * Must not know what the bytes are. Invariant: what comes out has no character that HTML gives a meaning.
 */
#ifndef WICK_TOOLS_PACKED_H
#define WICK_TOOLS_PACKED_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct packed {
    FILE *to;      /* borrowed until packed_end */
    void *stream;  /* z_stream */
    uint8_t rest[3];
    uint32_t rests;
};

/* "gzip", or "identity" without zlib. */
const char *packed_encoding(void);
int packed_begin(struct packed *packed, FILE *to);
int packed_write(struct packed *packed, const void *bytes, size_t count);
int packed_end(struct packed *packed);
void packed_fini(struct packed *packed);

#endif
