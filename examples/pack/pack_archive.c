/*
 * SPDX-License-Identifier: MIT
 * The output file. It is written beside its place and renamed when it is whole, so that a full disk or
 * a crash never costs an older archive of that name. The first error is kept; nothing is written after it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pack.h"

static void say(const struct pack_archive *archive, const char *what, int error)
{
    fprintf(stderr, "pack: %s %s: %s\n", what, archive->part ? archive->part : archive->path,
            strerror(error));
}

int pack_archive_open(struct pack_archive *archive, const char *path)
{
    int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
    struct stat old;

    pthread_mutex_init(&archive->mutex, NULL);
    archive->path = path;
    archive->bytes = 0;
    atomic_init(&archive->error, 0);
    /* A device (/dev/null, a pipe) is written in place: there is nothing to rename. */
    if ((stat(path, &old) < 0 || S_ISREG(old.st_mode)) &&
        asprintf(&archive->part, "%s.%ld.part", path, (long)getpid()) < 0) {
        archive->part = NULL;
    }
    archive->fd = open(archive->part ? archive->part : path, flags, 0666);
    if (archive->fd >= 0 && fstat(archive->fd, &archive->id) == 0) {
        return 0;
    }
    say(archive, "cannot write", errno);
    pack_archive_discard(archive);
    return -1;
}

bool pack_archive_is(const struct pack_archive *archive, const struct stat *file)
{
    return file->st_dev == archive->id.st_dev && file->st_ino == archive->id.st_ino;
}

void pack_archive_write_locked(struct pack_archive *archive, const void *data, size_t bytes)
{
    const char *next = data;

    while (bytes && !atomic_load(&archive->error)) {
        ssize_t written = write(archive->fd, next, bytes);
        if (written < 0) {
            if (errno == EINTR) {
                continue;
            }
            WICK_FAIL(strerror(errno));
            atomic_store(&archive->error, errno);
            return;
        }
        archive->bytes += (uint64_t)written;
        next += written;
        bytes -= (size_t)written;
    }
}

void pack_archive_discard(struct pack_archive *archive)
{
    if (archive->fd >= 0) {
        close(archive->fd);
    }
    if (archive->part && archive->fd >= 0) {
        unlink(archive->part);
    }
    archive->fd = -1;
    free(archive->part);
    archive->part = NULL;
    pthread_mutex_destroy(&archive->mutex);
}

int pack_archive_close(struct pack_archive *archive)
{
    int error = atomic_load(&archive->error);
    WICK_SCOPE_STYLED("close and rename", "io", 0x4080ff);

    if (close(archive->fd) < 0 && !error) {
        error = errno;
    }
    archive->fd = -1;
    if (!error && archive->part && rename(archive->part, archive->path) < 0) {
        error = errno;
    }
    if (error) {
        say(archive, "no archive was made: cannot write", error);
        if (archive->part) {
            unlink(archive->part);
        }
    }
    pack_archive_discard(archive);
    return error ? -1 : 0;
}
