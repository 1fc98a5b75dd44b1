/*
 * SPDX-License-Identifier: MIT
 * The bytes of a log. See input.h.
 * Invariant: each failure is reported once, with the file's name and the cause.
 */
#include "input/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/messages.h"
#include "input/fractions.h"
#include "input/read_gzip.h"
#include "input/read_zstd.h"

#define COMPRESSED_BYTES (256u * 1024u)
#define LAST_BYTES 64u
#define PADDED_BYTES (128u * 1024u)
static const char goes_on[] = "wick goes on in the next file"; /* the last bookmark of a file before a rotation */

struct input {
    const struct settings *settings;
    const char *path;
    int fd;
    struct stat status;
    struct zstd_reader *zstd;
    struct gzip_reader *gzip;
    struct fractions fractions;
    char *padded;          /* read, and not padded yet; NULL: nothing is padded */
    char *compressed;      /* read ahead of the decompressor, or of the first look */
    size_t at, filled;
    char last[LAST_BYTES]; /* read last */
    bool ended, follow, broken;
};

static const unsigned char zstd_magic[4] = {0x28, 0xb5, 0x2f, 0xfd};
static const unsigned char gzip_magic[2] = {0x1f, 0x8b};

static long fill(struct input *input)
{
    for (;;) {
        ssize_t got = read(input->fd, input->compressed, COMPRESSED_BYTES);
        if (got >= 0) {
            input->at = 0;
            input->filled = (size_t)got;
            input->ended = got == 0;
            return got;
        }
        if (errno != EINTR) {
            tool_error(input->settings, "%s: cannot be read: %s", input->path, strerror(errno));
            return -1;
        }
    }
}

/* Find out what the file holds by its first bytes: its name may be wrong, and standard input has none. */
static bool look(struct input *input)
{
    if (fill(input) < 0) {
        return false;
    }
    if (input->filled >= 4 && memcmp(input->compressed, zstd_magic, 4) == 0) {
        input->zstd = zstd_reader_create();
        if (!input->zstd) {
            tool_error(input->settings,
                       "%s: compressed with zstd, which this wick was built without; `zstd -dc %s | wick ... -`",
                       input->path, input->path);
            return false;
        }
    } else if (input->filled >= 2 && memcmp(input->compressed, gzip_magic, 2) == 0) {
        input->gzip = gzip_reader_create();
        if (!input->gzip) {
            tool_error(input->settings,
                       "%s: compressed with gzip, which this wick was built without; `gzip -dc %s | wick ... -`",
                       input->path, input->path);
            return false;
        }
    } else if (input->filled >= 15 && memcmp(input->compressed, "SQLite format 3", 15) == 0) {
        tool_error(input->settings, "%s: a .cbin, Context's compiled log (SQLite): give the .ctxt that it was made of",
                   input->path);
        return false;
    } else if (S_ISREG(input->status.st_mode) && input->filled && input->compressed[0] >= '0' && input->compressed[0] <= '9') {
        input->fractions.width = fractions_width(input->fd, &input->status, input->path);
        input->padded = input->fractions.width ? malloc(PADDED_BYTES) : NULL;
    }
    return true;
}

struct input *input_open(const struct settings *settings, const char *path)
{
    struct input *input = calloc(1, sizeof *input);
    char *buffer = malloc(COMPRESSED_BYTES);
    if (!input || !buffer) {
        free(input);
        free(buffer);
        tool_error(settings, "out of memory");
        return NULL;
    }
    bool standard = strcmp(path, "-") == 0;
    *input = (struct input){.settings = settings, .path = standard ? "standard input" : path,
                            .compressed = buffer};
    input->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (input->fd < 0 || fstat(input->fd, &input->status) != 0) {
        tool_error(settings, "%s: %s", path, strerror(errno));
    } else if (S_ISDIR(input->status.st_mode)) {
        tool_error(settings, "%s: is a directory; give the log in it", path);
    } else if (standard && isatty(STDIN_FILENO)) {
        tool_error(settings, "standard input is the terminal; give a log, or pipe one in");
    } else if (look(input)) {
        return input;
    }
    input_close(input);
    return NULL;
}

static long read_packed(struct input *input, char *to, size_t bytes)
{
    const char *error = NULL;
    while (!input->broken) {
        const char *from = input->compressed + input->at;
        size_t left = input->filled - input->at;
        long got = input->gzip ? gzip_reader_read(input->gzip, &from, &left, to, bytes, &error)
                               : zstd_reader_read(input->zstd, &from, &left, to, bytes, &error);
        input->at = input->filled - left;
        if (got < 0) {
            /* The last frame of a killed program is torn: use the data before it. */
            tool_error(input->settings, "%s: the compressed data is broken here (%s); what came before is used",
                       input->path, error);
            input->broken = true;
            break;
        }
        if (got > 0) {
            return got;
        }
        if (left == 0) {
            if (fill(input) < 0) {
                return -1;
            }
            if (input->ended) {
                if (!input->follow && (input->gzip ? gzip_reader_is_inside(input->gzip) : zstd_reader_is_inside(input->zstd))) {
                    tool_error(input->settings, "%s: ends in the middle of its compressed data; what came"
                                                " before is used", input->path);
                }
                break;
            }
        }
    }
    return 0;
}

static long read_any(struct input *input, char *to, size_t bytes)
{
    if (input->zstd || input->gzip) {
        return read_packed(input, to, bytes);
    }
    if (input->at < input->filled) {
        size_t part = input->filled - input->at < bytes ? input->filled - input->at : bytes;
        memcpy(to, input->compressed + input->at, part);
        input->at += part;
        return (long)part;
    }
    for (;;) {
        ssize_t got = read(input->fd, to, bytes);
        if (got >= 0 || errno != EINTR) {
            if (got < 0) {
                tool_error(input->settings, "%s: cannot be read: %s", input->path, strerror(errno));
            }
            return got;
        }
    }
}

/* Fractions become at most six times as long: less than twice the bytes of a line. */
static long read_padded(struct input *input, char *to, size_t bytes)
{
    size_t part = bytes / 2 - 8 < PADDED_BYTES ? bytes / 2 - 8 : PADDED_BYTES;
    long got = read_any(input, input->padded, part);
    return got <= 0 ? got : (long)fractions_pad(&input->fractions, input->padded, (size_t)got, to);
}

long input_read(struct input *input, char *to, size_t bytes)
{
    long got = input->padded ? read_padded(input, to, bytes) : read_any(input, to, bytes);
    size_t keep = got < 0 ? 0 : (size_t)got < LAST_BYTES ? (size_t)got : LAST_BYTES;
    memmove(input->last, input->last + keep, LAST_BYTES - keep);
    if (keep) {
        memcpy(input->last + LAST_BYTES - keep, to + got - keep, keep);
    }
    return got;
}

bool input_goes_on(const struct input *input)
{
    char last[LAST_BYTES];
    int fd;
    uint64_t bytes;
    memcpy(last, input->last, LAST_BYTES);
    if (input_is_plain_file(input, &fd, &bytes) && bytes >= LAST_BYTES &&
        pread(fd, last, LAST_BYTES, (off_t)(bytes - LAST_BYTES)) != LAST_BYTES) {
        return false;
    }
    return memmem(last, LAST_BYTES, goes_on, sizeof goes_on - 1) != NULL;
}

bool input_is_plain_file(const struct input *input, int *fd, uint64_t *bytes)
{
    *fd = input->fd;
    *bytes = (uint64_t)input->status.st_size;
    return !input->zstd && !input->gzip && !input->padded && S_ISREG(input->status.st_mode);
}

void input_follow(struct input *input)
{
    input->follow = true;
}

bool input_is_wire(const struct input *input)
{
    return !input->zstd && !input->gzip && wick_wire_frame(input->compressed, input->filled, NULL) > 0;
}

void input_close(struct input *input)
{
    if (!input) {
        return;
    }
    if (input->zstd) {
        zstd_reader_destroy(input->zstd);
    }
    if (input->gzip) {
        gzip_reader_destroy(input->gzip);
    }
    if (input->fd > STDIN_FILENO) {
        close(input->fd);
    }
    free(input->padded);
    free(input->compressed);
    free(input);
}
