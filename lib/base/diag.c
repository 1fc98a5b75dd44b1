/*
 * SPDX-License-Identifier: MIT
 * Diagnostics. See diag.h.
 */
#include "diag.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "redact.h"

enum { LINES_MAX = 32 };

static uint32_t lines;

/* Writing to a closed pipe must not kill the program: block SIGPIPE and consume the one that write raised. */
static void write_quietly(const char *line, size_t bytes)
{
    sigset_t pipe;
    sigset_t old;
    sigset_t pending;

    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    sigpending(&pending);
    pthread_sigmask(SIG_BLOCK, &pipe, &old);
    if (write(STDERR_FILENO, line, bytes) < 0 && errno == EPIPE && !sigismember(&pending, SIGPIPE)) {
        sigtimedwait(&pipe, NULL, &(struct timespec){0, 0});
    }
    pthread_sigmask(SIG_SETMASK, &old, NULL);
}

void wk_diag(const char *format, ...)
{
    int saved = errno;
    char line[1024] = "wick: ";
    size_t used = strlen(line);
    va_list args;
    /* Relaxed: only the count matters. */
    uint32_t number = __atomic_fetch_add(&lines, 1, __ATOMIC_RELAXED);

    if (number >= LINES_MAX) {
        return;
    }
    va_start(args, format);
    vsnprintf(line + used, sizeof line - used - 1, format, args);
    va_end(args);
    wk_redact_urls(line, sizeof line - 1);
    used = strlen(line);
    if (number == LINES_MAX - 1) {
        used = (size_t)snprintf(line, sizeof line, "wick: further messages are left out");
    }
    line[used++] = '\n';
    write_quietly(line, used);
    errno = saved;
}
