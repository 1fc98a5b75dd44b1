/*
 * SPDX-License-Identifier: MIT
 * The wire's bytes: headers, numbers, kinds; wire.md says what they mean. Writer and readers share it.
 * Invariant: nothing here changes without a new WK_WIRE_VERSION; what may be added without one carries its size.
 */
#ifndef WICK_LIB_MODEL_LOG_WIRE_WIRE_FORMAT_H
#define WICK_LIB_MODEL_LOG_WIRE_WIRE_FORMAT_H

#include <stdbool.h>

#include "model/log/tables/kinds.h"

#define WK_WIRE_VERSION 2u
#define WK_WIRE_STREAM_BYTES 8u   /* header of a stream */
#define WK_WIRE_FRAME_BYTES 40u   /* header of a frame */
#define WK_WIRE_PAYLOAD_MAX (16u << 20)
#define WK_WIRE_EVENT_ROOM 32u    /* no START or END without a text is longer */

/* The last byte of a stream's header is the version. */
static const uint8_t wk_wire_stream_magic[7] = {0x89, 'w', 'i', 'c', 'k', '\r', '\n'};
/* No text that we write has a byte 0xff, so that these four stand in no text. */
static const uint8_t wk_wire_frame_magic[4] = {0xff, 'w', 'k', 0xf5};

enum wk_wire_frame_kind { WK_WIRE_DEFINITIONS = 1, WK_WIRE_EVENTS, WK_WIRE_PADDING };

/* What a definition defines. */
enum wk_wire_definition {
    WK_WIRE_DEFINE_TRACK = 1,
    WK_WIRE_DEFINE_SITE,
    WK_WIRE_DEFINE_LABEL,
    WK_WIRE_DEFINE_PROPERTY,
    WK_WIRE_DEFINE_TRACKER,
    WK_WIRE_DEFINE_PROCESS
};

/* The two low bits of an event's first number. */
enum wk_wire_op { WK_WIRE_OP_END = 0, WK_WIRE_OP_START, WK_WIRE_OP_TEXT, WK_WIRE_OP_OTHER };

/* Added to the kind of an event that has no text: then it has no size either. Only kinds that every reader of this version
 * knows may be bare: one that is added later carries its size, so that it can be passed over. */
#define WK_WIRE_BARE 0x80u
static inline bool wk_wire_may_be_bare(uint32_t kind)
{
    return kind <= WICK_RECORD_RESUME || (kind >= WK_KIND_LOCKW2 && kind <= WK_KIND_SWITCH);
}

/* How bytes of .ctxt move the stack of the track before them. */
enum wk_wire_line { WK_WIRE_LINE_PUSH = 0, WK_WIRE_LINE_POP, WK_WIRE_LINE_CLEAR, WK_WIRE_LINE_PLAIN };

/* Flags of an END that is more than a time. */
#define WK_WIRE_END_FAILED 1u
#define WK_WIRE_END_CPU 2u
#define WK_WIRE_END_TEXT 4u
#define WK_WIRE_END_REASON_SHIFT 3 /* enum wick_unfinished */
#define WK_WIRE_END_REASON_MASK 7u
#define WK_WIRE_END_MORE 0xc0u     /* for each of these bits a string before the text, which this version passes over */

/* The first bit of the byte of flags in a site's definition; what later ones add stands behind its strings. */
#define WK_WIRE_SITE_TEXTS 1u

static inline uint64_t wk_wire_load(const uint8_t *at)
{
    uint64_t word;
    memcpy(&word, at, 8);
    return word;
}

/* A number in 1 to 9 bytes: the zeros below the lowest one of the first byte say how many follow. Writes 8
 * or 9 bytes, of which those behind the number are to be overwritten. */
static inline uint8_t *wk_wire_put(uint8_t *out, uint64_t value)
{
    uint32_t bits = 64 - (uint32_t)__builtin_clzll(value | 1);
    uint32_t bytes = (bits * 9 + 64) >> 6; /* bits / 7, rounded up */
    if (WICK_I_UNLIKELY(bytes > 8)) {
        *out = 0;
        memcpy(out + 1, &value, 8);
        return out + 9;
    }
    value = (value << 1 | 1) << (bytes - 1);
    memcpy(out, &value, 8);
    return out + bytes;
}

/* The number that begins in `word`, 1 to 8 bytes of it; `bytes` 9: it is in the eight behind the first. */
static inline uint64_t wk_wire_number(uint64_t word, uint32_t *bytes)
{
    uint32_t count = (uint32_t)__builtin_ctzll(word | 0x100) + 1;
    uint32_t unused = (64 - 8 * count) & 63;
    *bytes = count;
    return word << unused >> unused >> count;
}

/* Signed numbers, small ones of either sign in few bits. */
static inline uint64_t wk_wire_fold(int64_t value)
{
    return (uint64_t)value << 1 ^ (uint64_t)(value >> 63);
}

static inline int64_t wk_wire_unfold(uint64_t value)
{
    return (int64_t)(value >> 1 ^ (~(value & 1) + 1));
}

/* A frame's header: magic, CRC-32C of all behind it, payload bytes, kind, version, sequence, first, last. */
struct wk_wire_frame {
    uint32_t crc;
    uint32_t payload_bytes;
    uint8_t kind;
    uint8_t version;
    uint16_t flags;    /* none in this version: a frame with one is passed over */
    uint64_t sequence; /* 0: not part of the sequence */
    int64_t first_ns, last_ns;
};

static inline void wk_wire_frame_put(uint8_t *out, const struct wk_wire_frame *frame)
{
    memcpy(out, wk_wire_frame_magic, 4);
    memcpy(out + 4, &frame->crc, 4);
    memcpy(out + 8, &frame->payload_bytes, 4);
    out[12] = frame->kind;
    out[13] = frame->version;
    memcpy(out + 14, &frame->flags, 2);
    memcpy(out + 16, &frame->sequence, 8);
    memcpy(out + 24, &frame->first_ns, 8);
    memcpy(out + 32, &frame->last_ns, 8);
}

/* False: not the header of a frame. */
static inline bool wk_wire_frame_get(const uint8_t *at, struct wk_wire_frame *frame)
{
    memcpy(&frame->crc, at + 4, 4);
    memcpy(&frame->payload_bytes, at + 8, 4);
    frame->kind = at[12];
    frame->version = at[13];
    memcpy(&frame->flags, at + 14, 2);
    memcpy(&frame->sequence, at + 16, 8);
    memcpy(&frame->first_ns, at + 24, 8);
    memcpy(&frame->last_ns, at + 32, 8);
    return memcmp(at, wk_wire_frame_magic, 4) == 0 && frame->payload_bytes <= WK_WIRE_PAYLOAD_MAX;
}

/* CRC-32C of bytes, going on from `crc` (0 at first). With SSE4.2 where `vector` says that AVX2 is there. */
uint32_t wk_wire_crc(uint32_t crc, const void *bytes, size_t count, uint32_t vector);

#endif
