/*
 * SPDX-License-Identifier: MIT
 * Reads an archive back: lists it, or verifies it whole (zlib checks the CRC-32 and the length of every
 * gzip member, we check every tar header and the end). It writes no file, so names are only shown.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pack.h"

enum { NAME_BYTES_MAX = 1 << 20 };

struct reader {
    const char *path;
    gzFile file;
    bool prints;
    uint64_t members, bytes;
    char *long_name; /* of the member that follows */
    unsigned char buffer[PACK_CHUNK_BYTES];
};

static int damaged(const struct reader *reader, const char *what)
{
    int code;
    const char *message = gzerror(reader->file, &code);

    if (code == Z_ERRNO) {
        message = strerror(errno);
    }
    fprintf(stderr, "pack: %s: damaged after %llu members (byte %lld of the archive): %s%s%s\n",
            reader->path, (unsigned long long)reader->members, (long long)gzoffset(reader->file),
            what, code < 0 ? ": " : "", code < 0 ? message : "");
    WICK_FAIL(what);
    return -1;
}

static int read_all(struct reader *reader, void *to, unsigned bytes)
{
    return gzread(reader->file, to, bytes) == (int)bytes ? 0 : damaged(reader, "the compressed data ends or is wrong here");
}

static uint64_t padded(uint64_t bytes)
{
    return (bytes + PACK_TAR_BLOCK - 1) / PACK_TAR_BLOCK * PACK_TAR_BLOCK;
}

static int read_content(struct reader *reader, uint64_t bytes)
{
    uint64_t left = padded(bytes);
    WICK_SCOPE("inflate");

    WICK_VALUE(bytes);
    while (left) {
        unsigned now = left < sizeof reader->buffer ? (unsigned)left : (unsigned)sizeof reader->buffer;
        if (read_all(reader, reader->buffer, now) < 0) {
            return -1;
        }
        left -= now;
    }
    return 0;
}

static int read_long_name(struct reader *reader, uint64_t bytes, bool keeps)
{
    char *name;

    if (!bytes || bytes > NAME_BYTES_MAX) {
        return damaged(reader, "a name is empty or longer than 1 MiB");
    }
    name = malloc(padded(bytes));
    if (!name) {
        return damaged(reader, "out of memory");
    }
    if (read_all(reader, name, (unsigned)padded(bytes)) < 0) {
        free(name);
        return -1;
    }
    name[bytes - 1] = 0;
    free(keeps ? reader->long_name : name);
    if (keeps) {
        reader->long_name = name;
    }
    return 0;
}

static void print_member(const char *name, unsigned char type, uint64_t bytes)
{
    printf("%c %12llu ", type == '5' ? 'd' : type == '2' ? 'l' : '-', (unsigned long long)bytes);
    for (; *name; name++) { /* a hostile name must not steer the terminal */
        putchar((unsigned char)*name < 0x20 || *name == 0x7f ? '?' : *name);
    }
    putchar('\n');
}

/* One header and what follows it. 1: the end of the archive, 0: go on, -1: damaged. */
static int read_member(struct reader *reader)
{
    static const unsigned char zeros[PACK_TAR_BLOCK];
    unsigned char block[PACK_TAR_BLOCK];
    char short_name[101] = "";
    const char *name = short_name;
    uint64_t bytes;

    if (read_all(reader, block, sizeof block) < 0) {
        return -1;
    }
    if (!memcmp(block, zeros, sizeof block)) {
        return read_all(reader, block, sizeof block) < 0 ? -1 : 1;
    }
    if (!pack_tar_checksum_is_right(block) || !pack_tar_parse_number(block + 124, 12, &bytes)) {
        return damaged(reader, "a header's check sum is wrong");
    }
    if (block[156] == 'L' || block[156] == 'K') {
        return read_long_name(reader, bytes, block[156] == 'L');
    }
    memcpy(short_name, block, 100);
    if (reader->long_name) {
        name = reader->long_name;
    }
    WICK_SCOPEF("member %s", name);
    if (reader->prints) {
        print_member(name, block[156], bytes);
    }
    if (read_content(reader, bytes) < 0) {
        return -1;
    }
    free(reader->long_name);
    reader->long_name = NULL;
    reader->members++;
    reader->bytes += bytes;
    return 0;
}

static int read_members(struct reader *reader)
{
    int result;

    do {
        result = read_member(reader);
    } while (result == 0);
    if (result == 1 && gzread(reader->file, reader->buffer, 1) != 0) {
        return damaged(reader, "something follows its end");
    }
    return result == 1 ? 0 : -1;
}

static int read_archive(const char *path, bool prints)
{
    struct reader *reader = calloc(1, sizeof *reader);
    int result = -1;
    WICK_SCOPEF("read %s", path);

    if (reader) {
        reader->file = gzopen(path, "rbe");
    }
    if (!reader || !reader->file) {
        fprintf(stderr, "pack: cannot read %s: %s\n", path, strerror(errno ? errno : ENOMEM));
        WICK_FAIL("cannot be read");
        free(reader);
        return PACK_NO_ARCHIVE;
    }
    reader->path = path;
    reader->prints = prints;
    if (gzdirect(reader->file)) {
        fprintf(stderr, "pack: %s: not an archive of pack (no gzip file)\n", path);
    } else {
        result = read_members(reader);
    }
    if (result == 0 && !prints) {
        printf("%s: %llu members, %llu bytes, every check sum is right\n", path,
               (unsigned long long)reader->members, (unsigned long long)reader->bytes);
    }
    gzclose(reader->file);
    free(reader->long_name);
    free(reader);
    return result == 0 ? PACK_FINE : PACK_INCOMPLETE;
}

int pack_list(const char *archive)
{
    return read_archive(archive, true);
}

int pack_test(const char *archive)
{
    return read_archive(archive, false);
}
