/*
 * SPDX-License-Identifier: MIT
 * Preloaded into a program: takes over libc's allocator, files and clock, as tracers and fake clocks do, and at its end tears down what
 * they need: a call that comes later ends the program. CLOCK_SHOWS: what the clock answers: fails, jumps, zero progress, negative.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *old, size_t bytes);
void __libc_free(void *memory);

static bool is_gone;
static char shows = 't'; /* first letter of what the clock answers: the truth */

__attribute__((constructor)) static void begin(void)
{
    const char *wish = getenv("CLOCK_SHOWS");

    shows = wish ? wish[0] : 't';
}

__attribute__((destructor)) static void end(void)
{
    is_gone = true;
}

static void check(void)
{
    if (is_gone) {
        abort();
    }
}

void *malloc(size_t bytes)
{
    check();
    return __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes)
{
    check();
    return __libc_calloc(count, bytes);
}

void *realloc(void *old, size_t bytes)
{
    check();
    return __libc_realloc(old, bytes);
}

void free(void *memory)
{
    check();
    __libc_free(memory);
}

ssize_t write(int fd, const void *bytes, size_t count)
{
    check();
    return syscall(SYS_write, fd, bytes, count);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at)
{
    check();
    return syscall(SYS_pwrite64, fd, bytes, count, at);
}

int open(const char *path, int flags, ...)
{
    va_list more;

    check();
    va_start(more, flags);
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, flags & O_CREAT ? va_arg(more, int) : 0);
    va_end(more);
    return fd;
}

int close(int fd)
{
    check();
    return (int)syscall(SYS_close, fd);
}

int ftruncate(int fd, off_t bytes)
{
    check();
    return (int)syscall(SYS_ftruncate, fd, bytes);
}

int nanosleep(const struct timespec *time, struct timespec *rest)
{
    check();
    return (int)syscall(SYS_nanosleep, time, rest);
}

/* A fake clock's times would be long gone, or far away. */
int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *until)
{
    (void)condition;
    (void)mutex;
    (void)until;
    check();
    return ETIMEDOUT;
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
    static unsigned calls;
    long rc = syscall(SYS_clock_gettime, clock, time);
    unsigned call = __atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED); /* a count */

    check();
    if (shows == 'f') {
        *time = (struct timespec){-1, 1 << 30};
        errno = EINVAL;
        return -1;
    }
    if (shows == 'j') {
        time->tv_sec += call % 3 == 0 ? 100000000 : call % 3 == 1 ? -100000000 : 0;
    } else if (shows == 'z') {
        *time = (struct timespec){1000000000, 0};
    } else if (shows == 'n') {
        *time = (struct timespec){-5 - (time_t)(call % 7), -3};
    }
    return (int)rc;
}
