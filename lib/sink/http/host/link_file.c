/*
 * SPDX-License-Identifier: MIT
 * The file with the page's link. See link_file.h.
 */
#include "link_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/directory.h"
#include "base/error.h"

enum { LINK_BYTES = 420 };

static const int deadly[] = {SIGTERM, SIGINT, SIGHUP};
enum { DEADLY = sizeof deadly / sizeof deadly[0] };

/* The file; pid 0: none. A signal handler reads it: pid is written last, and cleared first. */
static struct {
    char path[PATH_MAX];
    struct stat status;
    volatile pid_t pid;
} written;

/* Safe in a signal handler. */
static void remove_written(void)
{
    struct stat status;

    if (written.pid == getpid() && lstat(written.path, &status) == 0 && status.st_dev == written.status.st_dev &&
        status.st_ino == written.status.st_ino && status.st_ctim.tv_sec == written.status.st_ctim.tv_sec &&
        status.st_ctim.tv_nsec == written.status.st_ctim.tv_nsec) { /* numbers of inodes are used again */
        (void)unlink(written.path);
    }
}

/* ---- signals --------------------------------------------------------------------------------- */

static void on_deadly(int number)
{
    int saved = errno;

    remove_written();
    (void)sigaction(number, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
    (void)raise(number); /* it ends the process when this handler returns */
    errno = saved;
}

/* Change the action of each signal whose action is `from`. */
static void change_actions(void (*from)(int), void (*to)(int))
{
    for (int i = 0; i < DEADLY; i++) {
        const struct sigaction action = {.sa_handler = to};
        struct sigaction now;

        if (sigaction(deadly[i], NULL, &now) == 0 && !(now.sa_flags & SA_SIGINFO) && now.sa_handler == from) {
            (void)sigaction(deadly[i], &action, NULL);
        }
    }
}

/* ---- the file -------------------------------------------------------------------------------- */

/* A link, and nothing else, in a file of ours that only we can read: one that a page left behind. */
static bool is_left_behind(const char *path)
{
    char text[LINK_BYTES + 1];
    struct stat status;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    ssize_t bytes = fd < 0 ? -1 : read(fd, text, LINK_BYTES);
    bool ours = bytes > 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & 0777) == 0600 &&
                status.st_uid == geteuid() && status.st_size == bytes && text[bytes - 1] == '\n';

    if (fd >= 0) {
        close(fd);
    }
    text[bytes > 0 ? bytes : 0] = 0;
    const char *token = ours && strncmp(text, "http://", 7) == 0 ? strstr(text, "/#t=") : NULL;
    return token && strcspn(text, "\n") == (size_t)bytes - 1;
}

static int write_to(int fd, const char *path, const char *link)
{
    char line[LINK_BYTES];
    int bytes = snprintf(line, sizeof line, "%s\n", link);

    if (write(fd, line, (size_t)bytes) != bytes) {
        return wk_error_set(WICK_E_IO, "the link (WICK_SERVE_LINK) cannot be written to %s: %s", path, strerror(errno));
    }
    return 0;
}

int wk_link_file_write(const char *name, const char *link)
{
    struct stat status;
    char path[sizeof written.path];

    if (wk_descriptor_named(name) >= 0) { /* nothing to be removed later */
        return write_to(wk_descriptor_named(name), name, link);
    }
    if (!wk_directory_path(path, sizeof path, name)) {
        return wk_error_set(WICK_E_CONFIG, "the link (WICK_SERVE_LINK): the path is too long");
    }
    if (lstat(path, &status) == 0) {
        if (!is_left_behind(path)) {
            return wk_error_set(WICK_E_IO, "the link (WICK_SERVE_LINK) cannot be written to %s: this file is not wick's", name);
        }
        (void)unlink(path);
    }
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        return wk_error_set(WICK_E_IO, "the link (WICK_SERVE_LINK) cannot be written to %s: %s", name, strerror(errno));
    }
    bool good = write_to(fd, name, link) == 0;
    good = lstat(path, &status) == 0 && good;
    close(fd);
    snprintf(written.path, sizeof written.path, "%s", path);
    written.status = status;
    written.pid = getpid();
    change_actions(SIG_DFL, on_deadly);
    if (!good) {
        wk_link_file_remove();
    }
    return good ? 0 : WICK_E_IO;
}

void wk_link_file_remove(void)
{
    remove_written();
    written.pid = 0;
    change_actions(on_deadly, SIG_DFL);
}
