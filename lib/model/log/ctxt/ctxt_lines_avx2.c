/*
 * SPDX-License-Identifier: MIT
 * The reader's fast path with AVX2; the caller of wick_reader_create has checked that it is there.
 * Must not differ from the plain form in anything but speed. Invariant: masks are exact, bit i = byte i.
 */
#include "ctxt_read.h"

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx2"))) static inline void lines_masks(const char *at, uint32_t *spaces,
                                                               uint32_t *newlines)
{
    __m256i block = _mm256_loadu_si256((const __m256i *)(const void *)at);
    *spaces = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(block, _mm256_set1_epi8(' ')));
    *newlines = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(block, _mm256_set1_epi8('\n')));
}

#define LINES_TARGET __attribute__((target("avx2")))
#define LINES_FUNCTION wk_ctxt_lines_avx2
#include "ctxt_lines.h"
#endif
