/*
 * SPDX-License-Identifier: MIT
 * For programs that fork and go on recording in the child.
 */
#ifndef WICK_TESTS_SUPPORT_SETTLE_H
#define WICK_TESTS_SUPPORT_SETTLE_H

#include <wick/wick.h>

/* AddressSanitizer's locks stay in a forked child as they were: wick's threads must be between two ticks, not inside its
 * allocator, as they are for a while when recording begins. Other allocators, and other builds, need none of it. */
static inline void settle_before_fork(void)
{
#ifdef __SANITIZE_ADDRESS__
    (void)!wick_flush(5000);
#endif
}

#endif
