/*
 * SPDX-License-Identifier: MIT
 * The user's program in C++.
 */
#include <wick/wick.h>

int main()
{
    WICK_SCOPE("user program");
    WICK_MARKF("version %u", wick_version());
    return wick_version() == WICK_VERSION ? 0 : 1;
}
