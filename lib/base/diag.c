/*
 * SPDX-License-Identifier: MIT
 * Diagnostics. See diag.h.
 */
#include "diag.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LINES_MAX = 32 };

static uint32_t lines;

void wk_diag(const char *format, ...)
{
    int saved = errno;
    char line[1024] = "wick: ";
    size_t used = strlen(line);
    va_list args;
    int more;
    /* Relaxed: only the count matters. */
    uint32_t number = __atomic_fetch_add(&lines, 1, __ATOMIC_RELAXED);

    if (number >= LINES_MAX)
        return;
    va_start(args, format);
    more = vsnprintf(line + used, sizeof line - used - 1, format, args);
    va_end(args);
    if (more > 0)
        used += (size_t)more < sizeof line - used - 1 ? (size_t)more : sizeof line - used - 2;
    if (number == LINES_MAX - 1)
        used = (size_t)snprintf(line, sizeof line, "wick: further messages are left out");
    line[used++] = '\n';
    /* Nothing can be done where even stderr is gone. */
    if (write(STDERR_FILENO, line, used) < 0)
        errno = saved;
    errno = saved;
}
