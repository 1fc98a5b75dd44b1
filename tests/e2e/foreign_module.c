/*
 * SPDX-License-Identifier: MIT
 * A shared object that is no module of wick's: it says that it was loaded (bad_input, cases modules_*).
 */
#include <unistd.h>

__attribute__((constructor)) static void say(void)
{
    (void)!write(STDERR_FILENO, "foreign module\n", 15);
}
