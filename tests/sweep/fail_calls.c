/*
 * SPDX-License-Identifier: MIT
 * Preloaded into a program under test: the n-th call of one kind that wick makes fails, or that one and all later.
 * A call is wick's when wick's code makes it, or a thread that wick has begun. It must not touch the program's own.
 * SWEEP_FAIL=KIND:ERRNO:N[+] (errno 0 of a write: a short one); SWEEP_COUNT: a file of two counters.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { RANGES = 8 };

static struct {
    char kind[16];
    int error;
    uint64_t from; /* 0: nothing fails, calls are counted */
    bool all;
    struct {
        uint64_t calls;
        uint64_t failed;
    } *counts;
    struct {
        uintptr_t start;
        uintptr_t end;
    } ranges[RANGES]; /* of wick's code; the first: of the dynamic loader's */
    int range_count;
} plan;

static __thread bool in_wick __attribute__((tls_model("initial-exec")));

static int note_code(struct dl_phdr_info *info, size_t size, void *user)
{
    (void)size;
    (void)user;
    bool loader = info->dlpi_addr == getauxval(AT_BASE);

    for (int i = 0; (loader || strstr(info->dlpi_name, "libwick")) && i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        int at = loader ? 0 : plan.range_count;

        if (part->p_type == PT_LOAD && part->p_flags & PF_X && at < RANGES) {
            plan.ranges[at].start = info->dlpi_addr + part->p_vaddr;
            plan.ranges[at].end = info->dlpi_addr + part->p_vaddr + part->p_memsz;
            plan.range_count += !loader;
        }
    }
    return 0;
}

__attribute__((constructor)) static void begin(void)
{
    const char *what = getenv("SWEEP_FAIL");
    const char *path = getenv("SWEEP_COUNT");
    int fd = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR) : -1;
    char plus = 0;
    unsigned long from = 0;

    if (fd < 0 || !what || sscanf(what, "%15[a-z]:%d:%lu%c", plan.kind, &plan.error, &from, &plus) < 3) {
        return;
    }
    plan.counts = (void *)syscall(SYS_mmap, NULL, sizeof *plan.counts, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    syscall(SYS_close, fd);
    plan.all = plus == '+';
    plan.from = from;
    plan.range_count = 1;
    dl_iterate_phdr(note_code, NULL);
}

static bool is_in(const void *caller, int range)
{
    return (uintptr_t)caller >= plan.ranges[range].start && (uintptr_t)caller < plan.ranges[range].end;
}

static bool is_wicks(const void *caller)
{
    bool found = in_wick;

    if (is_in(caller, 0)) { /* glibc 2.36 keeps its lock when memory ends inside dlopen: dlopen fails as a whole */
        return false;
    }
    for (int i = 1; i < plan.range_count && !found; i++) {
        found = is_in(caller, i);
    }
    return found;
}

static bool due(const char *kind, const void *caller)
{
    uint64_t number;

    if (!plan.range_count || strcmp(kind, plan.kind) != 0 || !is_wicks(caller)) {
        return false;
    }
    number = __atomic_add_fetch(&plan.counts->calls, 1, __ATOMIC_RELAXED); /* a count */
    if (!plan.from || number < plan.from || (number > plan.from && !plan.all)) {
        return false;
    }
    __atomic_add_fetch(&plan.counts->failed, 1, __ATOMIC_RELAXED); /* a count */
    errno = plan.error;
    return true;
}

static void *real_function(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

#define CALLER __builtin_return_address(0)

/* A function of libc's that fails with `bad`: FAILS(kind, type, name, (parameters), (arguments), bad) */
#define FAILS(kind, type, name, parameters, arguments, bad)                                        \
    type name parameters;                                                                          \
    type name parameters                                                                           \
    {                                                                                              \
        static type(*real) parameters;                                                             \
                                                                                                   \
        if (due(kind, CALLER))                                                                     \
            return bad;                                                                            \
        if (!real)                                                                                 \
            *(void **)&real = real_function(#name);                                                \
        return real arguments;                                                                     \
    }

/* ---- memory: libc's own names for its functions, since dlsym itself allocates ------------------------ */

void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *old, size_t bytes);
void *__libc_memalign(size_t alignment, size_t bytes);

void *malloc(size_t bytes)
{
    return due("alloc", CALLER) ? NULL : __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes)
{
    return due("alloc", CALLER) ? NULL : __libc_calloc(count, bytes);
}

void *realloc(void *old, size_t bytes)
{
    return due("alloc", CALLER) ? NULL : __libc_realloc(old, bytes);
}

void *aligned_alloc(size_t alignment, size_t bytes)
{
    return due("alloc", CALLER) ? NULL : __libc_memalign(alignment, bytes);
}

int posix_memalign(void **out, size_t alignment, size_t bytes)
{
    if (due("alloc", CALLER)) {
        return ENOMEM;
    }
    *out = __libc_memalign(alignment, bytes);
    return *out ? 0 : ENOMEM;
}

FAILS("alloc", void *, mmap, (void *at, size_t bytes, int access, int flags, int fd, off_t offset),
      (at, bytes, access, flags, fd, offset), MAP_FAILED)
FAILS("alloc", int, madvise, (void *at, size_t bytes, int advice), (at, bytes, advice), -1)
FAILS("alloc", char *, strdup, (const char *text), (text), NULL)
FAILS("alloc", ssize_t, getline, (char **line, size_t *bytes, FILE *file), (line, bytes, file), -1)

/* ---- opening --------------------------------------------------------------------------------- */

int open(const char *path, int flags, ...)
{
    static int (*real)(const char *, int, ...);
    mode_t mode = 0;
    va_list arguments;

    if (due("open", CALLER)) {
        return -1;
    }
    va_start(arguments, flags);
    if (flags & O_CREAT) {
        mode = va_arg(arguments, mode_t);
    }
    va_end(arguments);
    if (!real) {
        *(void **)&real = real_function("open");
    }
    return real(path, flags, mode);
}

FAILS("open", FILE *, fopen, (const char *path, const char *mode), (path, mode), NULL)
FAILS("open", int, socket, (int domain, int type, int protocol), (domain, type, protocol), -1)
FAILS("open", DIR *, opendir, (const char *path), (path), NULL)
FAILS("open", void *, dlopen, (const char *path, int flags), (path, flags), NULL)

/* ---- writing --------------------------------------------------------------------------------- */

ssize_t write(int fd, const void *data, size_t bytes)
{
    static ssize_t (*real)(int, const void *, size_t);

    if (!real) {
        *(void **)&real = real_function("write");
    }
    if (!due("write", CALLER)) {
        return real(fd, data, bytes);
    }
    return plan.error ? -1 : real(fd, data, bytes / 2);
}

ssize_t pwrite(int fd, const void *data, size_t bytes, off_t offset)
{
    static ssize_t (*real)(int, const void *, size_t, off_t);

    if (!real) {
        *(void **)&real = real_function("pwrite");
    }
    if (!due("write", CALLER)) {
        return real(fd, data, bytes, offset);
    }
    return plan.error ? -1 : real(fd, data, bytes / 2, offset);
}

/* ---- threads --------------------------------------------------------------------------------- */

struct start {
    void *(*function)(void *);
    void *argument;
};

static void *begin_in_wick(void *argument)
{
    struct start start = *(struct start *)argument;

    free(argument);
    in_wick = true;
    return start.function(start.argument);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*function)(void *), void *argument)
{
    static int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    struct start *start = is_wicks(CALLER) ? __libc_malloc(sizeof *start) : NULL;

    if (!real) {
        *(void **)&real = real_function("pthread_create");
    }
    if (due("thread", CALLER)) {
        free(start);
        return plan.error;
    }
    if (!start) {
        return real(thread, attributes, function, argument);
    }
    *start = (struct start){function, argument};
    return real(thread, attributes, begin_in_wick, start);
}

FAILS("thread", int, pthread_key_create, (pthread_key_t *key, void (*destroy)(void *)), (key, destroy), EAGAIN)
FAILS("thread", int, pthread_mutex_timedlock, (pthread_mutex_t *mutex, const struct timespec *until),
      (mutex, until), ETIMEDOUT)
FAILS("thread", int, pthread_setspecific, (pthread_key_t key, const void *value), (key, value), ENOMEM)

/* ---- what else can fail about files ------------------------------------------------------------------ */

int fcntl(int fd, int command, ...)
{
    static int (*real)(int, int, ...);
    va_list arguments;
    long argument;

    if (due("file", CALLER)) {
        return -1;
    }
    va_start(arguments, command);
    argument = va_arg(arguments, long);
    va_end(arguments);
    if (!real) {
        *(void **)&real = real_function("fcntl");
    }
    return real(fd, command, argument);
}

FAILS("file", int, connect, (int fd, const struct sockaddr *address, socklen_t bytes), (fd, address, bytes), -1)
FAILS("file", int, getsockopt, (int fd, int level, int name, void *value, socklen_t *bytes), (fd, level, name, value, bytes), -1)
FAILS("open", int, getaddrinfo, (const char *host, const char *port, const struct addrinfo *hints, struct addrinfo **all),
      (host, port, hints, all), EAI_MEMORY)
FAILS("file", int, poll, (struct pollfd *descriptors, nfds_t count, int timeout), (descriptors, count, timeout), -1)
FAILS("file", int, fstat, (int fd, struct stat *status), (fd, status), -1)
FAILS("file", int, stat, (const char *path, struct stat *status), (path, status), -1)
FAILS("file", int, ftruncate, (int fd, off_t bytes), (fd, bytes), -1)
FAILS("file", int, fallocate, (int fd, int mode, off_t at, off_t bytes), (fd, mode, at, bytes), -1)
FAILS("file", int, flock, (int fd, int how), (fd, how), -1)
FAILS("file", int, rename, (const char *from, const char *to), (from, to), -1)
FAILS("file", int, renameat2, (int from_fd, const char *from, int to_fd, const char *to, unsigned flags),
      (from_fd, from, to_fd, to, flags), -1)
FAILS("file", int, linkat, (int from_fd, const char *from, int to_fd, const char *to, int flags), (from_fd, from, to_fd, to, flags), -1)
FAILS("file", int, unlink, (const char *path), (path), -1)
FAILS("file", int, access, (const char *path, int mode), (path, mode), -1)
FAILS("file", ssize_t, read, (int fd, void *data, size_t bytes), (fd, data, bytes), -1)
FAILS("file", ssize_t, pread, (int fd, void *data, size_t bytes, off_t offset), (fd, data, bytes, offset), -1)
FAILS("file", ssize_t, readlink, (const char *path, char *out, size_t bytes), (path, out, bytes), -1)
FAILS("file", char *, getcwd, (char *out, size_t bytes), (out, bytes), NULL)
FAILS("file", int, gethostname, (char *out, size_t bytes), (out, bytes), -1)
FAILS("file", int, fclose, (FILE *file), (file), EOF)
FAILS("file", int, bind, (int fd, const struct sockaddr *address, socklen_t bytes), (fd, address, bytes), -1)
FAILS("file", int, listen, (int fd, int count), (fd, count), -1)
FAILS("file", int, getsockname, (int fd, struct sockaddr *address, socklen_t *bytes), (fd, address, bytes), -1)
FAILS("file", int, setsockopt, (int fd, int level, int name, const void *value, socklen_t bytes),
      (fd, level, name, value, bytes), -1)
FAILS("file", ssize_t, getrandom, (void *out, size_t bytes, unsigned flags), (out, bytes, flags), -1)
FAILS("file", int, nanosleep, (const struct timespec *time, struct timespec *left), (time, left), -1)
