/*
 * SPDX-License-Identifier: MIT
 * The second of two files that include the same inline functions.
 */
#include "inline_scope.h"

int inline_two(int n);

int inline_two(int n)
{
    WICK_SCOPE_AS(here, "two");
    wick_end(&here);
    return inline_static(n);
}
