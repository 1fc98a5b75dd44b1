/*
 * SPDX-License-Identifier: MIT
 * The first of two files that include the same inline functions. Holds main: with WICK_DISABLE the
 * two link and run without libwick.
 */
#include "inline_scope.h"

#if !defined(__cplusplus)
extern inline int inline_plain(int n); /* C wants one file to emit it */
#endif
int inline_two(int n);

int main(void)
{
    WICK_FUNCTION();
    return inline_static(1) + inline_two(2) == 5 ? 0 : 1;
}
