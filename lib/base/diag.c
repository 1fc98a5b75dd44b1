/*
 * SPDX-License-Identifier: MIT
 * Diagnostics. See diag.h.
 */
#include "diag.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "redact.h"

enum { LINES_MAX = 32 };

static uint32_t lines, unsaid;

/* Descriptor 2 as it was when the library was loaded. A program that closes it may open a file of its own there. */
static struct {
    dev_t device;
    ino_t file;
    bool is_open, is_known;
} at_load;

__attribute__((constructor)) static void look_at_stderr(void)
{
    int saved = errno;
    struct stat status;

    at_load.is_open = fstat(STDERR_FILENO, &status) == 0;
    at_load.is_known = at_load.is_open || errno == EBADF;
    if (at_load.is_open) {
        at_load.device = status.st_dev;
        at_load.file = status.st_ino;
    }
    errno = saved;
}

static bool is_another(void)
{
    struct stat status;

    if (!at_load.is_known) {
        return false;
    }
    if (!at_load.is_open || fstat(STDERR_FILENO, &status) != 0) {
        return !at_load.is_open || errno == EBADF;
    }
    return status.st_dev != at_load.device || status.st_ino != at_load.file;
}

/* Would a short line block? A terminal may be stopped, a pipe full. */
static bool is_full(void)
{
    struct pollfd descriptor = {.fd = STDERR_FILENO, .events = POLLOUT};
    int ready = poll(&descriptor, 1, 0);

    return ready == 0 || (ready > 0 && !(descriptor.revents & POLLOUT));
}

/* Writing to a closed pipe must not kill the program: block SIGPIPE and consume the one that write raised. */
static bool write_quietly(const char *line, size_t bytes)
{
    sigset_t pipe;
    sigset_t old;
    sigset_t pending;

    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    sigpending(&pending);
    pthread_sigmask(SIG_BLOCK, &pipe, &old);
    bool written = write(STDERR_FILENO, line, bytes) == (ssize_t)bytes;
    if (!written && errno == EPIPE && !sigismember(&pending, SIGPIPE)) {
        sigtimedwait(&pipe, NULL, &(struct timespec){0, 0});
    }
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return written;
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
    if (is_another() || is_full() || !write_quietly(line, used)) {
        __atomic_fetch_add(&unsaid, 1, __ATOMIC_RELAXED); /* a count */
    }
    errno = saved;
}

uint32_t wk_diag_unsaid(void)
{
    return __atomic_load_n(&unsaid, __ATOMIC_RELAXED); /* a count */
}
