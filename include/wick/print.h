/*
 * SPDX-License-Identifier: MIT
 * Durations, numbers and counts as text for people: the only place that rounds them. Part of wick/model.h.
 */
#ifndef WICK_PRINT_H
#define WICK_PRINT_H

#include <stdint.h>

#include "records.h"

WICK_I_EXTERN_BEGIN

/* What every buffer of these functions holds, the NUL included. */
#define WICK_TEXT_BYTES 256

/* Write a duration with three digits, rounded once: 12.3 ms. Returns its size. Since 0.1 */
WICK_API uint32_t wick_text_duration(char *to, int64_t duration_ns);

/* Write a number with separators: 1,234,567. Returns its size. Since 0.1 */
WICK_API uint32_t wick_text_number(char *to, uint64_t number);

/* Write any number: all digits of a whole one, six of another, with separators: -1,234,567, 0.125, nan. Returns its size. Since 0.1 */
WICK_API uint32_t wick_text_amount(char *to, const struct wick_number *number);

/*
 * Write a sum with its unit and what it comes to per second: `8,388,608 bytes  681 MB/s`. Bytes per second have decimal prefixes; there
 * is no rate where no time is known, or of `percent` and `seconds`.
 *
 * unit       "": none; cut where the buffer ends
 * time_ns    of the scopes whose sum it is; <= 0: not known
 * Returns    the size
 * Since      0.1
 */
WICK_API uint32_t wick_text_sum(char *to, const struct wick_number *sum, const char *unit, int64_t time_ns);

/* Write a share (0 .. 1) in percent with one decimal: 12.3 %. Returns its size. Since 0.1 */
WICK_API uint32_t wick_text_share(char *to, double share);

/*
 * Write the words for a number of things.
 *
 * forms      `ONE|MANY|REST`, as in "line has|lines have| no time"; without `|`, the same words for any number; cut
 *            where the buffer ends
 * Returns    the size
 * Since      0.1
 */
WICK_API uint32_t wick_text_plural(char *to, uint64_t number, const char *forms);

WICK_I_EXTERN_END

#endif
