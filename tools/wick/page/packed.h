/*
 * SPDX-License-Identifier: MIT
 * Writes bytes into HTML: compressed with gzip, if this build has zlib, then as base64.
 * Must not know what the bytes are. Invariant: the output has no character that means something in HTML.
 */
#ifndef WICK_TOOLS_WICK_PAGE_PACKED_H
#define WICK_TOOLS_WICK_PAGE_PACKED_H

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
/* 0, or a negative enum wick_error; packed_fini in any case. */
int packed_begin(struct packed *packed, FILE *to);
int packed_write(struct packed *packed, const void *bytes, size_t count);
int packed_end(struct packed *packed);
void packed_fini(struct packed *packed);

#endif
