/*
 * SPDX-License-Identifier: MIT
 * The reader's fast path in plain C: eight bytes at a time, for every processor and for WebAssembly.
 * Must not differ from the vector forms in anything but speed. Invariant: masks are exact, bit i = byte i.
 */
#include "ctxt_read.h"

static inline uint32_t eight(uint64_t word, uint64_t pattern)
{
    word ^= pattern;
    uint64_t zero = ~(((word & 0x7f7f7f7f7f7f7f7fu) + 0x7f7f7f7f7f7f7f7fu) | word) & 0x8080808080808080u;
    return (uint32_t)((zero >> 7) * 0x0102040810204080u >> 56);
}

static inline void lines_masks(const char *at, uint32_t *spaces, uint32_t *newlines)
{
    uint32_t space = 0, newline = 0;
    for (uint32_t i = 0; i < 4; i++) {
        uint64_t word;
        memcpy(&word, at + 8 * i, 8);
        space |= eight(word, 0x2020202020202020u) << (8 * i);
        newline |= eight(word, 0x0a0a0a0a0a0a0a0au) << (8 * i);
    }
    *spaces = space;
    *newlines = newline;
}

#define LINES_TARGET
#define LINES_FUNCTION wk_ctxt_lines_plain
#include "ctxt_lines.h"
