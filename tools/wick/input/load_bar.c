/*
 * SPDX-License-Identifier: MIT
 * The progress bar while large logs are read. See load_bar.h.
 */
#include "input/load_bar.h"

#include <stdio.h>
#include <unistd.h>

#define BAR_BYTES (300u << 20) /* less is read before anyone looks */

void load_bar_show(int *percent, uint64_t done, uint64_t all)
{
    if (*percent >= 0 && done >= all) {
        *percent = -1;
        fprintf(stderr, "\r%60s\r", "");
        return;
    }
    int now = all ? (int)(done * 100 / all) : 100;
    if (all < BAR_BYTES || now == *percent || !isatty(STDERR_FILENO)) {
        return;
    }
    *percent = now;
    static const char full[] = "########################################";
    fprintf(stderr, "\rreading [%-40.*s] %3d %%", now * 40 / 100, full, now);
}
