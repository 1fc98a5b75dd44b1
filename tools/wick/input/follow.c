/*
 * SPDX-License-Identifier: MIT
 * A log that grows. See follow.h.
 * Invariant: each byte is read once and in order; a log that was replaced or truncated goes on in the same tree.
 */
#include "input/follow.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/messages.h"
#include "input/series.h"

#define BLOCK_BYTES (256u << 10)
#define GONE_POLLS 50 /* a second at the pace of tree --follow */
static const char closing[] = " BMARK - wick end\n";

int follow_begin(struct follow *f, const struct settings *settings, const char *path, const struct wick_record_out *out)
{
    *f = (struct follow){.settings = settings, .path = path, .fd = -1};
    f->block = malloc(BLOCK_BYTES);
    int rc = load_begin(&f->load, settings, out);
    return f->block ? rc : EXIT_USAGE;
}

void follow_end(struct follow *f)
{
    if (f->fd >= 0) {
        close(f->fd);
    }
    free(f->block);
    load_end(&f->load);
}

/* Is there another file of that name now, or none? */
static bool replaced(struct follow *f, bool *gone)
{
    struct stat now, ours;
    *gone = stat(f->path, &now) != 0;
    return *gone || fstat(f->fd, &ours) != 0 || now.st_ino != ours.st_ino || now.st_dev != ours.st_dev;
}

static void remember_tail(struct follow *f, const char *bytes, size_t count)
{
    size_t keep = sizeof closing - 1;
    if (count >= keep) { /* a wire ends with the text of the closing bookmark */
        f->finished = memcmp(bytes + count - keep, closing, keep) == 0 || memcmp(bytes + count - 8, "wick end", 8) == 0;
    }
}

static long read_more(struct follow *f)
{
    long all = 0;
    for (;;) {
        ssize_t got = read(f->fd, f->block, BLOCK_BYTES);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return got < 0 ? -1 : all;
        }
        if (!f->offset && got >= 4 && memcmp(f->block, "\x28\xb5\x2f\xfd", 4) == 0) {
            tool_error(f->settings, "%s: compressed; a growing log can be followed only uncompressed", f->path);
            return -1;
        }
        f->offset += (uint64_t)got;
        all += got;
        remember_tail(f, f->block, (size_t)got);
        if (wick_reader_feed(f->load.reader, f->block, (size_t)got) < 0) {
            tool_error(f->settings, "out of memory");
            return -1;
        }
        f->load.records = 1;
    }
}

static bool open_log(struct follow *f)
{
    f->fd = open(f->path, O_RDONLY | O_CLOEXEC);
    f->offset = 0;
    return f->fd >= 0;
}

/* Several files may have been begun and moved aside since the last poll: the one right behind ours. */
static bool open_next(struct follow *f)
{
    char name[4200], again[4200];
    int fd = -1;
    series_next_file(f->path, f->fd, name, sizeof name);
    for (bool moved = true; moved; snprintf(name, sizeof name, "%s", again)) {
        if (fd >= 0) {
            close(fd);
        }
        fd = open(name, O_RDONLY | O_CLOEXEC);
        series_next_file(f->path, f->fd, again, sizeof again);
        moved = strcmp(name, again) != 0; /* it was moved aside meanwhile */
    }
    if (fd < 0) {
        return errno == ENOENT;
    }
    close(f->fd);
    f->fd = fd;
    f->offset = 0;
    return true;
}

long follow_poll(struct follow *f)
{
    struct stat status;
    bool gone;
    if (f->fd < 0 && !open_log(f)) {
        return errno == ENOENT ? 0 : -1;
    }
    if (fstat(f->fd, &status) == 0 && S_ISREG(status.st_mode) && (uint64_t)status.st_size < f->offset) {
        tool_note("%s: was truncated: reading it again from its beginning", f->path);
        wick_reader_finish(f->load.reader);
        lseek(f->fd, 0, SEEK_SET);
        f->offset = 0;
    }
    long got = read_more(f);
    if (got == 0 && replaced(f, &gone)) {
        if (gone) { /* between two files of a rotation there is none for a moment */
            f->deleted = ++f->gone_polls >= GONE_POLLS;
            return 0;
        }
        f->gone_polls = 0;
        tool_note("%s: was replaced: going on with the new file", f->path);
        wick_reader_finish(f->load.reader);
        return open_next(f) ? read_more(f) : -1;
    }
    return got;
}
