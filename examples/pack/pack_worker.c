/*
 * SPDX-License-Identifier: MIT
 * A worker: takes names from the queue and packs what they name. A file that cannot be packed is
 * reported and counted, and the others go on; a file that changes under our eyes never breaks the archive.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pack.h"

struct worker {
    struct pack_run *run;
    struct pack_member member;
    unsigned char chunk[PACK_CHUNK_BYTES];
};

static void fail(struct worker *worker, const char *name, const char *message)
{
    WICK_FAIL(message);
    pack_report_failure(&worker->run->totals, name, message);
}

/* Gives the bytes read: 0 at the end, -1 with errno. */
static ssize_t read_chunk(struct worker *worker, int fd, uint64_t wanted)
{
    size_t bytes = wanted < sizeof worker->chunk ? (size_t)wanted : sizeof worker->chunk;
    ssize_t got;
    WICK_SCOPE_STYLED("read", "io", 0x4080ff);

    do {
        got = read(fd, worker->chunk, bytes);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        WICK_FAIL(strerror(errno));
    } else {
        WICK_VALUE(got);
    }
    return got;
}

static void deflate_chunk(struct worker *worker, size_t bytes)
{
    WICK_SCOPE_STYLED("deflate", "cpu", 0xff8040);

    WICK_VALUE(bytes);
    pack_member_put(&worker->member, worker->chunk, bytes);
}

/* A part of the file is in the archive already: what is missing becomes zeros, as tar does it. */
static void put_zeros(struct worker *worker, uint64_t bytes)
{
    WICK_SCOPE("zeros instead of content");

    memset(worker->chunk, 0, sizeof worker->chunk);
    while (bytes && !atomic_load(&worker->run->archive.error)) {
        size_t now = bytes < sizeof worker->chunk ? (size_t)bytes : sizeof worker->chunk;
        pack_member_put(&worker->member, worker->chunk, now);
        bytes -= now;
    }
}

/* As many bytes as the file had when it was opened: a file that grows meanwhile has an end, too. */
static void pack_content(struct worker *worker, int fd, const struct pack_entry *entry)
{
    uint64_t size = (uint64_t)entry->stat->st_size, left = size;
    ssize_t got = 1;

    pack_tar_put_header(&worker->member, entry);
    while (left && !atomic_load(&worker->run->archive.error)) {
        got = read_chunk(worker, fd, left);
        if (got <= 0) {
            break;
        }
        deflate_chunk(worker, (size_t)got);
        left -= (uint64_t)got;
    }
    if (got <= 0) {
        fail(worker, entry->name, got < 0 ? strerror(errno) : "became shorter while it was read");
        if (pack_member_drop(&worker->member)) {
            return;
        }
        put_zeros(worker, left);
    } else {
        atomic_fetch_add(&worker->run->totals.files, 1);
    }
    pack_tar_put_padding(&worker->member, size);
    pack_member_end(&worker->member);
    atomic_fetch_add(&worker->run->totals.bytes_in, size - left);
    WICK_COUNTER_ADD("bytes in", size - left);
}

static void pack_file(struct worker *worker, const char *name)
{
    /* O_NONBLOCK: the name may have become a pipe since it was looked at. */
    int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, fd;
    struct stat stat;
    struct pack_entry entry = {.name = name, .stat = &stat};
    WICK_SCOPEF("file %s", name);

    fd = openat(worker->run->dir_fd, name, flags);
    if (fd < 0 || fstat(fd, &stat) < 0) {
        fail(worker, name, strerror(errno));
    } else if (!S_ISREG(stat.st_mode)) {
        fail(worker, name, "is no longer a regular file");
    } else if (pack_archive_is(&worker->run->archive, &stat)) {
        WICK_MARK("the archive itself is left out");
        atomic_fetch_add(&worker->run->totals.skipped, 1);
    } else {
        WICK_VALUE(stat.st_size);
        pack_content(worker, fd, &entry);
    }
    if (fd >= 0) {
        close(fd);
    }
}

static void pack_directory(struct worker *worker, const char *name, const struct stat *stat)
{
    struct pack_entry entry = {.name = name, .stat = stat};
    WICK_SCOPEF("directory entry %s", name);

    pack_tar_put_header(&worker->member, &entry);
    pack_member_end(&worker->member);
    atomic_fetch_add(&worker->run->totals.directories, 1);
}

static void pack_link(struct worker *worker, const char *name, const struct stat *stat)
{
    char target[PATH_MAX];
    struct pack_entry entry = {.name = name, .link = target, .stat = stat};
    ssize_t bytes = readlinkat(worker->run->dir_fd, name, target, sizeof target - 1);
    WICK_SCOPEF("link %s", name);

    if (bytes < 0) {
        fail(worker, name, strerror(errno));
        return;
    }
    target[bytes] = 0;
    pack_tar_put_header(&worker->member, &entry);
    pack_member_end(&worker->member);
    atomic_fetch_add(&worker->run->totals.links, 1);
}

static void pack_name(struct worker *worker, const char *name)
{
    struct stat stat;

    if (fstatat(worker->run->dir_fd, name, &stat, AT_SYMLINK_NOFOLLOW) < 0) {
        WICK_SCOPEF("vanished %s", name);
        fail(worker, name, strerror(errno));
    } else if (S_ISREG(stat.st_mode)) {
        pack_file(worker, name);
    } else if (S_ISDIR(stat.st_mode)) {
        pack_directory(worker, name, &stat);
    } else if (S_ISLNK(stat.st_mode)) {
        pack_link(worker, name, &stat);
    } else {
        WICK_MARKF("left out %s", name);
        atomic_fetch_add(&worker->run->totals.skipped, 1);
        fprintf(stderr, "pack: %s: left out (no file, directory or link)\n", name);
    }
}

static void work(struct worker *worker)
{
    char *name;
    WICK_THREAD_UNDER(worker->run->scope);
    WICK_SCOPE("worker");

    while ((name = pack_queue_pop(&worker->run->queue))) {
        pack_name(worker, name);
        free(name);
        if (atomic_load(&worker->run->archive.error)) {
            WICK_FAIL("the output has failed");
            pack_queue_cancel(&worker->run->queue); /* the walk stops, and so does every worker */
        }
    }
}

void *pack_worker_run(void *data)
{
    static atomic_int numbers;
    struct pack_run *run = data;
    struct worker *worker = malloc(sizeof *worker);
    char name[32];

    snprintf(name, sizeof name, "worker %d", atomic_fetch_add(&numbers, 1) + 1);
    wick_thread_name(name);
    if (!worker || pack_member_init(&worker->member, &run->archive, run->options.level) < 0) {
        atomic_store(&run->archive.error, ENOMEM);
        pack_queue_cancel(&run->queue);
    } else {
        worker->run = run;
        work(worker);
        pack_member_fini(&worker->member);
    }
    free(worker);
    return NULL;
}
