/*
 * SPDX-License-Identifier: MIT
 * Changes its directory right after its first event, as daemons do.
 */
#include <sys/stat.h>
#include <unistd.h>

#include <wick/wick.h>

int main(void)
{
    {
        WICK_SCOPE("before");
    }
    if (mkdir("elsewhere", 0700) != 0 || chdir("elsewhere") != 0) {
        return 1;
    }
    for (int i = 0; i < 3000; i++) {
        WICK_SCOPE("after");
    }
    return 0;
}
