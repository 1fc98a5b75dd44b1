/*
 * SPDX-License-Identifier: MIT
 * Opens files and sockets under high descriptor numbers. See descriptor.h.
 */
#include "descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { HIGH_FD = 200, FORK_WAIT_NS = 100000000 };

/* The innermost lock: nothing else is taken under it. */
static pthread_mutex_t opening = PTHREAD_MUTEX_INITIALIZER;
static bool held; /* by the fork handlers; false: the wait timed out */

static int move_up(int fd)
{
    int high = fd < 0 || fd >= HIGH_FD ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, HIGH_FD);

    if (high < 0) {
        return fd;
    }
    close(fd);
    return high;
}

int wk_descriptor_open(const char *path, int flags)
{
    pthread_mutex_lock(&opening);
    int fd = move_up(open(path, flags | O_CLOEXEC, 0600));
    int saved = errno;
    pthread_mutex_unlock(&opening);
    errno = saved;
    return fd;
}

size_t wk_descriptor_read(const char *path, char *out, size_t size)
{
    int fd = wk_descriptor_open(path, O_RDONLY);
    ssize_t bytes = fd < 0 ? -1 : read(fd, out, size - 1);

    if (fd >= 0) {
        close(fd);
    }
    out[bytes > 0 ? bytes : 0] = 0;
    return bytes > 0 ? (size_t)bytes : 0;
}

static int with_mode(int fd, uint32_t mode)
{
    struct stat status;

    if (fd >= 0 && mode && fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) {
        (void)fchmod(fd, mode); /* only its owner may */
    }
    return fd;
}

int wk_descriptor_create(const char *path, int flags, uint32_t mode)
{
    return with_mode(wk_descriptor_open(path, flags | O_CREAT), mode);
}

int wk_descriptor_create_unnamed(const char *directory, uint32_t mode)
{
    return with_mode(wk_descriptor_open(directory, O_TMPFILE | O_RDWR | O_APPEND), mode);
}

int wk_descriptor_named(const char *path)
{
    static const char *const names[][3] = {[STDOUT_FILENO] = {"-", "stdout", "/dev/stdout"},
                                           [STDERR_FILENO] = {"stderr", "stderr", "/dev/stderr"}};
    static const char *const directories[] = {"/dev/fd/", "/proc/self/fd/"};

    for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++) {
        for (int i = 0; i < 3; i++) {
            if (strcmp(path, names[fd][i]) == 0) {
                return fd;
            }
        }
    }
    for (int i = 0; i < 2; i++) {
        size_t bytes = strlen(directories[i]);
        const char *digits = path + bytes;

        if (strncmp(path, directories[i], bytes) == 0 && *digits && strspn(digits, "0123456789") == strlen(digits)) {
            return (int)strtol(digits, NULL, 10);
        }
    }
    return -1;
}

int wk_descriptor_copy(int fd)
{
    int high = fcntl(fd, F_DUPFD_CLOEXEC, HIGH_FD);

    return high < 0 && errno == EINVAL ? fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1) : high; /* few descriptors are allowed */
}

int wk_descriptor_socket(int family)
{
    pthread_mutex_lock(&opening);
    int fd = move_up(socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    int saved = errno;
    pthread_mutex_unlock(&opening);
    errno = saved;
    return fd;
}

void wk_descriptor_fork_prepare(void)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += FORK_WAIT_NS;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    held = pthread_mutex_timedlock(&opening, &until) == 0;
}

void wk_descriptor_fork_parent(void)
{
    if (held) {
        pthread_mutex_unlock(&opening);
    }
}

void wk_descriptor_fork_child(void)
{
    if (held) {
        pthread_mutex_unlock(&opening);
    } else {
        pthread_mutex_init(&opening, NULL); /* its holder is a thread of the parent */
    }
}
