/*
 * SPDX-License-Identifier: MIT
 * A user's program, built against an installed wick. Uses a bit of everything that must be found:
 * macros, a control function, the version of header and library.
 */
#include <wick/wick.h>

int main(void)
{
    WICK_SCOPE("user program");
    WICK_MARKF("version %u", wick_version());
    return wick_version() == WICK_VERSION ? 0 : 1;
}
