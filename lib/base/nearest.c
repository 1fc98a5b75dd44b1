/*
 * SPDX-License-Identifier: MIT
 * The restricted edit distance, by three rows of its table. See nearest.h.
 */
#include "nearest.h"

#include <string.h>

enum { BYTES_MAX = 60, TOO_FAR = 99 };

unsigned wk_nearest_distance(const char *a, size_t a_bytes, const char *b)
{
    unsigned row[3][BYTES_MAX + 1];
    size_t b_bytes = strlen(b);

    if (a_bytes > BYTES_MAX || b_bytes > BYTES_MAX) {
        return TOO_FAR;
    }
    for (size_t j = 0; j <= b_bytes; j++) {
        row[0][j] = (unsigned)j;
    }
    for (size_t i = 1; i <= a_bytes; i++) {
        unsigned *now = row[i % 3], *up = row[(i + 2) % 3], *far = row[(i + 1) % 3];

        now[0] = (unsigned)i;
        for (size_t j = 1; j <= b_bytes; j++) {
            unsigned best = up[j - 1] + (a[i - 1] != b[j - 1]);

            best = up[j] + 1 < best ? up[j] + 1 : best;
            best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && far[j - 2] + 1 < best) {
                best = far[j - 2] + 1;
            }
            now[j] = best;
        }
    }
    return row[a_bytes % 3][b_bytes];
}
