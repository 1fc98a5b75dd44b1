/*
 * SPDX-License-Identifier: MIT
 * The first of two files that include the same inline functions. Holds main: with WICK_DISABLE the
 * two link and run without libwick.
 */
#include "inline_scope.h"

int inline_two(int n);

/* The one form of an inline function with external linkage that C allows: emitted by this file. */
extern inline int inline_emitted(int n);
inline int inline_emitted(int n)
{
    WICK_SCOPE("inline, emitted here");
    WICK_MARKF("n %d", n);
    return n;
}

int main(void)
{
    WICK_FUNCTION();
    return inline_static(1) + inline_two(2) + inline_emitted(3) == 8 ? 0 : 1;
}
