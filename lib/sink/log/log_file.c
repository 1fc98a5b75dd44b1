/*
 * SPDX-License-Identifier: MIT
 * Log files. See log_file.h.
 */
#include "log_file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/descriptor.h"
#include "base/directory.h"
#include "log_exec.h"
#include "log_tail.h"

enum {
    OWNER_TRIES = 50,
    OWNER_WAIT_NS = 4000000,
    RETRY_MS = 100,
};

/* ---- names ----------------------------------------------------------------------------------- */

static bool ends_with(const char *text, const char *end)
{
    size_t text_bytes = strlen(text);
    size_t end_bytes = strlen(end);

    return text_bytes > end_bytes && strcmp(text + text_bytes - end_bytes, end) == 0;
}

static void split(struct wk_log_file *file)
{
    static const char *const known[] = {".ctxt.zst", ".ctxt", ".wick.zst", ".wick"};
    const char *suffix = "";

    for (size_t i = 0; i < sizeof known / sizeof known[0] && !suffix[0]; i++) {
        if (ends_with(file->path, known[i])) {
            suffix = known[i];
        }
    }
    snprintf(file->suffix, sizeof file->suffix, "%s", suffix);
    snprintf(file->stem, sizeof file->stem, "%.*s", (int)(strlen(file->path) - strlen(suffix)), file->path);
    file->compressed = ends_with(file->path, ".zst");
    file->wire = strncmp(suffix, ".wick", 5) == 0;
}

/* ---- opening --------------------------------------------------------------------------------- */

static int open_high(const char *path, int flags)
{
    return wk_descriptor_open(path, flags | O_NOFOLLOW | O_NOCTTY);
}

static int create_high(const struct wk_log_file *file, int flags)
{
    return wk_descriptor_create(file->path, flags | O_NOFOLLOW | O_NOCTTY, file->mode);
}

/* What has been opened, and how it can be written. */
static int look_at_fd(struct wk_log_file *file)
{
    struct stat status;

    if (file->fd < 0 || fstat(file->fd, &status) != 0) {
        return -errno;
    }
    file->regular = S_ISREG(status.st_mode);
    file->device = status.st_dev;
    file->inode = status.st_ino;
    file->bytes = file->regular ? (uint64_t)status.st_size : 0;
    return 0;
}

static int open_fd(struct wk_log_file *file)
{
    struct stat status;

    /* A named pipe is opened for reading, too: opening it for writing alone would wait for a reader. */
    bool pipe = stat(file->path, &status) == 0 && S_ISFIFO(status.st_mode);

    file->fd = create_high(file, pipe ? O_RDWR : O_RDWR | O_APPEND);
    if (file->fd < 0 && (errno == EACCES || errno == EPERM)) { /* may be writable only */
        file->fd = create_high(file, O_WRONLY | O_APPEND);
    }
    int rc = look_at_fd(file);
    file->direct_fd = rc == 0 && file->regular && !file->compressed ? open_high(file->path, O_WRONLY | O_DIRECT) : -1;
    return rc;
}

static void close_fds(struct wk_log_file *file)
{
    if (file->fd >= 0) {
        close(file->fd);
    }
    if (file->direct_fd >= 0) {
        close(file->direct_fd);
    }
    file->fd = file->direct_fd = -1;
}

/* For names that no other process uses. False: there is such a file, or the file system cannot do it. */
static bool open_unnamed(struct wk_log_file *file)
{
    char text[PATH_MAX];
    struct stat status;

    if (lstat(file->path, &status) == 0 || errno != ENOENT) {
        return false;
    }
    snprintf(text, sizeof text, "%.*s", (int)(strrchr(file->path, '/') + 1 - file->path), file->path);
    file->fd = wk_descriptor_create_unnamed(text, file->mode);
    snprintf(text, sizeof text, "/proc/self/fd/%d", file->fd);
    if (look_at_fd(file) != 0 || stat(text, &status) != 0) { /* without /proc it would never get a name */
        close_fds(file);
        return false;
    }
    file->direct_fd = file->compressed ? -1 : wk_descriptor_open(text, O_WRONLY | O_DIRECT);
    file->unnamed = true;
    return true;
}

static int give_name(struct wk_log_file *file)
{
    char text[64];

    snprintf(text, sizeof text, "/proc/self/fd/%d", file->fd);
    file->unnamed = false;
    return linkat(AT_FDCWD, text, AT_FDCWD, file->path, AT_SYMLINK_FOLLOW) == 0 ? 0 : -errno;
}

static void read_owner(struct wk_log_file *file)
{
    snprintf(file->owner, sizeof file->owner, "- - -");
    /* The owner may have begun just now: it writes its first line with its first tick. */
    for (int tries = 0; tries < OWNER_TRIES && !file->compressed; tries++) {
        if (wk_log_tail_owner(file->fd, file->wire, file->owner, sizeof file->owner)) {
            return;
        }
        wk_clock_sleep(OWNER_WAIT_NS);
    }
}

/* Cut off a torn end; returns the time of the log's last line (0: empty; INT64_MAX: must not be appended to). */
static int64_t prepare_append(struct wk_log_file *file)
{
    int64_t end_ns;
    uint64_t whole = wk_log_tail_end(file->fd, file->wire, file->bytes, &end_ns);

    if (end_ns == INT64_MAX || whole == file->bytes) {
        return end_ns;
    }
    file->bytes = whole;
    return ftruncate(file->fd, (off_t)whole) == 0 ? end_ns : INT64_MAX;
}

/* 0, or -EWOULDBLOCK when another live process holds the lock. A file system without locks counts as locked. */
static int lock_file(const struct wk_log_file *file)
{
    if (!file->regular || flock(file->fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) {
        return 0;
    }
    return -EWOULDBLOCK;
}

/* Open NAME.<pid>.SUFFIX instead. */
static int open_beside(struct wk_log_file *file, uint32_t pid)
{
    close_fds(file);
    if (snprintf(file->path, sizeof file->path, "%s.%u%s", file->stem, pid, file->suffix) >= (int)sizeof file->path) {
        return -ENAMETOOLONG;
    }
    split(file);
    int rc = open_unnamed(file) ? 0 : open_fd(file);
    return rc == 0 ? lock_file(file) : rc;
}

/* Did this process write the log before an exec? Then it must be kept. Asked once, since later runs of one program
 * begin their log anew. */
static bool before_exec(struct wk_log_file *file, uint32_t pid)
{
    if (!file->regular || file->bytes == 0 || file->compressed ||
        !wk_log_tail_owner(file->fd, file->wire, file->owner, sizeof file->owner)) {
        return false;
    }
    if (wk_log_before_exec(file->owner, pid)) {
        return true;
    }
    file->owner[0] = 0;
    return false;
}

/* Write where the program's own descriptor writes: nothing is cut, locked or renamed there, and no text lies beside. */
static int open_named(struct wk_log_file *file, const struct wk_log_open *how, int fd)
{
    struct stat status;

    snprintf(file->path, sizeof file->path, "%s", how->pattern);
    if (how->beside) {
        return -EBUSY; /* the parent writes there */
    }
    file->fd = wk_descriptor_copy(fd);
    if (file->fd < 0 || fstat(file->fd, &status) != 0) {
        return -errno;
    }
    file->named = true;
    file->device = status.st_dev;
    file->inode = status.st_ino;
    return 0;
}

static int open_path(struct wk_log_file *file, const struct wk_log_open *how)
{
    bool has_pid = strstr(how->pattern, "%p") != NULL;
    const struct wk_output output = {how->pattern, how->host, how->pid};
    int rc = wk_directory_expand(file->path, sizeof file->path, &output) ? 0 : -ENAMETOOLONG;
    split(file);

    if (rc == 0 && how->beside && !has_pid) {
        return open_beside(file, how->pid);
    }
    return rc != 0 || (has_pid && open_unnamed(file)) ? rc : open_fd(file);
}

int wk_log_file_open(struct wk_log_file *file, const struct wk_log_open *how, char *why, size_t why_bytes)
{
    static bool opened; /* by this program, before; used by the drain thread only */

    *file = (struct wk_log_file){.fd = -1, .direct_fd = -1, .mode = how->mode, .first_rotated = 1, .next_rotated = 1};
    int fd = wk_descriptor_named(how->pattern);
    int rc = fd >= 0 ? open_named(file, how, fd) : open_path(file, how);

    if (rc == 0 && lock_file(file) != 0) {
        read_owner(file);
        rc = open_beside(file, how->pid);
    }
    while (rc == 0 && !opened && !how->append && before_exec(file, how->pid)) {
        rc = open_beside(file, how->pid);
    }
    opened = true;
    if (rc == 0 && file->regular && how->append && !file->compressed) {
        if (prepare_append(file) > how->start_ns) {
            rc = open_beside(file, how->pid);
        }
    } else if (rc == 0 && file->regular && !how->append) {
        file->stale = file->bytes > 0;
        file->bytes = 0;
    }
    if (rc != 0) {
        snprintf(why, why_bytes, "%.600s: %s", file->path[0] ? file->path : how->pattern, strerror(-rc));
        wk_log_file_close(file);
    }
    return rc;
}

/* ---- writing --------------------------------------------------------------------------------- */

static bool same_file(int fd, const struct wk_log_file *file)
{
    struct stat status;

    return fstat(fd, &status) == 0 && status.st_dev == file->device && status.st_ino == file->inode;
}

/* Is the descriptor still the log's? A daemon closes all descriptors: then open the same file again. The host may
 * have reused the numbers for its own files, so they must not be closed here. */
static int check_fd(struct wk_log_file *file)
{
    if (same_file(file->fd, file)) {
        return 0;
    }
    if (file->unnamed) { /* nothing is in it yet */
        file->unnamed = false;
        return open_fd(file);
    }
    file->direct_fd = -1;
    file->fd = open_high(file->path, O_WRONLY | O_APPEND);
    if (file->fd < 0) {
        return -errno;
    }
    if (!same_file(file->fd, file)) {
        close(file->fd);
        file->fd = -1;
        return -ESTALE;
    }
    (void)lock_file(file); /* closing released the lock; at worst another process now writes to the same file */
    return 0;
}

/* After a failed write: cut the file back to the last whole line or frame of the `done` bytes written. A compressed
 * block is cut off as a whole. */
static void cut_back(struct wk_log_file *file, const char *data, size_t done)
{
    uint64_t end = file->bytes + done;
    struct stat status;

    file->bytes += file->compressed ? 0 : wk_log_tail_whole(data, done, file->wire);
    if (file->regular && fstat(file->fd, &status) == 0 && (uint64_t)status.st_size > end) {
        return; /* another process has written behind it */
    }
    if (file->regular && ftruncate(file->fd, (off_t)file->bytes) != 0) {
        file->regular = false; /* it stays torn; readers count the torn line */
    }
}

int wk_log_file_empty(struct wk_log_file *file)
{
    if (file->stale && ftruncate(file->fd, 0) != 0) {
        return -errno;
    }
    file->stale = false;
    return 0;
}

int wk_log_file_write(struct wk_log_file *file, const char *data, size_t bytes)
{
    size_t done = 0;
    int rc = check_fd(file);

    if (rc == 0) {
        rc = wk_log_file_empty(file);
    }
    while (rc == 0 && done < bytes) {
        ssize_t part = write(file->fd, data + done, bytes - done);

        if (part >= 0) {
            done += (size_t)part;
        } else if (errno == EAGAIN) { /* the program has made its own descriptor non-blocking */
            (void)poll(&(struct pollfd){.fd = file->fd, .events = POLLOUT}, 1, RETRY_MS);
        } else if (errno != EINTR) {
            rc = -errno;
        }
    }
    if (rc == 0 && file->unnamed && bytes) {
        rc = give_name(file);
    }
    if (rc == 0) {
        file->bytes += bytes;
    } else if (file->fd >= 0) {
        cut_back(file, data, done);
    }
    return rc;
}

/* Write the rest through the page cache after `done` bytes that bypassed it; on failure cut back over all of `data`. */
static int write_rest(struct wk_log_file *file, const char *data, size_t bytes, size_t done)
{
    uint64_t start = file->bytes;

    file->bytes += done;
    int rc = wk_log_file_write(file, data + done, bytes - done);
    if (rc != 0 && file->bytes == start + done) {
        file->bytes = start;
        cut_back(file, data, done);
    }
    return rc;
}

bool wk_log_file_can_direct(const struct wk_log_file *file, const char *data, size_t bytes)
{
    struct stat status; /* at the end only: another process may have written behind us */

    return file->direct_fd >= 0 && !file->stale && !file->unnamed && bytes > 0 &&
           (((uintptr_t)data | bytes | file->bytes) & (WK_LOG_BLOCK_BYTES - 1)) == 0 &&
           fstat(file->direct_fd, &status) == 0 && (uint64_t)status.st_size == file->bytes;
}

int wk_log_file_write_direct(struct wk_log_file *file, const char *data, size_t bytes)
{
    size_t done = 0;

    if (!same_file(file->direct_fd, file)) {
        file->direct_fd = -1;
    }
    while (file->direct_fd >= 0 && done < bytes) {
        ssize_t part = pwrite(file->direct_fd, data + done, bytes - done, (off_t)(file->bytes + done));

        if (part > 0 && part % WK_LOG_BLOCK_BYTES == 0) {
            done += (size_t)part;
        } else if (part >= 0 || errno != EINTR) {
            /* A full disk, or a file system with other block sizes: fall back to the page cache. */
            close(file->direct_fd);
            file->direct_fd = -1;
        }
    }
    if (done < bytes) {
        if (ftruncate(file->fd, (off_t)(file->bytes + done)) != 0) {
            return -errno;
        }
        return write_rest(file, data, bytes, done);
    }
    file->bytes += bytes;
    return 0;
}

/* Rename to the next free number. Files of an earlier run are never overwritten and do not count against the limit. */
static int move_aside(struct wk_log_file *file)
{
    char name[PATH_MAX + 64];

    for (;;) {
        snprintf(name, sizeof name, "%s.%u%s", file->stem, file->next_rotated, file->suffix);
        if (renameat2(AT_FDCWD, file->path, AT_FDCWD, name, RENAME_NOREPLACE) == 0) {
            break;
        }
        if (errno == EINVAL || errno == ENOSYS) { /* the file system does not support the flag */
            if (access(name, F_OK) != 0 && rename(file->path, name) == 0) {
                break;
            }
            if (access(name, F_OK) != 0) {
                return -errno;
            }
        } else if (errno != EEXIST) {
            return -errno;
        }
        if (file->first_rotated == file->next_rotated) {
            file->first_rotated++;
        }
        file->next_rotated++;
    }
    file->rotated_bytes += file->bytes;
    file->next_rotated++;
    return 0;
}

int wk_log_file_rotate(struct wk_log_file *file, uint64_t total_bytes)
{
    char name[PATH_MAX + 64];
    uint64_t part_bytes = file->bytes; /* room for the next file, which will be as large */
    int rc = move_aside(file);

    if (rc != 0) {
        return rc;
    }
    close_fds(file);
    while (total_bytes && file->rotated_bytes + part_bytes > total_bytes && file->first_rotated + 1 < file->next_rotated) {
        struct stat status;

        snprintf(name, sizeof name, "%s.%u%s", file->stem, file->first_rotated++, file->suffix);
        if (stat(name, &status) == 0) {
            file->rotated_bytes -= (uint64_t)status.st_size < file->rotated_bytes ? (uint64_t)status.st_size
                                                                                : file->rotated_bytes;
            unlink(name);
        }
    }
    rc = open_fd(file);
    return rc == 0 ? lock_file(file) : rc;
}

bool wk_log_file_removed(const struct wk_log_file *file)
{
    struct stat status;

    return file->regular && !file->unnamed && same_file(file->fd, file) && fstat(file->fd, &status) == 0 && status.st_nlink == 0;
}

void wk_log_file_close(struct wk_log_file *file)
{
    close_fds(file);
}
