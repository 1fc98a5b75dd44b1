/*
 * SPDX-License-Identifier: MIT
 * Preloaded into a program under test: opening a file whose name ends in WICK_TEST_FAIL_OPEN fails with
 * EACCES, for root too. It must not change anything else.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

typedef int openat_function(int dir_fd, const char *path, int flags, ...);
int openat(int dir_fd, const char *path, int flags, ...);

static int must_fail(const char *path)
{
    const char *end = getenv("WICK_TEST_FAIL_OPEN");
    size_t bytes = end ? strlen(end) : 0;

    return bytes && strlen(path) >= bytes && !strcmp(path + strlen(path) - bytes, end);
}

int openat(int dir_fd, const char *path, int flags, ...)
{
    openat_function *real;
    void *symbol = dlsym(RTLD_NEXT, "openat");
    unsigned mode = 0;
    va_list arguments;

    if (must_fail(path)) {
        errno = EACCES;
        return -1;
    }
    va_start(arguments, flags);
    if (flags & O_CREAT) {
        mode = va_arg(arguments, unsigned);
    }
    va_end(arguments);
    memcpy(&real, &symbol, sizeof real);
    return real(dir_fd, path, flags, mode);
}
