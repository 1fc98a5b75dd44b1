/*
 * SPDX-License-Identifier: MIT
 * Linked into a stress program, with the static library: the indices of every ring begin just below their wrap.
 */
#include "record/recorder.h"

__attribute__((constructor)) static void begin_below_the_wrap(void)
{
    wk_recorder.ring_start = UINT32_MAX - 3;
}
