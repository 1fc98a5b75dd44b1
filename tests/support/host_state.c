/*
 * SPDX-License-Identifier: MIT
 * See host_state.h. Descriptors of 200 and more are left out: that is where wick keeps its own.
 */
#include "host_state.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

extern int wick_flush(uint32_t deadline_ms) __attribute__((weak));

enum { DESCRIPTORS = 200, SIGNALS = 64, LINE_BYTES = 4096 };

struct line {
    char text[LINE_BYTES];
    size_t used;
};

__attribute__((format(printf, 2, 3))) static void add(struct line *line, const char *format, ...)
{
    va_list args;
    int bytes;

    va_start(args, format);
    bytes = vsnprintf(line->text + line->used, sizeof line->text - line->used, format, args);
    va_end(args);
    if (bytes > 0) {
        line->used += (size_t)bytes;
    }
    if (line->used >= sizeof line->text) {
        line->used = sizeof line->text - 1;
    }
}

static void descriptors(struct line *line)
{
    int next = open("/dev/null", O_RDONLY | O_CLOEXEC);

    if (next >= 0) {
        close(next);
    }
    add(line, " fds");
    for (int fd = 0; fd < DESCRIPTORS; fd++) {
        struct stat status;

        if (fstat(fd, &status) == 0) {
            add(line, " %d:%o:%x", fd, (unsigned)(status.st_mode & S_IFMT) >> 12, (unsigned)fcntl(fd, F_GETFD));
        }
    }
    add(line, " next %d", next);
}

static void signal_set(struct line *line, const char *name, const sigset_t *set)
{
    add(line, " %s", name);
    for (int number = 1; number <= SIGNALS; number++) {
        if (sigismember(set, number) == 1) {
            add(line, " %d", number);
        }
    }
}

static void signals(struct line *line)
{
    sigset_t set;
    stack_t stack;

    pthread_sigmask(SIG_BLOCK, NULL, &set);
    signal_set(line, "blocked", &set);
    sigpending(&set);
    signal_set(line, "pending", &set);
    add(line, " actions");
    for (int number = 1; number <= SIGNALS; number++) {
        struct sigaction action;

        if (sigaction(number, NULL, &action) == 0 && action.sa_handler != SIG_DFL) {
            add(line, " %d:%s:%x", number, action.sa_handler == SIG_IGN ? "ignored" : "handled", (unsigned)action.sa_flags);
        }
    }
    if (sigaltstack(NULL, &stack) == 0) {
        add(line, " stack %d", stack.ss_flags);
    }
}

static void rest(struct line *line)
{
    struct itimerval timer = {{0, 0}, {0, 0}};
    mode_t mask = umask(0);
    int state;
    int type;

    umask(mask);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
    pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &type);
    pthread_setcanceltype(type, NULL);
    pthread_setcancelstate(state, NULL);
    getitimer(ITIMER_REAL, &timer);
    add(line, " cancel %d %d umask %o timer %d", state, type, (unsigned)mask,
        timer.it_value.tv_sec != 0 || timer.it_value.tv_usec != 0);
#if defined(__x86_64__)
    add(line, " float %x", __builtin_ia32_stmxcsr() & ~0x3fu); /* without the flags that arithmetic raises */
#endif
}

/* LeakSanitizer cannot look at a forked child: it waits for threads that only the parent has. */
static pid_t first_process;

__attribute__((constructor)) static void at_start(void)
{
    first_process = getpid();
}

int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
    return getpid() != first_process;
}

void host_state(const char *when)
{
    int saved = errno;
    struct line line = {.used = 0};

    if (wick_flush) {
        (void)!wick_flush(5000);
    }
    add(&line, "%s:", when);
    descriptors(&line);
    signals(&line);
    rest(&line);
    add(&line, "\n");
    (void)!write(STDOUT_FILENO, line.text, line.used);
    errno = saved;
}

__attribute__((destructor)) static void at_exit(void)
{
    host_state("host");
}
