/*
 * SPDX-License-Identifier: MIT
 * The reader's fast path with SSE2, which every x86-64 has.
 * Must not differ from the plain form in anything but speed. Invariant: masks are exact, bit i = byte i.
 */
#include "ctxt_read.h"

#if defined(__x86_64__)
#include <emmintrin.h>

static inline uint32_t find_bytes(__m128i low, __m128i high, char byte)
{
    __m128i pattern = _mm_set1_epi8(byte);
    return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(low, pattern)) |
           (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(high, pattern)) << 16;
}

static inline void lines_masks(const char *at, uint32_t *spaces, uint32_t *newlines)
{
    __m128i low = _mm_loadu_si128((const __m128i *)(const void *)at);
    __m128i high = _mm_loadu_si128((const __m128i *)(const void *)(at + 16));
    *spaces = find_bytes(low, high, ' ');
    *newlines = find_bytes(low, high, '\n');
}

#define LINES_TARGET
#define LINES_FUNCTION wk_ctxt_lines_sse2
#include "ctxt_lines.h"
#endif
