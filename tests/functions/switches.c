/*
 * SPDX-License-Identifier: MIT
 * Functions are recorded, not recorded, recorded again, inside a scope of a macro. Ends with 1 without companion.
 */
#include <wick/wick.h>

__attribute__((noinline)) static void leaf(int n)
{
    __asm__ volatile("" : : "r"(n));
}

int main(void)
{
    WICK_SCOPE("scope");
    leaf(1);
    if (wick_set_profile(0) != 0) {
        return 2;
    }
    leaf(2);
    if (wick_set_profile(1) != 0) {
        return 1;
    }
    leaf(3);
    wick_profile_begin();
    wick_profile_begin();
    wick_profile_end();
    leaf(4);
    wick_profile_end();
    leaf(5);
    WICK_SCOPE("macros are recorded");
    return 0;
}
