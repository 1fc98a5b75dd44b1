/*
 * SPDX-License-Identifier: MIT
 * The reader's fast path with the vectors of WebAssembly.
 * Must not differ from the plain form in anything but speed. Invariant: masks are exact, bit i = byte i.
 */
#include "ctxt_read.h"

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>

static inline uint32_t find_bytes(v128_t low, v128_t high, char byte)
{
    v128_t pattern = wasm_i8x16_splat((int8_t)byte);
    return (uint32_t)wasm_i8x16_bitmask(wasm_i8x16_eq(low, pattern)) |
           (uint32_t)wasm_i8x16_bitmask(wasm_i8x16_eq(high, pattern)) << 16;
}

static inline void lines_masks(const char *at, uint32_t *spaces, uint32_t *newlines)
{
    v128_t low = wasm_v128_load(at), high = wasm_v128_load(at + 16);
    *spaces = find_bytes(low, high, ' ');
    *newlines = find_bytes(low, high, '\n');
}

#define LINES_TARGET
#define LINES_FUNCTION wk_ctxt_lines_simd128
#include "ctxt_lines.h"
#endif
