/*
 * SPDX-License-Identifier: MIT
 * serve > 60 request > 400 step each, into a log that is rotated: every file boundary is inside scopes that are open.
 * test_series.sh runs it.
 */
#include <wick/wick.h>

int main(void)
{
    WICK_SCOPE("serve");
    for (int i = 0; i < 60; i++) {
        WICK_SCOPE("request");
        for (int j = 0; j < 400; j++) {
            WICK_SCOPE("step");
            if (j == 200) {
                wick_flush(10000); /* what was recorded goes into the file: it may become full */
            }
        }
    }
    return 0;
}
