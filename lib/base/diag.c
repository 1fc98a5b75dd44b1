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

#define PREFIX "wick: "

enum { LINES_MAX = 32, LINE_BYTES = 1024 };

static uint32_t lines, unsaid;

/* Each message of the process has its place here: no memory is asked for, and the caller's stack may be small. */
static struct {
    uint32_t bytes; /* not 0: to be said */
    char text[LINE_BYTES];
} messages[LINES_MAX];

/* How many holds of the calling thread are open. */
static __thread uint32_t held __attribute__((tls_model("initial-exec")));

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

/* Say what is ready, in the order of the messages. */
static void say(void)
{
    uint32_t count = __atomic_load_n(&lines, __ATOMIC_RELAXED); /* a count; what is ready is told by its own word */

    for (uint32_t i = 0; i < count && i < LINES_MAX; i++) {
        /* Pairs with the release in wk_diag: the text is whole. One thread says it. */
        uint32_t bytes = __atomic_exchange_n(&messages[i].bytes, 0, __ATOMIC_ACQ_REL);

        if (bytes && (is_another() || is_full() || !write_quietly(messages[i].text, bytes))) {
            __atomic_fetch_add(&unsaid, 1, __ATOMIC_RELAXED); /* a count */
        }
    }
}

void wk_diag(const char *format, ...)
{
    int saved = errno;
    va_list args;
    /* Relaxed: only the count matters. */
    uint32_t number = __atomic_fetch_add(&lines, 1, __ATOMIC_RELAXED);

    if (number >= LINES_MAX) {
        return;
    }
    char *text = messages[number].text;
    size_t used = sizeof PREFIX - 1;
    memcpy(text, PREFIX, used);
    va_start(args, format);
    vsnprintf(text + used, LINE_BYTES - used - 1, format, args);
    va_end(args);
    wk_redact_urls(text, LINE_BYTES - 1);
    used = strlen(text);
    if (number == LINES_MAX - 1) {
        used = (size_t)snprintf(text, LINE_BYTES, PREFIX "further messages are left out");
    }
    text[used++] = '\n';
    __atomic_store_n(&messages[number].bytes, (uint32_t)used, __ATOMIC_RELEASE); /* pairs with the exchange in say */
    if (!held) {
        say();
    }
    errno = saved;
}

void wk_diag_hold(void)
{
    held++;
}

void wk_diag_release(void)
{
    int saved = errno;

    if (--held == 0) {
        say();
    }
    errno = saved;
}

uint32_t wk_diag_unsaid(void)
{
    return __atomic_load_n(&unsaid, __ATOMIC_RELAXED); /* a count */
}
